"""What a posting writes: counts that don't depend on the machine. A new index on these tables would show here."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import psycopg
import pytest

from portefeuille.core.formats import ogm
from portefeuille.core.ledger import Transfer
from portefeuille.wallet import posting
from portefeuille.wallet.models import Transfer as Row
from portefeuille.wallet.models import Wallet

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)

# Per transfer: its row, its place in the one index, and half of (lock + update in place) of the wallet's row.
MOST_RECORDS_PER_TRANSFER = 3.1


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


@pytest.mark.parametrize("lines", [1, 2_000])
def test_write_ahead_records_per_transfer(committed_db: str, lines: int) -> None:
    references = _wallets(lines)
    sql = posting._deposits_sql(lines=posting._GIVEN, code=Transfer.DEPOSIT)
    parameters = {
        "source": list(range(1, lines + 1)),
        "reference": references,
        "amount": [300_000] * lines,
        "entry_on": [date(2026, 3, 5)] * lines,
        "at": AT,
    }
    with psycopg.connect(committed_db) as connection:
        # The first change of a page after a checkpoint writes the whole page; run once before measuring.
        connection.execute(sql, {**parameters, "source": [-one for one in parameters["source"]]})
        connection.commit()
        [[plan]] = connection.execute(f"EXPLAIN (ANALYZE, WAL, FORMAT JSON) {sql}", parameters).fetchall()
        connection.commit()
    written = Row.objects.filter(source_id__gt=0).count()
    assert written == 2 * lines
    records = (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]["WAL Records"]
    assert records / written <= MOST_RECORDS_PER_TRANSFER, f"{records} records for {written} transfers"


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
