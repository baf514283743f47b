"""Somebody's own PostgreSQL: what must be true of it before anything is laid in it."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from portefeuille.database.roles import ALL, AS_PLATFORM, WEB, WORKER
from portefeuille.launch.failures import CannotStart

LEAST_MAJOR = 15
_PATIENCE_SECONDS = 10

# May this user become a role: as a superuser, as its member, or because it may hand it out? Since
# 16 the right to make roles is no right to hand out the ones that others made.
_MAY_GIVE_ROLE = """
SELECT me.rolsuper OR CASE
    WHEN app.oid IS NULL THEN me.rolcreaterole
    WHEN current_setting('server_version_num')::int >= 160000 THEN pg_has_role(app.oid, 'MEMBER')
    ELSE me.rolcreaterole OR pg_has_role(app.oid, 'MEMBER') END
FROM pg_roles AS me LEFT JOIN pg_roles AS app ON app.rolname = %s
WHERE me.rolname = current_user
"""


def as_web(url: str) -> str:
    """The same address, in the web's role, which owns nothing. Raises CannotStart for what is no address."""
    return _as_role(url, f"-c role={WEB}")


def as_worker(url: str) -> str:
    """The same address, in the worker's role, as the platform itself. Raises CannotStart likewise."""
    return _as_role(url, f"-c role={WORKER} {AS_PLATFORM}")


def _as_role(url: str, options: str) -> str:
    return make_conninfo(url, options=f"{_read(url).get('options', '')} {options}".strip())


def must_serve(url: str) -> None:
    """Connect as the owner, and see whether the platform can live there. Raises CannotStart."""
    _read(url)
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=_PATIENCE_SECONDS)
    except psycopg.OperationalError as problem:
        raise CannotStart(
            f"De databank van --database-url antwoordt niet: {_one_line(problem)}. Kijk het adres na."
        ) from problem
    with connection:
        _must_be_recent(connection)
        _must_hold_any_text(connection)
        _must_be_ours(connection)
        _must_give_role(connection)


def _read(url: str) -> dict[str, object]:
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError as problem:
        raise CannotStart(
            f"--database-url is geen adres van een PostgreSQL: {_one_line(problem)}. "
            "Geef er een zoals postgresql://eigenaar@machine/databank."
        ) from problem


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split()).removesuffix(".")


def _ask(connection: psycopg.Connection, query: str, *values: object) -> object:
    row = connection.execute(query.encode(), values).fetchone()
    return None if row is None else row[0]


def _must_be_recent(connection: psycopg.Connection) -> None:
    major = connection.info.server_version // 10_000
    if major < LEAST_MAJOR:
        raise CannotStart(
            f"PostgreSQL {major} is te oud. Geef met --database-url een {LEAST_MAJOR} of later."
        )


def _must_hold_any_text(connection: psycopg.Connection) -> None:
    encoding = _ask(connection, "SHOW server_encoding")
    if encoding != "UTF8":
        raise CannotStart(
            f"De databank {connection.info.dbname} bewaart tekst als {encoding}. "
            "Maak een andere met ENCODING 'UTF8' TEMPLATE template0."
        )


def _must_be_ours(connection: psycopg.Connection) -> None:
    if not _ask(connection, "SELECT has_schema_privilege(current_user, 'public', 'CREATE')"):
        raise CannotStart(
            f"{connection.info.user} mag in de databank {connection.info.dbname} geen tabellen maken. "
            "Geef met --database-url het adres van haar eigenaar."
        )


def _must_give_role(connection: psycopg.Connection) -> None:
    missing = [role for role in ALL if not _ask(connection, _MAY_GIVE_ROLE, role)]
    if missing:
        user = connection.info.user
        cure = " ".join(f'CREATE ROLE {role}; GRANT {role} TO "{user}";' for role in missing)
        raise CannotStart(
            f"Het platform werkt met de rollen {', '.join(missing)}, en {user} mag die niet maken of geven. "
            f"Laat de beheerder van die PostgreSQL dit uitvoeren: {cure}"
        )
