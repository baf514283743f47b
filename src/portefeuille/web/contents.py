"""What an application asks for, in words, section by section as in the form; the same on every page that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from portefeuille.applications.asked import Asked, Person
from portefeuille.applications.queries import ApplicationView
from portefeuille.core.rules import Decision
from portefeuille.providers.queries import ProviderFacts
from portefeuille.register import queries as register
from portefeuille.web.ui.tags import day, euro
from portefeuille.web.ui.words import FORMS, SERVICES, THEMES, TIES, VAT_RATES


@dataclass(frozen=True, slots=True)
class Section:
    """One step of the form: its address, its title, and each answer beside its question; empty when not given."""

    step: str
    title: str
    pairs: list[tuple[str, object]]


def sections_of(
    one: Asked | ApplicationView, *, people: Iterable[Person], provider: ProviderFacts | None
) -> list[Section]:
    """All that was asked for."""
    return [
        Section("wat", _("Wat"), _what(one)),
        Section("wie-en-wanneer", _("Wie en wanneer"), _who_and_when(one, people)),
        Section("prijs", _("Prijs en dienstverlener"), _price(one, provider)),
    ]


def _what(one: Asked | ApplicationView) -> list[tuple[str, object]]:
    form = [(_("Hoe"), FORMS.get(one.form, ""))] if one.service == "training" else []
    return [
        (_("Type dienstverlening"), SERVICES.get(one.service, "")),
        (_("Naam"), one.name),
        (_("Thema"), THEMES.get(one.theme, "")),
        *form,
        (_("Activiteit (NACE)"), _activity(one)),
        (_("Hoe het de activiteit helpt"), one.support),
    ]


def _activity(one: Asked | ApplicationView) -> str:
    label = register.nace_label(one.nace_version, one.nace_code) if one.nace_code else None
    return f"{label} ({one.nace_code})" if label else one.nace_code


def _who_and_when(one: Asked | ApplicationView, people: Iterable[Person]) -> list[tuple[str, object]]:
    lines = [(f"{person.name} – {TIES[person.tie]}" if person.tie else person.name,) for person in people]
    return [
        (_("Voor wie"), format_html_join("\n", "<span class='line'>{}</span>", lines)),
        (_("Overeenkomst of inschrijving"), day(one.agreement_on)),
        (_("Van – tot"), _span(one.starts_on, one.ends_on)),
    ]


def _span(start: date | None, end: date | None) -> str:
    if start is None or end is None:
        return day(start or end)
    return day(start) if start == end else f"{day(start)} – {day(end)}"


def _price(one: Asked | ApplicationView, provider: ProviderFacts | None) -> list[tuple[str, object]]:
    return [
        (_("Bedrag zonder btw"), euro(one.amount) if one.amount else ""),
        (_("Btw"), _vat(one)),
        (_("Dienstverlener"), provider.display_name if provider else ""),
        *_legal_name(provider),
        (_("Erkenningsnummer"), one.recognition_number),
    ]


def _legal_name(provider: ProviderFacts | None) -> list[tuple[str, object]]:
    """Only where the provider is known by another name: on the bank account stands the legal one."""
    if provider is None or provider.legal_name == provider.display_name:
        return []
    return [(_("Naam van de onderneming"), provider.legal_name)]


def _vat(one: Asked | ApplicationView) -> str:
    if one.vat_exempt:
        return _("Geen: de dienstverlener rekent geen btw aan")
    if one.vat_basis_points is None:
        return ""
    rate = str(VAT_RATES[str(one.vat_basis_points)])
    return f"{euro(one.vat)} ({rate[0].lower()}{rate[1:]})" if one.amount else rate


def room_note(decision: Decision) -> str:
    """What we read in the scheme about a year's room that is too small for the whole subsidy; empty when it is not."""
    values = {one.quantity: one.value for one in decision.calculation}
    if values.get("subsidy") == values.get("subsidy_at_rate"):
        return ""
    return next((one.text for one in decision.our_reading if one.reading == "above_the_room"), "")
