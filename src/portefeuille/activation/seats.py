"""To which address the letter for an enterprise goes: what the KBO says, never what somebody types.

A legal person has its seat in the register. A natural person's address is not published: a live look-up may know it,
else an establishment in the register will do, else a person of the office decides. A look-up that does not answer is
not a yes: then too the next source is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from portefeuille.core.errors import Refusal
from portefeuille.register.queries import Address, EnterpriseFacts


class LookupUnavailable(Refusal):
    """The live look-up does not answer."""


class SeatLookup(Protocol):
    """Asks the source itself, at this moment, for an address that the register's extract does not hold."""

    def seat_of(self, number: str) -> Address | None:
        """The address of an enterprise; None when the source has none. Raises LookupUnavailable."""


class NoLookup:
    """Where no look-up is connected."""

    def seat_of(self, number: str) -> Address | None:
        """Never answers."""
        raise LookupUnavailable("De opzoeking bij de Kruispuntbank is hier niet aangesloten.")


@dataclass(frozen=True, slots=True)
class Destination:
    """Lines for the envelope and where they came from; no lines and a reason when the office has to decide."""

    lines: tuple[str, ...] = ()
    basis: str = ""
    why_office: str = ""


def destination(enterprise: EnterpriseFacts) -> Destination:
    """Where a letter to this enterprise goes."""
    if enterprise.seat is not None and _is_complete(enterprise.seat):
        return _to(enterprise, enterprise.seat, "seat")
    known, answered = _look_up(enterprise.number)
    if known is not None and _is_complete(known):
        return _to(enterprise, known, "lookup")
    if enterprise.kind == "natural":
        places = sorted(enterprise.establishments, key=lambda place: (place.start_date, place.number))
        for place in places:
            if place.address is not None and _is_complete(place.address):
                return _to(enterprise, place.address, "establishment")
    return Destination(why_office="no_address" if answered else "lookup_down")


def _to(enterprise: EnterpriseFacts, address: Address, basis: str) -> Destination:
    return Destination((enterprise.name, *address.lines), basis)


def _is_complete(address: Address) -> bool:
    return bool(address.street and address.municipality and (address.zipcode or address.country))


def _look_up(number: str) -> tuple[Address | None, bool]:
    """What the live look-up says, and whether it answered."""
    lookup: SeatLookup = import_string(settings.SEAT_LOOKUP)()
    try:
        return lookup.seat_of(number), True
    except LookupUnavailable:
        return None, False
