"""Locks on a name, for what may have no row yet to lock."""

from __future__ import annotations

from django.db import connection


def one_at_a_time(name: str) -> None:
    """Wait for whoever else holds this name, and hold it until the transaction ends."""
    assert connection.in_atomic_block, "outside a transaction the lock would end at once"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
