"""The tree of refusals: every way in which the platform says no to somebody.

A refusal carries one sentence for the person who asked: what happened, why, and what to do. The sentence is in the
language of the screens (Dutch); the type is what a program looks at. Services know nothing of HTTP: a face turns the
type into a status code or an exit code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class Refusal(Exception):
    """The platform refuses what was asked, and says why.

    ``field`` names the form field that the refusal is about, when it is about one.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)


class NotAllowed(Refusal):
    """This person may not do this, here."""


class StrongerSignInNeeded(NotAllowed):
    """This person may, but not with so weak a sign-in. ``level`` is the assurance that is needed (2 or 3)."""

    def __init__(self, sentence: str, *, field: str | None = None, level: int = 2) -> None:
        super().__init__(sentence, field=field)
        self.level = level


class ProofNeeded(NotAllowed):
    """This person may, after proving once more who they are."""


class NotFound(Refusal):
    """What was asked for does not exist, or not for this person."""


class WrongState(Refusal):
    """The lifecycle does not allow this verb now."""


class Invalid(Refusal):
    """What was given is incomplete or contradicts itself."""


class CannotDecide(Refusal):
    """A fact is missing: the answer is neither yes nor no until somebody supplies it."""


class MoneyRefused(Refusal):
    """The books do not allow this movement."""


class MoreThanAvailable(MoneyRefused):
    """More was asked than the wallet holds."""


class BudgetExhausted(MoneyRefused):
    """The government's budget has no room left for this subsidy."""


class BankCannotCarry(MoneyRefused):
    """The bank account does not hold enough to carry these payments."""


class FileRefused(Refusal):
    """A file that was handed in is not booked, as a whole; ``problems`` are what is wrong with it, as JSON."""

    def __init__(
        self, sentence: str, *, field: str | None = None, problems: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        super().__init__(sentence, field=field)
        self.problems = problems


class KeyReused(Refusal):
    """An idempotency key came back with another request."""
