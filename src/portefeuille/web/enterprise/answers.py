"""A draft's answers: kept as they were typed, and read as far as they can be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from portefeuille.applications.asked import LARGEST_AMOUNT, Asked, Person, knows
from portefeuille.core.identifiers import NotANumber, provider_number
from portefeuille.core.money import Money
from portefeuille.core.rules.terms import Choice, Form, Service, Theme, Tie
from portefeuille.identity.roles import Actor
from portefeuille.providers import queries as providers
from portefeuille.web.ui.forms import BelgianDateField, BelgianMoneyField
from portefeuille.web.ui.words import VAT_RATES

Answers = Mapping[str, Any]

LONGEST_CODE = 7  # digits of a NACE code
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
KEPT_PEOPLE = (
    500  # more than may be asked for, so that the form can say so; a bound on what one form can store
)


def first_answers(actor: Actor, today: date) -> dict[str, Any]:
    """What is filled in before anybody types: yourself, and today."""
    people = [[actor.name, "self_employed_or_manager"]]
    return {"people": people, "agreement_on": BelgianDateField().prepare_value(today)}


def posted(data: QueryDict) -> dict[str, Any]:
    """The answers in a form that was sent, as they were typed."""
    answers: dict[str, Any] = {name: data[name] for name in FIELDS if name in data}
    if "person_name" in data:
        rows = zip(data.getlist("person_name"), data.getlist("person_tie"), strict=False)
        left_out = data.get("weg", "")
        answers["people"] = [
            [name, tie]
            for place, (name, tie) in enumerate(rows)
            if (name.strip() or tie) and str(place) != left_out
        ][:KEPT_PEOPLE]
    if data.get("gebruik"):
        answers["provider_search"] = data["gebruik"]
    return answers


def read(answers: Answers, *, today: date) -> Asked:
    """The answers as an application; whatever can't be read is still missing."""
    version, _, code = str(answers.get("nace", "")).partition(":")
    vat = str(answers.get("vat", ""))
    chosen = chosen_provider(answers)
    is_advice = answers.get("service") == "advice"
    return Asked(
        service=_choice(Service, answers.get("service")),
        nace_version=version if code else "",
        nace_code=code if len(version) == 4 and len(code) <= LONGEST_CODE else "",
        name=" ".join(str(answers.get("name", "")).split()),
        theme=_choice(Theme, answers.get("theme")),
        form="" if is_advice else _choice(Form, answers.get("form")),
        support=str(answers.get("support", "")),
        agreement_on=_day(answers.get("agreement_on")),
        starts_on=_day(answers.get("starts_on")),
        ends_on=_day(answers.get("ends_on")),
        amount=_amount(answers.get("amount")),
        vat_basis_points=int(vat) if vat in VAT_RATES and vat != "exempt" else None,
        vat_exempt=vat == "exempt",
        recognition_number=number_of(chosen, answers, today) if chosen else "",
        provider=chosen.id if chosen else None,
        people=tuple(
            Person(" ".join(str(name).split()), _choice(Tie, tie)) for name, tie in answers.get("people", ())
        ),
        declared=answers.get("declared") == "on",
    )


def _choice(kind: type[Choice], typed: Any) -> str:
    """One of the choices that a form offers; anything else is no answer."""
    return typed if isinstance(typed, str) and knows(kind, typed) else ""


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
        amount: Money | None = BelgianMoneyField(required=False).clean(text)
    except ValidationError:
        return None
    return amount if amount is not None and amount <= LARGEST_AMOUNT else None
