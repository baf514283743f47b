"""The one way in which money is written down: set-based, for one line or a whole bank statement.

``post_deposits`` takes lines (source, reference, amount, day) and, in one statement of SQL,

1. locks the wallets that the references name, in the order of their ids, so that two postings can't block each other;
2. puts the lines of one wallet one after another (by source) and gives each what still fits in the own share;
3. adds the top-up that each line earns: ``floor(subsidy * deposited / own_share)`` after it, minus the same before it;
4. sends everything that found no wallet, or did not fit, to suspense;
5. writes the transfers in the order of their primary key and moves the wallets' running totals by the same amounts.

Invariant: every line's amount leaves as deposit plus suspense, and each wallet's totals move by exactly its transfers.

``post`` writes transfers whose amounts are known already (orders, confirmations, refunds).

The lines of a wallet travel with its locked row, as arrays: two sets whose sizes the planner can only guess are never
joined. The totals are set to the locked row's values plus what moved, never to ``column + delta``: an update that had
to wait for the row first computes its new version from the *old* one, and checks the constraints on that, before it
looks again. With the locked values it is right the first time.

Both touch only the wallets' own rows. The budget was reserved at approval, so a top-up can't overspend it; the bank
account's balance is the sum of the transfers and is not stored here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, LiteralString, cast

from django.db import connection
from django.db.backends.utils import CursorWrapper

from portefeuille.core.ledger import MOVES, WALLET_COLUMNS, Transfer
from portefeuille.core.money import Money
from portefeuille.database.prepared import prepared_cursor

# Up to so many lines a posting is planned once for each connection; for more, planning anew costs nothing beside them.
FEW = 10


@dataclass(frozen=True, slots=True)
class Deposit:
    """Money that came in with a reference; ``source`` is the id of the movement."""

    source: int
    reference: str
    amount: Money
    entry_on: date


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of one deposit. ``taken`` and ``left_over`` sum to its amount.

    ``reason`` says why something is left over: ``no_reference``, ``unknown_reference``, ``wallet_closed``,
    ``too_late``, ``not_exact`` or ``too_much``; empty when nothing is.
    """

    source: int
    wallet: int
    taken: Money
    top_up: Money
    left_over: Money
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """One transfer to write."""

    wallet: int
    source: int
    code: Transfer
    amount: Money


_GIVEN = "SELECT * FROM unnest(%(source)s::bigint[], %(reference)s::text[], %(amount)s::bigint[], %(entry_on)s::date[])"

# One line needs no arrays: they would take as long as all the rest of the call.
_ONE = "SELECT %(source)s::bigint, %(reference)s::text, %(amount)s::bigint, %(entry_on)s::date"

# Lines that a caller has staged in bank_movement under one statement: no copy of them travels through the program.
_STATEMENT = """SELECT id, reference, amount_cents, entry_on FROM bank_movement
    WHERE statement_id = %(statement)s AND kind = 'deposit'"""

_DEPOSITS = """
WITH line (source_id, reference, amount, entry_on) AS MATERIALIZED ({lines}),
asked AS (
    SELECT reference, array_agg(source_id ORDER BY source_id) AS sources,
           array_agg(amount ORDER BY source_id) AS amounts, array_agg(entry_on ORDER BY source_id) AS days
    FROM line WHERE reference <> '' GROUP BY reference
),
wallet AS MATERIALIZED (
    SELECT id, reference, own_share_cents AS own, subsidy_cents AS subsidy, deposited_cents AS deposited,
           topped_up_cents AS topped_up, is_open, is_exact, deposit_until, sources, amounts, days
    FROM wallet_wallet JOIN asked USING (reference)
    ORDER BY id FOR NO KEY UPDATE OF wallet_wallet
),
judged AS (
    SELECT wallet.*, line.*,
           CASE WHEN NOT is_open THEN 'wallet_closed'
                WHEN entry_on > deposit_until THEN 'too_late'
                WHEN is_exact AND amount <> own THEN 'not_exact'
                ELSE '' END AS reason
    FROM wallet, unnest(sources, amounts, days) AS line (source_id, amount, entry_on)
),
queued AS (
    SELECT *, deposited + coalesce(sum(amount) FILTER (WHERE reason = '') OVER earlier, 0)::bigint AS before
    FROM judged
    WINDOW earlier AS (PARTITION BY id ORDER BY source_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
fitted AS (
    SELECT *, CASE WHEN reason = '' THEN least(amount, greatest(own - before, 0)) ELSE 0 END AS taken FROM queued
),
placed AS MATERIALIZED (
    SELECT source_id, id AS wallet_id, deposited, topped_up, taken, amount - taken AS left_over,
           CASE WHEN taken = 0 THEN 0
                ELSE subsidy * (before + taken) / own - subsidy * before / own END AS top_up,
           CASE WHEN reason = '' AND taken < amount THEN 'too_much' ELSE reason END AS reason
    FROM fitted
    UNION ALL
    SELECT source_id, 0, 0, 0, 0, amount, 0,
           CASE WHEN reference = '' THEN 'no_reference' ELSE 'unknown_reference' END
    FROM line WHERE reference NOT IN (SELECT reference FROM wallet)
),
written AS (
    INSERT INTO wallet_transfer (wallet_id, source_id, code, amount_cents, booked_at)
    SELECT wallet_id, source_id, {code}, taken, %(at)s FROM placed WHERE taken > 0
    UNION ALL
    SELECT wallet_id, source_id, {top_up}, top_up, %(at)s FROM placed WHERE top_up > 0
    {suspense}
    ORDER BY 1, 2, 3
),
moved AS (
    UPDATE wallet_wallet SET deposited_cents = total.deposited, topped_up_cents = total.topped_up
    FROM (SELECT wallet_id, max(deposited) + sum(taken)::bigint AS deposited,
                 max(topped_up) + sum(top_up)::bigint AS topped_up
          FROM placed WHERE taken > 0 GROUP BY wallet_id) AS total
    WHERE wallet_wallet.id = total.wallet_id
)
SELECT source_id, wallet_id, taken, top_up, left_over, reason FROM placed ORDER BY source_id
"""

_SUSPENSE = f"""UNION ALL
    SELECT 0, source_id, {Transfer.UNEXPLAINED_IN:d}, left_over, %(at)s FROM placed WHERE left_over > 0"""


@cache
def _deposits_sql(*, lines: str, code: Transfer) -> LiteralString:
    suspense = (
        _SUSPENSE if code is Transfer.DEPOSIT else ""
    )  # what is assigned by hand lies in suspense already
    sql = _DEPOSITS.format(lines=lines, code=int(code), top_up=int(Transfer.TOP_UP), suspense=suspense)
    return cast("LiteralString", sql)


def post_deposits(
    deposits: Sequence[Deposit], *, at: datetime, code: Transfer = Transfer.DEPOSIT
) -> list[Placed]:
    """Book deposits on the wallets that their references name, with their top-ups.

    With ``Transfer.ASSIGNED`` the money comes out of suspense: what does not fit simply stays there.
    Raises IntegrityError when a source was booked before.
    """
    columns: dict[str, list[Any]] = {
        "source": [deposit.source for deposit in deposits],
        "reference": [deposit.reference for deposit in deposits],
        "amount": [deposit.amount.cents for deposit in deposits],
        "entry_on": [deposit.entry_on for deposit in deposits],
    }
    if len(deposits) == 1:
        one = {name: column[0] for name, column in columns.items()}
        return _placed(_deposits_sql(lines=_ONE, code=code), {**one, "at": at}, few=True)
    return _placed(_deposits_sql(lines=_GIVEN, code=code), {**columns, "at": at}, few=len(deposits) <= FEW)


def post_statement(statement: int, *, at: datetime) -> list[Placed]:
    """Book all deposits that are staged under a bank statement; the same statement of SQL as for one deposit."""
    sql = _deposits_sql(lines=_STATEMENT, code=Transfer.DEPOSIT)
    return _placed(sql, {"statement": statement, "at": at}, few=False)


def _cursor(*, few: bool) -> CursorWrapper:
    return prepared_cursor() if few else connection.cursor()


def _placed(sql: LiteralString, parameters: dict[str, Any], *, few: bool) -> list[Placed]:
    with _cursor(few=few) as cursor:
        cursor.execute(sql, parameters)
        return [
            Placed(source, wallet, Money(taken), Money(top_up), Money(left_over), reason)
            for source, wallet, taken, top_up, left_over, reason in cursor.fetchall()
        ]


def _wallet_effects() -> str:
    """``amount of the codes that add - amount of the codes that take``, for each column of the wallet."""
    effects = []
    for column in WALLET_COLUMNS:
        adds = [f"{code:d}" for code, move in MOVES.items() if column in move.adds]
        takes = [f"{code:d}" for code, move in MOVES.items() if column in move.takes]
        plus = f"coalesce(sum(amount) FILTER (WHERE code IN ({', '.join(adds)})), 0)"
        minus = f" - coalesce(sum(amount) FILTER (WHERE code IN ({', '.join(takes)})), 0)" if takes else ""
        effects.append(f"({plus}{minus})::bigint AS {column}")
    return ",\n           ".join(effects)


_LINES = f"""
WITH line (wallet_id, source_id, code, amount) AS MATERIALIZED (
    SELECT * FROM unnest(%(wallet)s::bigint[], %(source)s::bigint[], %(code)s::smallint[], %(amount)s::bigint[])
),
delta AS (
    SELECT wallet_id,
           {_wallet_effects()}
    FROM line WHERE wallet_id <> 0 GROUP BY wallet_id
),
total AS MATERIALIZED (
    SELECT wallet.id, {", ".join(f"wallet.{c} + delta.{c} AS {c}" for c in WALLET_COLUMNS)}
    FROM wallet_wallet AS wallet JOIN delta ON delta.wallet_id = wallet.id
    ORDER BY wallet.id FOR NO KEY UPDATE OF wallet
),
moved AS (
    UPDATE wallet_wallet SET {", ".join(f"{c} = total.{c}" for c in WALLET_COLUMNS)}
    FROM total WHERE wallet_wallet.id = total.id
)
INSERT INTO wallet_transfer (wallet_id, source_id, code, amount_cents, booked_at)
SELECT wallet_id, source_id, code, amount, %(at)s FROM line ORDER BY 1, 2, 3
"""


def post(lines: Iterable[Line], *, at: datetime) -> None:
    """Write transfers of known amounts, and move the totals of the wallets that they name.

    A wallet's constraints refuse what it can't carry; a source that was booked before is refused by the primary key.
    """
    written = [line for line in lines if line.amount]
    if not written:
        return
    with _cursor(few=len(written) <= FEW) as cursor:
        cursor.execute(
            cast("LiteralString", _LINES),
            {
                "wallet": [line.wallet for line in written],
                "source": [line.source for line in written],
                "code": [int(line.code) for line in written],
                "amount": [line.amount.cents for line in written],
                "at": at,
            },
        )


def new_sources(count: int) -> list[int]:
    """So many unused ids for the causes of transfers, in rising order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ledger_source_id') FROM generate_series(1, %s)", [count])
        return sorted(row[0] for row in cursor.fetchall())
