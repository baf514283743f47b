"""Counting attempts: who tried too often, and from where. In the database, so that every process counts the same.

After each fifth wrong code in a row a means locks: half an hour the first time, a day each next time. A right code,
or a release by somebody who may, starts the count anew. Codes that are tried while a means is locked are not looked
at, and make it no worse. Whoever does not exist locks just as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portefeuille.core.errors import NotAllowed
from portefeuille.database import locks
from portefeuille.database.sealing import keyed_hash
from portefeuille.signin.models import Attempt

# Our reading: no source says how many or how long.
WRONG_IN_A_ROW = 5
FIRST_LOCK, NEXT_LOCK = timedelta(minutes=30), timedelta(days=1)
FROM_ONE_ADDRESS, ADDRESS_WINDOW = 20, timedelta(minutes=15)


class LockedOut(NotAllowed):
    """Too many wrong attempts. ``until`` is when the next one is looked at."""

    def __init__(self, sentence: str, *, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until


class WrongCode(NotAllowed):
    """The code is not the one that was asked, or there is nobody to ask it of. ``left``: so many before a lock."""

    def __init__(self, sentence: str, *, left: int) -> None:
        super().__init__(sentence)
        self.left = left


@dataclass(frozen=True, slots=True)
class Try:
    """Somebody who tries to sign in: with which means, named by a national number's hash, from which address."""

    means: str
    who: str
    source: str


def source_of(address: str) -> str:
    """The keyed hash of a network address."""
    return keyed_hash("source-address", address)


def one_at_a_time(trying: Try) -> None:
    """Within a transaction: attempts on one person wait for each other, so that none escapes the count."""
    locks.one_at_a_time(f"{trying.means}:{trying.who}")


def note(trying: Try, outcome: str, *, at: datetime, person: int | None = None) -> None:
    """Write an attempt down."""
    Attempt.objects.create(
        at=at, means=trying.means, who=trying.who, person_id=person, source=trying.source, outcome=outcome
    )


def locked_until(trying: Try, *, at: datetime) -> datetime | None:
    """When the next attempt is looked at; None when that is now."""
    times = [
        moment for moment in (_person_until(trying), _address_until(trying, at)) if moment and moment > at
    ]
    return max(times, default=None)


def left_before_lock(trying: Try) -> int:
    """How many wrong attempts may still follow."""
    return WRONG_IN_A_ROW - len(_wrong_in_a_row(trying)) % WRONG_IN_A_ROW


def _person_until(trying: Try) -> datetime | None:
    wrong = _wrong_in_a_row(trying)
    if not wrong or len(wrong) % WRONG_IN_A_ROW:
        return None
    return wrong[0] + (FIRST_LOCK if len(wrong) == WRONG_IN_A_ROW else NEXT_LOCK)


def _wrong_in_a_row(trying: Try) -> list[datetime]:
    """When each wrong attempt since the last right one was, newest first."""
    theirs = Attempt.objects.filter(who=trying.who, means=trying.means)
    last = (
        theirs.filter(outcome__in=("right", "released")).order_by("-id").values_list("id", flat=True).first()
    )
    wrong = theirs.filter(outcome="wrong", id__gt=last or 0)
    return list(wrong.order_by("-id").values_list("at", flat=True))


def _address_until(trying: Try, at: datetime) -> datetime | None:
    """An address from which many wrong attempts came waits until enough of them are a quarter of an hour old."""
    recent = Attempt.objects.filter(source=trying.source, outcome="wrong", at__gt=at - ADDRESS_WINDOW)
    times = list(recent.order_by("-at").values_list("at", flat=True)[:FROM_ONE_ADDRESS])
    return times[-1] + ADDRESS_WINDOW if len(times) == FROM_ONE_ADDRESS else None
