"""Proving the books: every law of money that can be checked from the tables, and what breaks it.

Each law is some queries (``laws.py``) and comparisons that list what contradicts it; it holds when all lists are empty.
The laws are those of the platform's specification, and the numbers are its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import LiteralString

from django.db import connection

from portefeuille.core.ledger import WALLET_COLUMNS
from portefeuille.core.ledger.book import Book, Entry, digest, export, rebuild
from portefeuille.core.ledger.chart import Account, Transfer
from portefeuille.core.rules import load_scheme
from portefeuille.database.append_only import APPEND_ONLY
from portefeuille.database.roles import ALL
from portefeuille.wallet.laws import COUNTERPARTS, QUERIES

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """A law, whether it holds, and the first few things that contradict it."""

    law: str
    holds: bool
    broken_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What ``verify`` found."""

    findings: tuple[Finding, ...]
    balances: dict[Account, int]
    entries: int
    digest: str

    @property
    def holds(self) -> bool:
        """Whether every law holds."""
        return all(finding.holds for finding in self.findings)


def verify() -> Proof:
    """Check every law; reads all transfers once."""
    entries = list(read_entries())
    book = rebuild(entries)
    findings = [
        _finding("1 Wat op de bankrekening staat, is wat voor anderen bewaard wordt", _unbalanced(book)),
        _finding("1 Elk saldo van een portefeuille volgt uit de boekingen alleen", _drifted(book)),
        *(_finding(law, _rows(query)) for law, query in QUERIES.items()),
        *(_finding(law, _differs(book, account, query)) for account, (law, query) in COUNTERPARTS.items()),
        _finding(
            "8 De uitgevoerde boekingen geven dezelfde boeken met dezelfde vingerafdruk",
            _not_portable(entries, book),
        ),
        _finding("4 Elk jaarplafond is er een uit de regels van dat jaar", _strange_ceilings()),
        _finding("1 Een boeking kan niet gewijzigd of gewist worden", _changeable()),
    ]
    return Proof(tuple(findings), dict(book.accounts), len(entries), digest(entries))


def read_entries() -> Iterator[Entry]:
    """Every transfer, in the order of its key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wallet_id, source_id, code, amount_cents FROM wallet_transfer ORDER BY 1, 2, 3"
        )
        while rows := cursor.fetchmany(10_000):
            for wallet, source, code, cents in rows:
                yield Entry(wallet, source, Transfer(code), cents)


def _finding(law: str, broken_by: Iterator[str]) -> Finding:
    examples = tuple(example for example, _ in zip(broken_by, range(EXAMPLES), strict=False))
    return Finding(law, not examples, examples)


def _rows(query: LiteralString) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        for (text,) in cursor.fetchmany(EXAMPLES):
            yield text


def _unbalanced(book: Book) -> Iterator[str]:
    if not book.is_balanced:
        yield ", ".join(f"{account} {cents}" for account, cents in book.accounts.items())


def _drifted(book: Book) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {', '.join(WALLET_COLUMNS)} FROM wallet_wallet")  # noqa: S608 - our own names
        stored = {row[0]: dict(zip(WALLET_COLUMNS, row[1:], strict=True)) for row in cursor.fetchall()}
    nothing = dict.fromkeys(WALLET_COLUMNS, 0)
    for number in sorted(stored.keys() | book.wallets.keys()):
        told = book.wallets.get(number, nothing)
        if stored.get(number) != told:
            yield f"wallet {number}: stored {stored.get(number)}, entries say {told}"


def _differs(book: Book, account: Account, query: LiteralString) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        told = int(cursor.fetchone()[0])
    if book.accounts[account] != told:
        yield f"{account}: entries say {book.accounts[account]}, counted {told}"


def _not_portable(entries: list[Entry], book: Book) -> Iterator[str]:
    again = [Entry.parse(line) for line in export(entries)]
    if digest(again) != digest(entries) or rebuild(again).accounts != book.accounts:
        yield "the export does not come back as it went"


def _strange_ceilings() -> Iterator[str]:
    """Ceilings that no regime of that scheme and year knows: only the rules may say how much room there is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT scheme, year, ceiling_cents FROM applications_ceilinguse ORDER BY 1, 2, 3"
        )
        stored = cursor.fetchall()
    for scheme, year, cents in stored:
        if cents not in load_scheme(scheme).highest_ceilings(year):
            yield f"{scheme} {year}: a ceiling of {cents}"


def _changeable() -> Iterator[str]:
    """What would let rows that are never changed be changed: a missing trigger, or a right that web and worker have."""
    with connection.cursor() as cursor:
        for table in APPEND_ONLY:
            cursor.execute(
                """SELECT count(*) FROM pg_trigger
                   WHERE tgrelid = %s::regclass AND tgname = %s AND tgenabled <> 'D'""",
                [table, f"{table}_append_only"],
            )
            if cursor.fetchone()[0] != 1:
                yield f"the trigger {table}_append_only is missing or switched off"
            cursor.execute(
                """SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)
                   AND has_table_privilege(rolname, %s, 'UPDATE, DELETE, TRUNCATE')""",
                [list(ALL), table],
            )
            for (role,) in cursor.fetchall():
                yield f"{role} has the right to change {table}"


def lines(proof: Proof) -> Iterator[str]:
    """A proof as lines for people."""
    for finding in proof.findings:
        yield f"{'ok  ' if finding.holds else 'FAIL'}  {finding.law}"
        yield from (f"      {example}" for example in finding.broken_by)
    yield f"{proof.entries} entries, digest {proof.digest}"
