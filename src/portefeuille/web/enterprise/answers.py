"""A draft's answers: kept as they were typed, and read as far as they can be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from portefeuille.applications.asked import Asked, Person
from portefeuille.core.identifiers import NotANumber, provider_number
from portefeuille.core.money import Money, NotAnAmount
from portefeuille.identity.roles import Actor
from portefeuille.providers import queries as providers
from portefeuille.web.ui.forms import BelgianDateField

Answers = Mapping[str, Any]

FIELDS = (
    "service",
    "nace",
    "name",
    "theme",
    "form",
    "support",
    "agreement_on",
    "starts_on",
    "ends_on",
    "amount",
    "vat",
    "provider_search",
    "provider",
)
MOST_PEOPLE = 50


def first_answers(actor: Actor, today: date) -> dict[str, Any]:
    """What is filled in before anybody types: yourself, and today."""
    return {"people": [[actor.name, "self_employed_or_manager"]], "agreement_on": today.isoformat()}


def posted(data: QueryDict) -> dict[str, Any]:
    """The answers in a form that was sent, as they were typed."""
    answers: dict[str, Any] = {name: data[name] for name in FIELDS if name in data}
    if "person_name" in data:
        rows = zip(data.getlist("person_name"), data.getlist("person_tie"), strict=False)
        answers["people"] = [[name, tie] for name, tie in rows if name.strip() or tie][:MOST_PEOPLE]
    return answers


def read(answers: Answers, *, today: date) -> Asked:
    """The answers as an application; whatever can't be read is still missing."""
    version, _, code = str(answers.get("nace", "")).partition(":")
    vat = str(answers.get("vat", ""))
    chosen = chosen_provider(answers)
    return Asked(
        service=answers.get("service", ""),
        nace_version=version if code else "",
        nace_code=code,
        name=answers.get("name", ""),
        theme=answers.get("theme", ""),
        form=answers.get("form", "") if answers.get("service") != "advice" else "",
        support=answers.get("support", ""),
        agreement_on=_day(answers.get("agreement_on")),
        starts_on=_day(answers.get("starts_on")),
        ends_on=_day(answers.get("ends_on")),
        amount=_amount(answers.get("amount")),
        vat_basis_points=int(vat) if vat.isdecimal() else None,
        vat_exempt=vat == "exempt",
        recognition_number=number_of(chosen, answers, today) if chosen else "",
        provider=chosen.id if chosen else None,
        people=tuple(Person(str(name), str(tie)) for name, tie in answers.get("people", ())),
        declared=answers.get("declared") == "on",
    )


def found_providers(answers: Answers) -> list[providers.ProviderFacts]:
    """Who the search finds."""
    return providers.find(str(answers.get("provider_search", "")))


def chosen_provider(answers: Answers) -> providers.ProviderFacts | None:
    """The provider that was picked from what the search found, or the only one that it found."""
    found = found_providers(answers)
    picked = [one for one in found if str(one.id) == str(answers.get("provider", ""))]
    if picked:
        return picked[0]
    return found[0] if len(found) == 1 else None


def number_of(chosen: providers.ProviderFacts, answers: Answers, today: date) -> str:
    """The number that was typed; by name, the provider's own number for this service."""
    try:
        return provider_number(str(answers.get("provider_search", "")))
    except NotANumber:
        pass
    service = str(answers.get("service", ""))
    fitting = chosen.recognition(service, today)
    if fitting is not None:
        return fitting.number
    return next((one.number for one in chosen.recognitions), "")


def _day(text: Any) -> date | None:
    try:
        return BelgianDateField().to_python(text)
    except ValidationError:  # what can't be read is missing; the form says how to write it
        return None


def _amount(text: Any) -> Money | None:
    try:
        return Money.parse(str(text)) if text else None
    except NotAnAmount:
        return None
