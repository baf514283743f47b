"""How long a recognition lasts, when its provider is reminded, and what may be handed in with a request."""

from __future__ import annotations

from datetime import date, timedelta

from portefeuille.core.calendar import after_years

# Source: vlaio.be/node/2826231 (2016-2017): the certificate holds five years from registration.
RECOGNITION_YEARS = 5
# Source: brandcompliance.be, "voor starters" (2024): two years after a first audit without experience and satisfaction,
# three more after the follow-up audit.
STARTER_YEARS = 2
AFTER_STARTER_YEARS = 3

# Source: vlaio.be, "aanstelling auditbureaus kmo-portefeuille 2024": appointed for five years from 1 February 2024.
AUDIT_BUREAUS = (
    "BQA",
    "Brand Compliance",
    "Bureau Veritas",
    "CertUp",
    "DNV",
    "Kiwa",
    "LRQA",
    "Vinçotte",
)

# All of these are our reading: no source says when a provider may ask to go on, or when somebody reminds her of it.
# An audit takes two days and must be planned, and the office takes four to six weeks.
RENEW_FROM_DAYS = 180
REMINDER_DAYS = (180, 90, 30)
TOLD_AFTER_END_DAYS = 30
MOST_AUDIT_AGE_DAYS = 365
MOST_DOCUMENT_BYTES = 10 * 1024 * 1024


def last_day(first: date, *, is_starter: bool) -> date:
    """Of a first recognition that begins on this day."""
    return after_years(first, STARTER_YEARS if is_starter else RECOGNITION_YEARS)


def renewed_until(valid_to: date, *, was_starter: bool) -> date:
    """Of a recognition that goes on the day after its last one."""
    years = AFTER_STARTER_YEARS if was_starter else RECOGNITION_YEARS
    return after_years(valid_to + timedelta(days=1), years)


def may_renew(valid_to: date | None, today: date) -> bool:
    """From half a year before the last day, and until it: what has ended is asked for anew, with a new number."""
    return valid_to is not None and valid_to - timedelta(days=RENEW_FROM_DAYS) <= today <= valid_to


def notice_due(valid_to: date, today: date) -> int | None:
    """The reminder that belongs to this day: so many days before the end, 0 after it.

    None when the end is far off, or so long ago that nobody needs to hear of it.
    """
    left = (valid_to - today).days
    if left < 0:
        return 0 if left >= -TOLD_AFTER_END_DAYS else None
    return min((days for days in REMINDER_DAYS if left <= days), default=None)
