"""The walls beneath the application: every table has one or says why not, and nobody can step over them."""

from __future__ import annotations

import psycopg
import pytest

from portefeuille.database.roles import ALL, REPORT
from portefeuille.database.walls import BEHIND_A_VIEW, OPEN, WALLS


def test_every_table_has_a_wall_or_a_reason_to_be_open(owner_connection: psycopg.Connection) -> None:
    tables = {
        name
        for (name,) in owner_connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }
    assert WALLS.keys() | OPEN.keys() | BEHIND_A_VIEW.keys() == tables
    assert not WALLS.keys() & OPEN.keys()
    assert all(OPEN.values())


def test_every_wall_stands(owner_connection: psycopg.Connection) -> None:
    standing = owner_connection.execute(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    assert {name for (name,) in standing} == set(WALLS)
    policies = owner_connection.execute("SELECT tablename, count(*) FROM pg_policies GROUP BY 1").fetchall()
    assert dict(policies) == dict.fromkeys(WALLS, 5)


@pytest.mark.parametrize("role", ALL)
def test_nobody_connects_who_could_step_over_a_wall(owner_connection: psycopg.Connection, role: str) -> None:
    rights = owner_connection.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s", [role]
    ).fetchone()
    assert rights == (False, False, False, False)
    owned = owner_connection.execute(
        "SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", [role]
    ).fetchone()
    assert owned == (0,)


def test_reports_read_and_read_no_session(owner_connection: psycopg.Connection) -> None:
    """The key of a session is all that it takes to be somebody."""
    rights = owner_connection.execute(
        """SELECT tablename, has_table_privilege(%(role)s, tablename::regclass, 'SELECT'),
                  has_table_privilege(%(role)s, tablename::regclass, 'INSERT, UPDATE, DELETE, TRUNCATE')
           FROM pg_tables WHERE schemaname = 'public'""",
        {"role": REPORT},
    ).fetchall()
    assert {name for name, may_read, _ in rights if not may_read} == {"django_session", *BEHIND_A_VIEW}
    assert not any(may_write for *_, may_write in rights)
