"""Telling a story: its steps, the laws that hold at its end, and its totals, as text or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portefeuille.core.money import Money


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did, with the amounts that it was about and what the wallet holds after it."""

    day: date
    actor: str
    did: str
    amounts: Mapping[str, Money]
    wallet: Mapping[str, Money] | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON; amounts as decimal strings, what the wallet holds among them."""
        held = {f"wallet_{name}": amount for name, amount in (self.wallet or {}).items()}
        return {
            "date": self.day.isoformat(),
            "actor": self.actor,
            "did": self.did,
            "amounts": {name: str(amount) for name, amount in {**self.amounts, **held}.items()},
        }


@dataclass(frozen=True, slots=True)
class Law:
    """A law of money, whether it holds, and what broke it."""

    law: str
    holds: bool
    broken_by: tuple[str, ...] = ()


@dataclass(slots=True)
class Story:
    """What was told so far."""

    title: str
    steps: list[Step] = field(default_factory=list)
    laws: list[Law] = field(default_factory=list)
    totals: dict[str, Money] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether every law holds; a story that checked none proves nothing."""
        return bool(self.laws) and all(law.holds for law in self.laws)

    def as_dict(self) -> dict[str, Any]:
        """JSON; amounts as decimal strings."""
        return {
            "steps": [step.as_dict() for step in self.steps],
            "laws": [{"law": law.law, "holds": law.holds} for law in self.laws],
            "totals": {name: str(amount) for name, amount in self.totals.items()},
        }


def lines(story: Story) -> Iterator[str]:
    """The story as text."""
    yield story.title
    yield ""
    for step in story.steps:
        yield f"{step.day:%Y-%m-%d}  {step.actor:<14} {step.did}"
        if step.amounts:
            yield " " * 27 + _amounts(step.amounts)
        if step.wallet is not None:
            yield " " * 27 + "portefeuille: " + _amounts(step.wallet)
    yield ""
    yield "Wetten van het geld"
    for law in story.laws:
        yield f"  {'in orde' if law.holds else 'GEBROKEN'}  {law.law}"
        yield from (f"           {example}" for example in law.broken_by)
    yield ""
    yield "Totalen van de opleiding: " + _amounts(story.totals)


def _amounts(amounts: Mapping[str, Money]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} € {amount.belgian}" for name, amount in amounts.items())
