"""A bank statement as the books see it, whatever file it came in, and what may be wrong with that file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from portefeuille.core.money import Money

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a line of a file; an error means that nothing in the file may be booked."""

    line: int
    code: str
    text: str
    severity: Severity = "error"

    def as_dict(self) -> dict[str, Any]:
        """JSON."""
        return {"line": self.line, "code": self.code, "text": self.text, "severity": self.severity}


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came in (positive) or went out (negative) on an account.

    ``references`` are the structured communications with a right check; ``reference_rebuilt`` says that the bank put
    it together itself. ``details`` explain a movement that a bank or a customer summed up; they are no money of their
    own. ``parts`` are those of them that, taken together, are the whole movement.
    """

    line: int
    sequence: int
    amount: Money
    entry_date: date
    value_date: date | None = None
    references: tuple[str, ...] = ()
    reference_rebuilt: bool = False
    communication: str = ""
    counterparty_name: str = ""
    counterparty_account: str = ""
    kind: str = ""
    bank_reference: str = ""
    end_to_end_id: str = ""
    details: tuple[Movement, ...] = ()
    parts: tuple[Movement, ...] = ()

    def lines(self) -> Iterator[Movement]:
        """What to book: the parts of a summed movement, each with what only the sum names; else the movement itself."""
        if not self.parts:
            yield replace(self, details=())
        for part in self.parts:
            yield replace(
                part,
                entry_date=self.entry_date,
                counterparty_name=part.counterparty_name or self.counterparty_name,
                counterparty_account=part.counterparty_account or self.counterparty_account,
            )

    def all_references(self) -> list[str]:
        """Its own references and those of its details, each once."""
        found = (one for movement in (self, *self.details) for one in movement.references)
        return list(dict.fromkeys(found))

    def as_dict(self) -> dict[str, Any]:
        """JSON; amounts as decimal strings."""
        return {
            "amount": str(self.amount),
            "entry_date": self.entry_date.isoformat(),
            "value_date": self.value_date.isoformat() if self.value_date else None,
            "references": self.all_references(),
            "communication": self.communication,
            "counterparty": {"name": self.counterparty_name, "account": self.counterparty_account},
            "kind": self.kind,
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """The movements of one account between two balances."""

    account: str
    currency: str
    sequence: int
    opening: Money
    opening_date: date | None
    closing: Money
    closing_date: date
    movements: tuple[Movement, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON; amounts as decimal strings."""
        return {
            "account": self.account,
            "currency": self.currency,
            "sequence": self.sequence,
            "opening": str(self.opening),
            "closing": str(self.closing),
            "movements": [movement.as_dict() for movement in self.movements],
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds, and what is wrong with it."""

    format: str
    problems: tuple[Problem, ...]
    statements: tuple[Statement, ...]

    @property
    def accepted(self) -> bool:
        """Whether it may be booked: nothing in it is an error."""
        return not any(problem.severity == "error" for problem in self.problems)

    def as_dict(self) -> dict[str, Any]:
        """JSON of an inspection."""
        return {
            "format": self.format,
            "accepted": self.accepted,
            "problems": [problem.as_dict() for problem in self.problems],
            "statements": [statement.as_dict() for statement in self.statements],
        }
