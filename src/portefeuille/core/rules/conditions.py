"""The conditions of every regime, each written once.

A regime (``schemes/*/*.toml``) says which of these it applies, in which stage and on what source, and gives
the ``p_...`` figures. The functions are pure and total: integers and booleans in, a boolean out, no branch
that an engine over columns could not take. A missing input means "unknown" before the function runs.
"""

from __future__ import annotations

from portefeuille.core.rules.graph import rule
from portefeuille.core.rules.terms import Listing
from portefeuille.core.rules.words import contains, covers, no

# Who applies.


@rule()
def runs_an_enterprise(enterprise_kind: int, p_kinds_accepted: int) -> bool:
    """The applicant is self-employed or a company, not an employee or a private person."""
    return contains(p_kinds_accepted, enterprise_kind)


@rule()
def active_in_register(is_active: bool) -> bool:
    """The enterprise has a number in the KBO that is active."""
    return is_active


@rule()
def small_or_medium(size: int, p_sizes_accepted: int) -> bool:
    """The enterprise is of a size that the scheme is for."""
    return contains(p_sizes_accepted, size)


@rule()
def region_served(seat_region: int, p_regions_served: int) -> bool:
    """The seat is where the scheme applies, or where the office may find that it does."""
    return contains(p_regions_served, seat_region)


@rule(when=("seat_in_brussels",), office_looks=True)
def brussels_works_in_flanders(flemish_establishment: bool, participants_in_flanders: bool) -> bool:
    """With a seat in Brussels: an establishment and every participant are in the Flemish Region."""
    return flemish_establishment & participants_in_flanders


@rule()
def establishment_in_flanders(flemish_establishment: bool) -> bool:
    """There is an operating site in the Flemish Region; where the seat is does not matter."""
    return flemish_establishment


@rule()
def people_work_in_flanders(participants_in_flanders: bool) -> bool:
    """Every participant works at a site in the Flemish Region."""
    return participants_in_flanders


@rule(when=("is_company", "legal_form_counts"))
def legal_form_not_refused(p_legal_form_listing: int) -> bool:
    """The legal form is not one that the scheme refuses."""
    return p_legal_form_listing != Listing.REFUSED


@rule(when=("is_company", "legal_form_counts"), office_looks=True)
def legal_form_listed(p_legal_form_listing: int) -> bool:
    """The legal form is one that the sources name; the office looks at any other."""
    return p_legal_form_listing != Listing.REVIEW


@rule(when=("is_company",))
def privately_held(public_share: int, p_public_share_below: int) -> bool:
    """Public administrations hold less than that share."""
    return public_share < p_public_share_below


# The annex is written in NACE-BEL 2008. Of a code of 2025 it says neither yes nor no, and no official conversion
# gives one code for one: the office looks.


@rule(when=("activity_in_list_version",))
def activity_not_excluded(p_activity_listing: int) -> bool:
    """The activity is not one that the sources exclude."""
    return p_activity_listing != Listing.REFUSED


@rule(when=("activity_not_ruled_out",), office_looks=True)
def activity_on_list(p_activity_listing: int) -> bool:
    """The activity is one that the sources name as accepted; the office looks at any other in the official
    annex.
    """
    return p_activity_listing == Listing.ACCEPTED


# When.


@rule()
def applied_in_time(applied_on: int, last_day_to_apply: int) -> bool:
    """The application is in before the start of the service or at most that many calendar days after it."""
    return applied_on <= last_day_to_apply


@rule()
def agreed_in_time(agreement_on: int, last_day_to_apply: int) -> bool:
    """The agreement or enrolment may lie after the start, within the same days."""
    return agreement_on <= last_day_to_apply


@rule()
def agreed_before_applying(agreement_on: int, applied_on: int) -> bool:
    """There is an enrolment or a signed agreement when the application is made."""
    return agreement_on <= applied_on


@rule()
def ends_in_time(ends_on: int, last_day_of_service: int) -> bool:
    """The service ends on 31 December of a following year at the latest."""
    return ends_on <= last_day_of_service


@rule()
def year_is_open(use_history: int, p_years_of_use: int) -> bool:
    """The years just before the application were not all years of use (bit 0 of the history is the year
    before).
    """
    return no(covers(use_history, (1 << p_years_of_use) - 1))


# What.


@rule()
def amount_reaches_minimum(amount: int, p_minimum_amount: int) -> bool:
    """The price excluding VAT is at least the minimum for the service."""
    return amount >= p_minimum_amount


@rule(when=("is_training",))
def not_online(form: int, p_forms_accepted: int) -> bool:
    """A training is given in a form that the scheme pays for."""
    return contains(p_forms_accepted, form)


@rule()
def activity_is_registered(activity_registered: bool) -> bool:
    """The activity chosen is one of those registered for the enterprise."""
    return activity_registered


@rule(when=("is_training",))
def training_supports_activity(supports_activity: bool) -> bool:
    """The training supports the registered activity: the applicant's own statement."""
    return supports_activity


@rule(when=("is_advice",))
def advice_concerns_enterprise(concerns_enterprise: bool) -> bool:
    """The advice directly concerns the enterprise: the applicant's own statement."""
    return concerns_enterprise


@rule()
def theme_accepted(theme: int, p_themes_accepted: int) -> bool:
    """The theme is on the list for the service."""
    return contains(p_themes_accepted, theme)


@rule(when=("is_job_specific",))
def job_training_listed(is_listed_job_training: bool) -> bool:
    """A training for job-specific skills meets one of the criteria of the list."""
    return is_listed_job_training


@rule()
def subject_not_excluded(subject: int, p_subjects_excluded: int) -> bool:
    """The subject is not excluded by name."""
    return no(contains(p_subjects_excluded, subject))


@rule()
def participants_tied(participant_ties: int, p_ties_accepted: int) -> bool:
    """Every participant, or the person whom the advice is for, works in the enterprise."""
    return covers(p_ties_accepted, participant_ties)


# From whom.


@rule()
def number_fits_service(number_service: int, service: int) -> bool:
    """The recognition number given is one for the service asked (DV.O for training, DV.A for advice)."""
    return number_service == service


@rule()
def provider_recognised(applied_on: int, recognised_from: int, recognised_to: int) -> bool:
    """The provider is recognised for that very service that day, first and last day included."""
    return (recognised_from <= applied_on) & (applied_on <= recognised_to)


@rule()
def provider_unrelated(is_related_party: bool) -> bool:
    """Enterprise and provider are not related."""
    return no(is_related_party)


# How much.


@rule()
def ceiling_has_room(room: int) -> bool:
    """Something is left of the enterprise's ceiling of this calendar year."""
    return room > 0


# Delivery and closing: shown as still to prove when an application is decided, judged when their time comes.


@rule(when=("is_training",))
def attended_enough(hours_followed: int, hours_given: int, p_attendance_rate: int) -> bool:
    """A participant provably followed at least that part of the hours (any unit, the same for both)."""
    return hours_followed * 10_000 >= hours_given * p_attendance_rate


@rule(when=("is_training",))
def attendance_signed(signed_list_kept: bool) -> bool:
    """There is an attendance list signed at each lesson."""
    return signed_list_kept


@rule()
def deposited_in_time(deposited_on: int, deposit_asked_on: int, p_deposit_term_days: int) -> bool:
    """The own share is on the account within the term, in calendar days from the day it was asked."""
    return deposited_on <= deposit_asked_on + p_deposit_term_days


@rule()
def provider_paid_in_full(paid_to_provider: int, amount: int) -> bool:
    """The whole amount excluding VAT went to the provider."""
    return paid_to_provider >= amount


@rule()
def paid_before_last_day(paid_on: int, last_day_to_pay: int) -> bool:
    """The provider is paid on 31 December of a following year at the latest."""
    return paid_on <= last_day_to_pay
