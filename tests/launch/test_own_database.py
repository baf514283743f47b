"""A PostgreSQL of somebody's own: used with the rights of an ordinary owner, or refused in one line."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from portefeuille.database.roles import ALL
from portefeuille.launch.failures import CannotStart
from portefeuille.launch.own_database import as_web, as_worker, must_serve
from portefeuille.launch.postgres import temporary_database


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("postgresql://me@db/kmo", "-c role="),
        ("postgresql://me@db/kmo?options=-c%20statement_timeout%3D1s", "-c statement_timeout=1s -c role="),
        ("host=db dbname=kmo", "-c role="),
    ],
)
def test_web_and_worker_take_roles_that_own_nothing(url: str, options: str) -> None:
    assert conninfo_to_dict(as_web(url))["options"] == f"{options}kmo_web"
    assert conninfo_to_dict(as_worker(url))["options"] == f"{options}kmo_worker -c kmo.role=system"


@pytest.mark.parametrize("url", ["http://example.org/database", "kmo", "postgresql://me@db/kmo?bogus=1"])
def test_what_is_no_address_is_one_line(url: str) -> None:
    for use in (as_web, as_worker, must_serve):
        with pytest.raises(CannotStart, match=r"^--database-url is geen adres .*postgresql://[^\n]*$"):
            use(url)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server where three people live: one who may make roles, one who may not, and a stranger."""
    with temporary_database() as database, psycopg.connect(database.owner_url, autocommit=True) as admin:
        for role in ALL:
            admin.execute(f"DROP ROLE {role}")
        admin.execute("CREATE ROLE maker LOGIN CREATEROLE")
        admin.execute("CREATE ROLE plain LOGIN")
        admin.execute("CREATE ROLE stranger LOGIN")
        admin.execute("CREATE DATABASE of_maker OWNER maker")
        admin.execute("CREATE DATABASE of_plain OWNER plain")
        admin.execute(
            "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0"
        )
        yield database.owner_url


@pytest.fixture
def admin(server: str) -> Iterator[psycopg.Connection]:
    """Its administrator; the platform's roles are gone after the test."""
    with psycopg.connect(server, autocommit=True) as connection:
        yield connection
        for role in ALL:
            connection.execute(f"DROP ROLE IF EXISTS {role}")


def refusal(url: str) -> str:
    with pytest.raises(CannotStart) as refused:
        must_serve(url)
    sentence = str(refused.value)
    assert "\n" not in sentence
    return sentence


def test_who_owns_the_database_and_may_make_roles_is_enough(server: str) -> None:
    must_serve(make_conninfo(server, user="maker", dbname="of_maker"))


def test_without_the_right_to_make_roles_the_administrator_is_told_what_to_do(
    server: str, admin: psycopg.Connection
) -> None:
    url = make_conninfo(server, user="plain", dbname="of_plain")
    assert refusal(url).endswith('CREATE ROLE kmo_report; GRANT kmo_report TO "plain";')
    for role in ALL:
        assert f'CREATE ROLE {role}; GRANT {role} TO "plain";' in refusal(url)
        admin.execute(f"CREATE ROLE {role}")
        assert f"GRANT {role}" in refusal(url)
        admin.execute(f'GRANT {role} TO "plain"')
    must_serve(url)


def test_a_role_that_somebody_else_made_is_not_ours_to_give(server: str, admin: psycopg.Connection) -> None:
    """PostgreSQL 16 and later; before, who may make roles may give every one."""
    admin.execute("CREATE ROLE kmo_web")
    assert "GRANT kmo_web" in refusal(make_conninfo(server, user="maker", dbname="of_maker"))


def test_who_may_make_no_tables_is_told_whose_address_to_give(server: str) -> None:
    assert "haar eigenaar" in refusal(make_conninfo(server, user="stranger", dbname="of_maker"))


def test_a_database_that_cannot_hold_every_name_is_refused(server: str) -> None:
    assert "ENCODING 'UTF8'" in refusal(make_conninfo(server, dbname="latin"))


@pytest.mark.parametrize(
    "changes", [{"dbname": "nowhere"}, {"user": "nobody"}, {"host": "/nowhere"}, {"host": "nowhere.invalid"}]
)
def test_what_does_not_answer_is_one_line(server: str, changes: dict[str, str]) -> None:
    assert refusal(make_conninfo(server, **changes)).endswith("Kijk het adres na.")


def test_what_is_too_old_is_one_line(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portefeuille.launch.own_database.LEAST_MAJOR", 99)
    assert refusal(server) == "PostgreSQL 18 is te oud. Geef met --database-url een 99 of later."
