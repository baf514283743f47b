"""Keep what an enterprise tells about itself at its first sign-in, or later."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from portefeuille.core import enterprise_size
from portefeuille.core.enterprise_size import Figures, Related
from portefeuille.core.errors import Invalid
from portefeuille.core.identifiers import NotANumber
from portefeuille.core.identifiers import iban as checked_iban
from portefeuille.core.money import Money
from portefeuille.history.operations import record
from portefeuille.identity.mail_address import mail_address
from portefeuille.identity.models import EnterpriseProfile
from portefeuille.identity.roles import Actor, Role

SIZES = ("small", "medium", "large")


@dataclass(frozen=True, slots=True)
class Group:
    """What a size is proposed from: people and balance sheet total, and the enterprises tied to this one."""

    people_hundredths: int
    balance_total: Money
    related: Sequence[tuple[str, Related]] = ()

    def size(self, turnover: Money) -> enterprise_size.Size:
        """The size that these figures make, with the enterprise's own turnover."""
        own = Figures(self.people_hundredths, turnover, self.balance_total)
        return enterprise_size.size(own, [related for _name, related in self.related])


@transaction.atomic
def save_profile(
    *,
    actor: Actor,
    enterprise: str,
    iban: str,
    email: str,
    size: str,
    turnover: Money,
    turnover_is_expected: bool = False,
    group: Group | None = None,
    size_reason: str = "",
    financial_year_starts: str = "01-01",
    financial_year_ends: str = "31-12",
    at: datetime | None = None,
) -> None:
    """Keep the profile of an enterprise; days of the financial year are ``dd-mm``.

    ``turnover`` is last year's unless ``turnover_is_expected``. The size may differ from what the figures of ``group``
    make, with the reason. Only what the platform takes over has no ``at`` and leaves no trace in the history.
    Raises NotAllowed, and Invalid with the field. Source: guide 4 (first sign-in).
    """
    if actor.role is not Role.SYSTEM:
        actor.must("save_profile", enterprise=enterprise)
    EnterpriseProfile.objects.select_for_update().filter(pk=enterprise).first()
    _check(size, turnover, group, size_reason)
    _may_change_account(actor, enterprise, checked := _account(iban))
    told: dict[str, Any] = {
        "iban": checked,
        "email": mail_address(email),
        "size": size,
        "turnover_cents": turnover.cents,
        "turnover_is_expected": turnover_is_expected,
        "financial_year_starts": _day(financial_year_starts, "financial_year_starts"),
        "financial_year_ends": _day(financial_year_ends, "financial_year_ends"),
    }
    if group is not None:
        told |= _figures(group, size_reason)
    EnterpriseProfile.objects.update_or_create(
        enterprise_number=enterprise, defaults={**told, "saved_at": at}
    )
    if at is not None:
        _record(actor, enterprise, size, turnover, group, at)


def _check(size: str, turnover: Money, group: Group | None, reason: str) -> None:
    if size not in SIZES:
        raise Invalid("Kies of je onderneming klein, middelgroot of groot is.", field="size")
    if turnover < Money.ZERO:
        raise Invalid("De omzet kan niet lager zijn dan nul.", field="turnover")
    if group is None:
        return
    if group.people_hundredths < 0:
        raise Invalid("Het aantal werknemers kan niet lager zijn dan nul.", field="people")
    if group.balance_total < Money.ZERO:
        raise Invalid("Het balanstotaal kan niet lager zijn dan nul.", field="balance_total")
    if size != group.size(turnover) and not reason.strip():
        raise Invalid(
            "Je cijfers geven een andere grootte. Schrijf waarom je iets anders kiest.", field="size_reason"
        )


def _figures(group: Group, reason: str) -> dict[str, Any]:
    return {
        "people_hundredths": group.people_hundredths,
        "balance_total_cents": group.balance_total.cents,
        "related": [
            {
                "name": name,
                "tie": one.tie,
                "share": one.share,
                "people_hundredths": one.figures.people_hundredths,
                "turnover_cents": one.figures.turnover.cents,
                "balance_cents": one.figures.balance_total.cents,
            }
            for name, one in group.related
        ],
        "size_reason": reason.strip(),
    }


def _record(
    actor: Actor, enterprise: str, size: str, turnover: Money, group: Group | None, at: datetime
) -> None:
    """What was confirmed, and what the figures said: a size decides on the subsidy."""
    record(
        actor=actor,
        verb="save_profile",
        subject="enterprise",
        subject_id=int(enterprise),
        enterprise=enterprise,
        at=at,
        facts={"size": size, "proposed": group.size(turnover) if group else None},
    )


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
