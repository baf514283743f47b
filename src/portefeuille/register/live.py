"""The register at this moment: a look-up of one enterprise, through a port.

KBO Open Data is a day old and leaves out where natural persons live. Where a look-up is set up (``LIVE_REGISTER``),
what it says counts; when it can't be reached, what depends on it is unknown. An installation without one isn't asked.

``LIVE_REGISTER`` is empty, ``unreachable``, or ``recorded:FOLDER``: answers of MAGDA kept as files, for demonstrations
and tests. The way to MAGDA itself needs a contract and a certificate, and is one more adapter here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from django.conf import settings

from portefeuille.core.errors import CannotDecide
from portefeuille.core.formats.magda import AnsweredEnterprise, AnswerRefused, read_answer
from portefeuille.core.identifiers import NotANumber, enterprise_number
from portefeuille.register.queries import Address


class LookupUnavailable(CannotDecide):
    """The look-up was asked and gave no answer that can be read: nobody knows, and nothing may be concluded."""


@dataclass(frozen=True, slots=True)
class Live:
    """What the KBO says at this moment. ``seat`` is also told of a natural person."""

    is_active: bool
    seat: Address | None


class LiveRegister(Protocol):
    """The port: how an answer is fetched."""

    def answer(self, number: str) -> bytes:
        """MAGDA's answer to GeefOnderneming for these ten digits. Raises LookupUnavailable."""
        ...


class Unreachable:
    """A register that is always down."""

    def answer(self, number: str) -> bytes:
        """Raise LookupUnavailable."""
        raise _unavailable()


@dataclass(frozen=True, slots=True)
class Recorded:
    """Answers in a folder, one file per enterprise: ``GeefOnderneming_0442528054.xml``."""

    folder: Path

    def answer(self, number: str) -> bytes:
        """The answer kept for this number; without one, the service might as well be down."""
        try:
            return (self.folder / f"GeefOnderneming_{number}.xml").read_bytes()
        except OSError:
            raise _unavailable() from None


def is_set_up() -> bool:
    """Whether there is a look-up to ask."""
    return _adapter() is not None


def enterprise(number: str, *, on: date | None = None) -> Live | None:
    """What the KBO says of it now; None when no look-up is set up, or when the KBO doesn't know the number.

    Raises LookupUnavailable when it was asked and didn't answer.
    """
    adapter = _adapter()
    if adapter is None:
        return None
    try:
        bare = enterprise_number(number)
    except NotANumber:
        return None
    try:
        answered = read_answer(adapter.answer(bare), on=on)
    except AnswerRefused:
        raise _unavailable() from None
    if answered is None:
        return None
    if answered.number != bare:  # an answer about somebody else is no answer
        raise _unavailable()
    return Live(is_active=answered.is_active, seat=_seat(answered))


def seat_of(number: str, *, on: date | None = None) -> Address | None:
    """The registered office, of a natural person the address; None when nobody tells. Raises LookupUnavailable."""
    found = enterprise(number, on=on)
    return found.seat if found else None


def _seat(answered: AnsweredEnterprise) -> Address | None:
    told = answered.seat
    if told is None or not (told.street and told.municipality):
        return None
    return Address(
        street=told.street,
        house_number=told.house_number,
        box=told.box,
        zipcode=told.zipcode,
        municipality=told.municipality,
        country=told.country,
    )


def _adapter() -> LiveRegister | None:
    """The one that the settings name. Raises ValueError for a name that is none: at the first question."""
    name, _, rest = settings.LIVE_REGISTER.partition(":")
    match name:
        case "":
            return None
        case "unreachable":
            return Unreachable()
        case "recorded" if rest:
            return Recorded(Path(rest))
    raise ValueError(f"LIVE_REGISTER is {settings.LIVE_REGISTER!r}: empty, unreachable, or recorded:FOLDER")


def _unavailable() -> LookupUnavailable:
    return LookupUnavailable(
        "De Kruispuntbank van Ondernemingen antwoordt nu niet. Probeer het later opnieuw: intussen weten we het niet."
    )
