"""Bringing a database to this release."""

from __future__ import annotations

import psycopg
import pytest
from tests.cli.commands import kmo

from portefeuille.database.roles import REPORT, WEB, WORKER


@pytest.fixture
def later(owner_connection: psycopg.Connection) -> None:
    """The mark of a release that does not exist yet, in the test's own database; gone after the test."""
    owner_connection.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('wallet', '9999_later', now())"
    )
    yield
    owner_connection.execute("DELETE FROM django_migrations WHERE name = '9999_later'")


def prepare(url: str) -> tuple[int, str]:
    done = kmo(
        "manage",
        "prepare_database",
        KMO_DATABASE_URL=url,
        DJANGO_SETTINGS_MODULE="portefeuille.settings.story",
    )
    return done.returncode, done.stderr.decode()


def test_preparing_again_is_harmless(owner_url: str, django_db_setup: None) -> None:
    assert prepare(owner_url) == (0, "")


def test_a_database_of_a_later_release_is_left_alone(owner_url: str, later: None) -> None:
    code, said = prepare(owner_url)
    assert code == 1
    assert said.startswith("kmo manage: Deze databank is gemaakt door een latere versie")
    assert "wallet.9999_later" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (REPORT, "SELECT session_key FROM django_session"),
        (WEB, "UPDATE register_enterprise SET situation = '000'"),
        (WEB, "DELETE FROM register_searchentry"),
        (WEB, "SELECT register_next_begin()"),
        (WEB, "SELECT register_next_index()"),
        (WEB, "SELECT register_next_swap()"),
        (WEB, "SELECT setval('history_event_id_seq', 1)"),
        (WORKER, "SELECT setval('messages_message_id_seq', 1)"),
    ],
)
def test_no_role_may_more_than_it_needs(
    owner_connection: psycopg.Connection, role: str, statement: str
) -> None:
    """A key of a session is a sign-in; the functions run as the owner; a sequence turned back stops work."""
    owner_connection.execute(f"SET ROLE {role}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner_connection.execute(statement)
