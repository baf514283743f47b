"""To which address the letter for an enterprise goes: what the KBO says, never what somebody types.

A legal person has its seat in the register. A natural person's address is not published: a live look-up may know it,
else an establishment in the register will do, else a person of the office decides. A look-up that does not answer is
not a yes: then too the next source is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from portefeuille.register import live
from portefeuille.register.queries import Address, EnterpriseFacts


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
    try:
        return live.seat_of(number), True
    except live.LookupUnavailable:
        return None, False
