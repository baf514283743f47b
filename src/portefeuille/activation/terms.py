"""How long codes last and how often they may be tried, and when somebody who begins today can apply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portefeuille.core.calendar import after_days, legal_day, start_of_day
from portefeuille.post.terms import card_expected, letter_expected

# All of these are our reading: the guide says how long the post takes, not how long a code lasts.
EMAIL_CODE_LASTS = timedelta(minutes=30)
LETTER_CODE_DAYS = 30
INVITATION_DAYS = 7

MOST_WRONG = 5

EMAIL_SIGNS, LETTER_SIGNS, INVITATION_SIGNS = 8, 12, 12

EMAIL_AGAIN_AFTER = timedelta(minutes=1)
MOST_EMAILS, EMAIL_ROUND = 5, timedelta(hours=24)

# A letter costs money, and a stranger's seat is not to be flooded.
LETTERS_ROUND = timedelta(days=30)
MOST_LETTERS_PER_PERSON = 5
MOST_LETTERS_PER_ENTERPRISE = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """When somebody who begins today can apply, by card and reader or by token, and what that means for a start."""

    letter_by_card: date
    token: date
    letter_by_token: date
    starts_on: date
    apply_until: date

    @property
    def card_is_late(self) -> bool:
        """Whether the letter may come only after the training began."""
        return self.letter_by_card > self.starts_on

    @property
    def token_is_late(self) -> bool:
        """The same for token and letter together."""
        return self.letter_by_token > self.starts_on

    @property
    def card_is_too_late(self) -> bool:
        """Whether even the days after the start, in which applying is allowed, are over by then."""
        return self.letter_by_card > self.apply_until

    @property
    def token_is_too_late(self) -> bool:
        """The same for token and letter together."""
        return self.letter_by_token > self.apply_until


def waiting(*, today: date, starts_on: date, apply_after_start_days: int) -> Waiting:
    """The latest days, when everything is asked today. The letter is asked with the token, so only after it."""
    token = card_expected(today)
    return Waiting(
        letter_by_card=letter_expected(today),
        token=token,
        letter_by_token=letter_expected(token),
        starts_on=starts_on,
        apply_until=after_days(starts_on, apply_after_start_days),
    )


def end_of_days(at: datetime, days: int) -> datetime:
    """The end, in Brussels, of the last day of a term of that many calendar days from today."""
    return start_of_day(after_days(legal_day(at), days + 1))


def last_day(expires_at: datetime) -> date:
    """The last day on which something works that works until this instant."""
    return legal_day(expires_at - timedelta(microseconds=1))


def minutes(term: timedelta) -> int:
    """Whole minutes, for a sentence."""
    return int(term.total_seconds()) // 60


def is_over(expires_at: datetime | None, at: datetime) -> bool:
    """Whether a code has expired."""
    return expires_at is None or at >= expires_at
