"""Tables whose rows are never changed: web and worker lack the right, and a trigger refuses the owner too."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from portefeuille.database.append_only import APPEND_ONLY

CHANGES = {
    "UPDATE": "UPDATE {table} SET {column} = {column}",
    "DELETE": "DELETE FROM {table}",
    "TRUNCATE": "TRUNCATE {table}",
}
COLUMN = {"wallet_transfer": "source_id"}


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_them(db: None, owner_connection: psycopg.Connection, table: str, change: str) -> None:
    statement = CHANGES[change].format(table=table, column=COLUMN.get(table, "id"))
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    with pytest.raises(psycopg.errors.RestrictViolation, match="never changed"):
        owner_connection.execute(statement)
