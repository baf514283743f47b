"""The values that conditions and amounts are computed from, each written once (see ``conditions``).

Amounts are cents, days are ordinals. Rounding: a subsidy is rounded down to the cent and the own share is the
rest, so that both always sum to the amount.
"""

from __future__ import annotations

from portefeuille.core.rules.graph import quantity
from portefeuille.core.rules.terms import EnterpriseKind, Listing, Region, Service, Theme, Unit
from portefeuille.core.rules.words import greatest, least, nearest_share, no, share


@quantity(Unit.FLAG)
def is_training(service: int) -> bool:
    """A training is asked for."""
    return service == Service.TRAINING


@quantity(Unit.FLAG)
def is_advice(service: int) -> bool:
    """Advice is asked for."""
    return service == Service.ADVICE


@quantity(Unit.FLAG)
def is_company(enterprise_kind: int) -> bool:
    """The enterprise is a company, which has a legal form and shareholders."""
    return enterprise_kind == EnterpriseKind.COMPANY


@quantity(Unit.FLAG)
def legal_form_counts(p_legal_form_waived: bool) -> bool:
    """The legal form is not waived as a condition."""
    return no(p_legal_form_waived)


@quantity(Unit.FLAG)
def seat_in_brussels(seat_region: int) -> bool:
    """The seat is in the Brussels Region."""
    return seat_region == Region.BRUSSELS


@quantity(Unit.FLAG)
def activity_in_list_version(activity: str) -> bool:
    """The activity is given in NACE-BEL 2008, in which the list of activities is written: it begins with ``2008:``."""
    return (activity >= "2008:") & (activity < "2008;")


@quantity(Unit.FLAG)
def activity_not_ruled_out(activity_in_list_version: bool, p_activity_listing: int) -> bool:
    """The activity is not one that the list, in its own version, excludes."""
    return no(activity_in_list_version & (p_activity_listing == Listing.REFUSED))


@quantity(Unit.FLAG)
def is_job_specific(theme: int) -> bool:
    """The theme is job-specific skills."""
    return theme == Theme.JOB_SPECIFIC_SKILLS


@quantity(Unit.DAY)
def last_day_to_apply(starts_on: int, p_apply_after_start_days: int) -> int:
    """The last day on which an application is in time."""
    return starts_on + p_apply_after_start_days


@quantity(Unit.DAY)
def last_day_of_service(applied_year: int, p_service_ends_years_after: int) -> int:
    """31 December of the year that many years after the application."""
    return end_of_year(applied_year + p_service_ends_years_after)


@quantity(Unit.DAY)
def last_day_to_pay(applied_year: int, p_payment_last_day_years_after: int) -> int:
    """31 December of the year that many years after the application."""
    return end_of_year(applied_year + p_payment_last_day_years_after)


def end_of_year(year: int) -> int:
    """31 December as an ordinal: the days of all years so far, leap days counted (arithmetic, so it vectorises)."""
    return 365 * year + year // 4 - year // 100 + year // 400


@quantity(Unit.CENTS)
def room(granted_this_year: int, p_ceiling: int) -> int:
    """What is left of the ceiling of the calendar year."""
    return greatest(p_ceiling - granted_this_year, 0)


@quantity(Unit.CENTS)
def subsidy_at_rate(amount: int, p_subsidy_rate: int) -> int:
    """The subsidy at the regime's rate, before the ceiling."""
    return share(amount, p_subsidy_rate)


@quantity(Unit.CENTS)
def subsidy(subsidy_at_rate: int, room: int) -> int:
    """The subsidy: the rate's part of the amount, or the room left when that is less."""
    return least(subsidy_at_rate, room)


@quantity(Unit.CENTS)
def own_share(amount: int, subsidy: int) -> int:
    """What the enterprise deposits: the amount minus the subsidy."""
    return amount - subsidy


@quantity(Unit.CENTS)
def vat(amount: int, vat_rate: int) -> int:
    """The VAT that the enterprise pays straight to the provider, as an invoice would round it."""
    return nearest_share(amount, vat_rate)


@quantity(Unit.CENTS)
def payable_to_provider(amount: int, vat: int) -> int:
    """All that the provider receives: the amount through the wallet and the VAT directly."""
    return amount + vat
