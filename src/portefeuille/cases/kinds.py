"""The kinds of case: how long the office takes over one, and whether two people must agree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a case is about; ``subject_id`` is the id of such a thing.

    An application that the rules can't decide; an activation, or a card of codes, whose letter has no address; a
    request for recognition as a provider.
    """

    APPLICATION = "application"
    LETTER_ADDRESS = "letter_address"
    CARD_ADDRESS = "card_address"
    RECOGNITION = "recognition"


@dataclass(frozen=True, slots=True)
class Habit:
    """``term_working_days`` is our reading: no source binds the office to a day. ``takes_two``: four eyes."""

    term_working_days: int
    takes_two: bool = False


# An address that a person types is where a stranger would have a code sent: two people look at it.
HABITS: dict[Kind, Habit] = {
    Kind.APPLICATION: Habit(term_working_days=10),
    Kind.LETTER_ADDRESS: Habit(term_working_days=5, takes_two=True),
    Kind.CARD_ADDRESS: Habit(term_working_days=5, takes_two=True),
    # Four weeks: a municipality tells its traders that it takes four to six (opwijk.be, dossier 5).
    Kind.RECOGNITION: Habit(term_working_days=20),
}
