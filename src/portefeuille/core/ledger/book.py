"""Rebuilding the books from their entries alone, with no help from any stored total.

The database proves its own totals in SQL; this is the second opinion. Entries travel as one line of text each
(``wallet source code cents``), so that an export can be read by anybody and hashed by any program.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from portefeuille.core.ledger.chart import MOVES, WALLET_COLUMNS, Account, Transfer


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One transfer: so many cents, for this wallet (0 for none), caused by this source, of this kind."""

    wallet: int
    source: int
    code: Transfer
    cents: int

    def __str__(self) -> str:
        return f"{self.wallet} {self.source} {self.code:d} {self.cents}"

    @classmethod
    def parse(cls, line: str) -> Entry:
        """Read one exported line. Raises ValueError."""
        wallet, source, code, cents = (int(part) for part in line.split())
        return cls(wallet, source, Transfer(code), cents)


@dataclass(slots=True)
class Book:
    """Balances by account, in cents, and the running totals of each wallet."""

    accounts: dict[Account, int] = field(default_factory=lambda: dict.fromkeys(Account, 0))
    wallets: dict[int, dict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: dict.fromkeys(WALLET_COLUMNS, 0))
    )

    def add(self, entry: Entry) -> None:
        """Move the entry's amount. Every entry takes from one account what it gives to another."""
        if entry.cents <= 0:
            raise ValueError(f"an entry moves a positive amount, not {entry.cents}")
        move = MOVES[entry.code]
        # The bank's side is written as the bank prints it: what leaves that side came in on the account.
        self.accounts[move.leaves] += entry.cents if move.leaves is Account.BANK else -entry.cents
        self.accounts[move.reaches] += -entry.cents if move.reaches is Account.BANK else entry.cents
        if entry.wallet:
            totals = self.wallets[entry.wallet]
            for column in move.adds:
                totals[column] += entry.cents
            for column in move.takes:
                totals[column] -= entry.cents

    @property
    def is_balanced(self) -> bool:
        """What is on the bank account is exactly what the platform holds for others."""
        held = sum(cents for account, cents in self.accounts.items() if account is not Account.BANK)
        return self.accounts[Account.BANK] == held


def rebuild(entries: Iterable[Entry]) -> Book:
    """The books that these entries make."""
    book = Book()
    for entry in entries:
        book.add(entry)
    return book


def export(entries: Iterable[Entry]) -> Iterator[str]:
    """The entries as lines, in the order of their key."""
    return (str(entry) for entry in sorted(entries))


def digest(entries: Iterable[Entry]) -> str:
    """SHA-256 of the export: the same entries give the same digest on any system."""
    hashed = hashlib.sha256()
    for line in export(entries):
        hashed.update(line.encode() + b"\n")
    return hashed.hexdigest()
