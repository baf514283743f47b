"""What a posting writes: counts that don't depend on the machine. A new index on these tables would show here."""

from __future__ import annotations

from datetime import UTC, date, datetime

import psycopg
import pytest
from benchmarks.writing import records

from portefeuille.core.formats import ogm
from portefeuille.core.ledger import Transfer
from portefeuille.wallet import posting
from portefeuille.wallet.models import Transfer as Row
from portefeuille.wallet.models import Wallet

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)

# Per transfer: its row, its place in the one index, and half of (lock + update in place) of the wallet's row: three in
# all. Counted on a second pass, with a tenth of slack: in a batch some pages of the index are split.
MOST_RECORDS_PER_TRANSFER = {1: 3.3, 2_000: 3.35}


# A bank statement touches one wallet here and one there: in each page there is room for what changes.
SPREAD = 4


def _wallets(count: int) -> list[str]:
    references = [ogm.make(4_100_000_000 + number) for number in range(1, count + 1)]
    Wallet.objects.bulk_create(
        Wallet(
            id=number,
            reference=reference,
            own_share_cents=600_000,
            subsidy_cents=400_000,
            deposit_until=date(2026, 4, 1),
        )
        for number, reference in enumerate(references, start=1)
    )
    return references


def _written_per_transfer(url: str, lines: int) -> float:
    references = _wallets(SPREAD * lines)[::SPREAD]
    sql = posting._deposits_sql(lines=posting._GIVEN, code=Transfer.DEPOSIT)
    parameters = {
        "source": list(range(1, lines + 1)),
        "reference": references,
        "amount": [300_000] * lines,
        "entry_on": [date(2026, 3, 5)] * lines,
        "at": AT,
    }
    with psycopg.connect(url) as connection:
        # The first change of a page after a checkpoint writes the whole page; run once before measuring.
        connection.execute(sql, {**parameters, "source": [-one for one in parameters["source"]]})
        connection.commit()
        [[plan]] = connection.execute(f"EXPLAIN (ANALYZE, WAL, FORMAT JSON) {sql}", parameters).fetchall()
        connection.commit()
    written = Row.objects.filter(source_id__gt=0).count()
    assert written == 2 * lines
    return records(plan) / written


@pytest.mark.parametrize("lines", [1, 2_000])
def test_write_ahead_records_per_transfer(committed_db: str, lines: int) -> None:
    found = _written_per_transfer(committed_db, lines)
    # Never less than a row and its place in the index: whoever counts less, counts wrong.
    assert 2 < found <= MOST_RECORDS_PER_TRANSFER[lines]


@pytest.mark.parametrize("lines", [1, 2_000])
def test_an_index_more_would_not_pass_unseen(
    committed_db: str, owner_connection: psycopg.Connection, lines: int
) -> None:
    owner_connection.execute("CREATE INDEX one_more ON wallet_transfer (booked_at)")
    try:
        assert _written_per_transfer(committed_db, lines) > MOST_RECORDS_PER_TRANSFER[lines]
    finally:
        owner_connection.execute("DROP INDEX one_more")


def test_a_transfer_has_no_index_but_its_key(owner_connection: psycopg.Connection) -> None:
    found = owner_connection.execute(
        "SELECT indexname FROM pg_indexes WHERE tablename = 'wallet_transfer'"
    ).fetchall()
    assert found == [("wallet_transfer_pkey",)]


def test_a_deposit_updates_the_wallet_in_place(owner_connection: psycopg.Connection) -> None:
    """No index covers a column that a posting changes, and there is room in the page."""
    found = owner_connection.execute(
        """SELECT DISTINCT attname FROM pg_index JOIN pg_attribute
           ON attrelid = indrelid AND attnum = ANY (indkey) WHERE indrelid = 'wallet_wallet'::regclass"""
    ).fetchall()
    assert {name for (name,) in found} == {"id", "reference", "deposit_until"}
    [options] = owner_connection.execute(
        "SELECT reloptions FROM pg_class WHERE oid = 'wallet_wallet'::regclass"
    ).fetchone()
    assert options == ["fillfactor=60"]
