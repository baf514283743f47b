from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portefeuille.database.prepared import prepared_cursor

pytestmark = pytest.mark.django_db


def kept() -> list[tuple[int, int]]:
    """How often each prepared statement ran on the general plan, and on one of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE NOT from_sql")
        return cursor.fetchall()


def test_a_statement_is_planned_once_whatever_its_values(db: None) -> None:
    before = kept()
    for value in range(12):
        with prepared_cursor() as cursor:
            cursor.execute("SELECT %s::int + %s::int", [value, 1])
            assert cursor.fetchone() == (value + 1,)
    assert sorted(kept()) == sorted([*before, (12, 0)])


def test_it_stands_in_the_frameworks_log_and_transaction() -> None:
    with CaptureQueriesContext(connection) as asked, prepared_cursor() as cursor:
        cursor.execute("SELECT %(value)s::text", {"value": "é"})
    assert [query["sql"] for query in asked] != []
    with pytest.raises(IntegrityError), transaction.atomic(), prepared_cursor() as cursor:
        cursor.execute("INSERT INTO budget_budget (scheme) VALUES (%s)", ["gids"])
    assert connection.is_usable()
