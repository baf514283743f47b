"""Proving the books: every law of money that can be checked from the tables, and what breaks it.

Each law is one query (or one comparison) that lists what contradicts it; a law holds when the list is empty. The laws
are those of the platform's specification; the numbers in brackets are its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import LiteralString

from django.db import connection

from portefeuille.core.ledger import WALLET_COLUMNS
from portefeuille.core.ledger.book import Book, Entry, digest, export, rebuild
from portefeuille.core.ledger.chart import Account, Transfer

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


_QUERIES: dict[str, LiteralString] = {
    "2 De overheid legde precies haar deel bij van wat gestort is": """
        SELECT 'wallet ' || id || ': topped up ' || topped_up_cents || ', should be '
               || div(subsidy_cents::numeric * deposited_cents, own_share_cents)
        FROM wallet_wallet
        WHERE topped_up_cents <> div(subsidy_cents::numeric * deposited_cents, own_share_cents)""",
    "3 Geen betaling is groter dan de portefeuille, en de dienstverlener krijgt het bedrag zonder btw": """
        SELECT 'wallet ' || w.id || ': ordered ' || w.ordered_cents || ' of ' || a.amount_cents
        FROM wallet_wallet w LEFT JOIN applications_application a USING (id)
        WHERE a.id IS NULL OR w.own_share_cents + w.subsidy_cents <> a.amount_cents
           OR w.ordered_cents > a.amount_cents OR w.own_out_cents > w.deposited_cents
           OR w.subsidy_out_cents > w.topped_up_cents""",
    "4 Geen onderneming kreeg meer dan haar jaarplafond": """
        SELECT 'ceiling of ' || c.enterprise_number || ' in ' || c.year || ': granted ' || c.granted_cents
               || ', applications say ' || coalesce(sum(a.counted_cents), 0) || ', at most ' || c.ceiling_cents
        FROM applications_ceilinguse c LEFT JOIN applications_application a
          ON a.enterprise_number = c.enterprise_number AND a.scheme = c.scheme AND a.ceiling_year = c.year
        GROUP BY c.id HAVING c.granted_cents <> coalesce(sum(a.counted_cents), 0)
            OR c.granted_cents > c.ceiling_cents""",
    "5 Per aanvraag: gestort en bijgelegd is betaald, onderweg, terugbetaald of nog aanwezig": """
        SELECT 'wallet ' || w.id || ': figures and payments differ'
        FROM wallet_wallet w LEFT JOIN wallet_payment p ON p.wallet_id = w.id
        GROUP BY w.id HAVING
            w.ordered_cents <> coalesce(sum(p.amount_cents)
                FILTER (WHERE p.kind = 'provider' AND p.state <> 'bounced'), 0)
         OR w.paid_cents <> coalesce(sum(p.amount_cents) FILTER (WHERE p.kind = 'provider' AND p.state = 'paid'), 0)
         OR w.refunded_cents <> coalesce(sum(p.amount_cents) FILTER (WHERE p.kind = 'refund'), 0)
         OR w.deposited_cents + w.topped_up_cents <> w.ordered_cents + w.refunded_cents + w.returned_cents
            + (w.deposited_cents - w.own_out_cents) + (w.topped_up_cents - w.subsidy_out_cents)""",
    "7 Budget: gereserveerd, betaald en vrij zijn samen wat gestemd is": """
        SELECT 'budget ' || b.scheme || ' ' || b.year || ': committed ' || b.committed_cents || ', wallets say '
               || coalesce(sum(CASE WHEN w.is_open THEN w.subsidy_cents
                                    ELSE w.subsidy_out_cents - w.returned_cents END), 0)
        FROM budget_budget b
        LEFT JOIN applications_application a ON a.scheme = b.scheme AND a.ceiling_year = b.year
        LEFT JOIN wallet_wallet w ON w.id = a.id
        GROUP BY b.id HAVING b.committed_cents > b.voted_cents OR b.committed_cents <> coalesce(
            sum(CASE WHEN w.is_open THEN w.subsidy_cents ELSE w.subsidy_out_cents - w.returned_cents END), 0)""",
}

# What an account must hold, told by tables other than the transfers.
_COUNTERPARTS: dict[Account, tuple[str, LiteralString]] = {
    Account.BANK: (
        "6 Het saldo in de boeken is het eindsaldo van de bank",
        "SELECT coalesce(sum(balance_cents), 0) FROM bank_bankaccount",
    ),
    Account.SUSPENSE: (
        "6 Bij de uitzonderingen staat precies wat nog niet verklaard is",
        "SELECT coalesce(sum(left_cents), 0) FROM bank_bankexception",
    ),
    Account.PAYABLE: (
        "3 Opzij voor dienstverleners staat wat besteld en nog niet betaald is",
        """SELECT coalesce(sum(amount_cents), 0) FROM wallet_payment
           WHERE kind = 'provider' AND state IN ('ordered', 'in_run')""",
    ),
    Account.REFUNDS: (
        "5 Opzij voor terugbetalingen staat wat besteld en nog niet terugbetaald is",
        """SELECT coalesce(sum(amount_cents), 0) FROM wallet_payment
           WHERE kind IN ('refund', 'return') AND state IN ('ordered', 'in_run')""",
    ),
    Account.OWN_SHARE: (
        "5 In de portefeuilles zit het eigen deel dat de boeken zeggen",
        "SELECT coalesce(sum(deposited_cents - own_out_cents), 0) FROM wallet_wallet",
    ),
    Account.SUBSIDY: (
        "5 In de portefeuilles zit het deel van de overheid dat de boeken zeggen",
        "SELECT coalesce(sum(topped_up_cents - subsidy_out_cents), 0) FROM wallet_wallet",
    ),
}


def verify() -> Proof:
    """Check every law; reads all transfers once."""
    entries = list(read_entries())
    book = rebuild(entries)
    findings = [
        _finding("1 Wat op de bankrekening staat, is wat voor anderen bewaard wordt", _unbalanced(book)),
        _finding("1 Elk saldo van een portefeuille volgt uit de boekingen alleen", _drifted(book)),
        *(_finding(law, _rows(query)) for law, query in _QUERIES.items()),
        *(_finding(law, _differs(book, account, query)) for account, (law, query) in _COUNTERPARTS.items()),
        _finding(
            "8 De uitgevoerde boekingen geven dezelfde boeken met dezelfde vingerafdruk",
            _not_portable(entries, book),
        ),
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


def _changeable() -> Iterator[str]:
    """The trigger that refuses every change of a transfer must be there and switched on."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM pg_trigger
               WHERE tgrelid = 'wallet_transfer'::regclass AND tgname = 'wallet_transfer_append_only'
                 AND tgenabled <> 'D'"""
        )
        if cursor.fetchone()[0] != 1:
            yield "the trigger wallet_transfer_append_only is missing or switched off"


def lines(proof: Proof) -> Iterator[str]:
    """A proof as lines for people."""
    for finding in proof.findings:
        yield f"{'ok  ' if finding.holds else 'FAIL'}  {finding.law}"
        yield from (f"      {example}" for example in finding.broken_by)
    yield f"{proof.entries} entries, digest {proof.digest}"
