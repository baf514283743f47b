"""What a page hands to its components: rows, steps and columns, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portefeuille.core.money import Money


@dataclass(frozen=True, slots=True)
class AmountRow:
    """A line of an amount table. ``whose`` is ``own`` or ``subsidy`` when a colour says whose money it is."""

    words: str
    amount: Money
    note: str = ""
    whose: str = ""
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A step of a timeline; ``state`` is done, now, later or lost. ``who`` did it or must do it."""

    words: str
    state: str
    when: date | datetime | None = None
    more: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class TransferLine:
    """A line of the instructions for a transfer. ``copied`` goes to the clipboard, ``what`` names it for a reader;
    ``is_reference`` writes it large, because one wrong digit sends the money astray."""

    words: str
    value: str
    copied: str = ""
    what: str = ""
    is_reference: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a wizard; ``state`` is done, now or later. Only what is done has an address to go back to."""

    words: str
    state: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a data table; ``is_number`` aligns it right."""

    words: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with a cell per column. On a narrow screen each row becomes a card that names its columns.

    The first cell is the row's name: with ``addresses`` it is a link. ``__post_init__`` refuses rows that don't fit.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    addresses: Sequence[str] = ()

    def __post_init__(self) -> None:
        """A cell too few would put every next one under the wrong name."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("each row needs a cell for each column")
        if self.addresses and len(self.addresses) != len(self.rows):
            raise ValueError("each row needs an address, or none does")

    def lines(self) -> list[tuple[str, list[tuple[Column, object]]]]:
        """Address and named cells of each row."""
        addresses = self.addresses or [""] * len(self.rows)
        return [
            (address, list(zip(self.columns, row, strict=True)))
            for address, row in zip(addresses, self.rows, strict=True)
        ]
