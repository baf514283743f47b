"""Keep what an enterprise tells about itself at its first sign-in, or later."""

from __future__ import annotations

import re
from datetime import date

from portefeuille.core.errors import Invalid
from portefeuille.core.identifiers import NotANumber
from portefeuille.core.identifiers import iban as checked_iban
from portefeuille.core.money import Money
from portefeuille.identity.models import EnterpriseProfile
from portefeuille.identity.roles import Actor, Role

SIZES = ("small", "medium", "large")


def save_profile(
    *,
    actor: Actor,
    enterprise: str,
    iban: str,
    email: str,
    size: str,
    turnover: Money,
    financial_year_starts: str = "01-01",
    financial_year_ends: str = "31-12",
) -> None:
    """Keep the profile of an enterprise; days of the financial year are ``dd-mm``.

    Raises NotAllowed, and Invalid with the field. Source: guide 4 (first sign-in).
    """
    if actor.role is not Role.SYSTEM:
        actor.must("save_profile", enterprise=enterprise)
    if size not in SIZES:
        raise Invalid("Kies of je onderneming klein, middelgroot of groot is.", field="size")
    if turnover < Money.ZERO:
        raise Invalid("De omzet kan niet lager zijn dan nul.", field="turnover")
    _may_change_account(actor, enterprise, checked := _account(iban))
    told = {
        "iban": checked,
        "email": email,
        "size": size,
        "turnover_cents": turnover.cents,
        "financial_year_starts": _day(financial_year_starts, "financial_year_starts"),
        "financial_year_ends": _day(financial_year_ends, "financial_year_ends"),
    }
    EnterpriseProfile.objects.update_or_create(enterprise_number=enterprise, defaults=told)


def _may_change_account(actor: Actor, enterprise: str, iban: str) -> None:
    """Refunds go to this account: changing it takes a surer sign-in than telling it the first time."""
    known = EnterpriseProfile.objects.filter(pk=enterprise).values_list("iban", flat=True).first()
    if actor.role is not Role.SYSTEM and known not in (None, iban):
        actor.must("change_account", enterprise=enterprise)


def _account(text: str) -> str:
    try:
        return checked_iban(text)
    except NotANumber:
        raise Invalid("Dit is geen geldig rekeningnummer (IBAN). Kijk het na.", field="iban") from None


def _day(text: str, field: str) -> str:
    """``dd-mm`` of a day that exists in a leap year."""
    match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text)
    try:
        if match is None:
            raise ValueError(text)
        date(2024, int(match[2]), int(match[1]))
    except ValueError:
        raise Invalid("Vul een dag en een maand in, zoals 01-07.", field=field) from None
    return text
