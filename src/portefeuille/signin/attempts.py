"""Counting attempts: who tried too often, and from where. In the database, so that every process counts the same.

After each fifth wrong code in a row a means locks: half an hour the first time, a day each next time. A right code,
or a release by somebody who may, starts the count anew. Codes that are tried while a means is locked are not looked
at, and make it no worse. Whoever does not exist locks just as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

from portefeuille.core.errors import NotAllowed
from portefeuille.database import locks
from portefeuille.database.sealing import keyed_hash
from portefeuille.signin.models import Attempt

# Our reading: no source says how many or how long.
WRONG_IN_A_ROW = 5
FIRST_LOCK, NEXT_LOCK = timedelta(minutes=30), timedelta(days=1)
_OWN_BITS = 64  # of IPv6: within them its holder takes another address for each request
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
    """The keyed hash of a network address; of IPv6 the half that a household or a machine is given as a whole."""
    return keyed_hash("source-address", _network(address))


def _network(address: str) -> str:
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if isinstance(read, IPv4Address):
        return str(read)
    return str(read.ipv4_mapped or IPv6Network((read, _OWN_BITS), strict=False))


def one_at_a_time(trying: Try) -> None:
    """Within a transaction: attempts on one person, and from one address, wait for each other: none escapes the count.

    Always the person first, so that no two wait for each other for ever.
    """
    locks.one_at_a_time(f"{trying.means}:{trying.who}")
    if trying.source:
        locks.one_at_a_time(f"source:{trying.source}")


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
