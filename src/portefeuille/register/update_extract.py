"""An update: the rows of entities that changed or ended are deleted, then those that are new or changed inserted.

Its files are small and are laid in temporary tables first, because what a deletion means shows from the insertions: an
enterprise that is deleted and not inserted again has ceased. It is kept, as it was last known, with the day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models, transaction
from django.db.utils import IntegrityError
from psycopg.errors import UniqueViolation

from portefeuille.core.errors import FileRefused
from portefeuille.core.formats import kbo_open_data as kbo
from portefeuille.register import search_entries
from portefeuille.register.copying import TABLES, Copier, columns_of, key_of, listed, run

_PLACES = ("establishment", "branch")
_NAMES = tuple(table.name for table, _ in TABLES)


def files() -> Iterable[kbo.Table]:
    """The files that are needed."""
    return [file for table, _ in TABLES for file in (table.deletions(), table.insertions())]


def load(copier: Copier, snapshot_on: date) -> tuple[dict[str, int], int]:
    """Bring the register up to date: the number of rows by file, and how many enterprises ceased."""
    rows = _lay_down(copier)
    ceased = _find_what_changes(snapshot_on)
    for table, model in TABLES:
        _delete(table, model)
    for table, model in TABLES:
        _insert(table, model)
    _renew_search()
    temporary = [
        "ceased",
        "kept",
        "freed",
        "touched",
        *(f"{kind}_{name}" for kind in ("gone", "new") for name in _NAMES),
    ]
    run(f"DROP TABLE {', '.join(temporary)}")
    return rows, ceased


def _lay_down(copier: Copier) -> dict[str, int]:
    """Every file in a temporary table: ``gone_...`` with numbers, ``new_...`` with rows."""
    gone, new = {}, {}
    for table, model in TABLES:
        run(f"CREATE TEMPORARY TABLE gone_{table.name} (number varchar(10)) ON COMMIT DROP")
        file = table.deletions()
        gone[file.name] = copier.copy(file, f"gone_{table.name}", ("number",))
        run(
            f"""CREATE TEMPORARY TABLE new_{table.name} ON COMMIT DROP AS
            SELECT {listed(model)} FROM {model._meta.db_table} WHERE false"""
        )
        file = table.insertions()
        new[file.name] = copier.copy(file, f"new_{table.name}", columns_of(model))
        run(f"ANALYZE gone_{table.name}, new_{table.name}")
    return gone | new


def _find_what_changes(snapshot_on: date) -> int:
    """Name the enterprises that ceased, whose rows are ``kept``; and the entities that come back, or that come for the
    first time under a number that we gave ourselves: what we had of them is ``freed``.
    """
    run(
        """CREATE TEMPORARY TABLE ceased ON COMMIT DROP AS
        SELECT number FROM register_enterprise WHERE number IN (SELECT number FROM gone_enterprise)
        AND number NOT IN (SELECT number FROM new_enterprise)"""
    )
    places = " ".join(
        f"""UNION ALL SELECT number FROM register_{name}
        WHERE enterprise_number IN (SELECT number FROM ceased) AND number NOT IN (SELECT number FROM new_{name})"""
        for name in _PLACES
    )
    run(f"CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT number FROM ceased {places}")
    run(
        """CREATE TEMPORARY TABLE freed ON COMMIT DROP AS
        SELECT number FROM register_enterprise WHERE number IN (SELECT number FROM new_enterprise)
        AND (ceased_on IS NOT NULL OR NOT from_extract)"""
    )
    for name in _PLACES:
        run(
            f"""INSERT INTO freed SELECT place.number FROM register_{name} AS place
            WHERE enterprise_number IN (SELECT number FROM freed)
            OR (number IN (SELECT number FROM new_{name}) AND enterprise_number IN (
                SELECT number FROM register_enterprise WHERE ceased_on IS NOT NULL OR NOT from_extract))"""
        )
    run("ANALYZE ceased, kept, freed")
    _note_what_is_touched()
    return run(
        """UPDATE register_enterprise SET ceased_on = %s
        WHERE number IN (SELECT number FROM ceased) AND ceased_on IS NULL""",
        snapshot_on,
    )


def _note_what_is_touched() -> None:
    """The enterprises whose entry in the search may change: as owners before the change, and after it."""
    numbers = " UNION ".join(
        f"SELECT number FROM gone_{table.name} UNION SELECT {key_of(model)} FROM new_{table.name}"
        for table, model in TABLES
    )
    run(
        f"""CREATE TEMPORARY TABLE touched ON COMMIT DROP AS
        WITH entity AS ({numbers} UNION SELECT number FROM freed)
        SELECT number FROM entity WHERE number < '2'
        UNION SELECT enterprise_number FROM register_establishment WHERE number IN (SELECT number FROM entity)
        UNION SELECT enterprise_number FROM new_establishment"""
    )
    run("ANALYZE touched")


def _delete(table: kbo.Table, model: type[models.Model]) -> None:
    key = key_of(model)
    run(
        f"""DELETE FROM {model._meta.db_table} WHERE {key} IN (
            (SELECT number FROM gone_{table.name} EXCEPT SELECT number FROM kept) UNION SELECT number FROM freed)"""
    )


def _insert(table: kbo.Table, model: type[models.Model]) -> None:
    try:
        with transaction.atomic():
            run(
                f"INSERT INTO {model._meta.db_table} ({listed(model)}) SELECT {listed(model)} FROM new_{table.name}"
            )
    except IntegrityError as problem:
        if not isinstance(problem.__cause__, UniqueViolation):
            raise
        raise FileRefused(
            f"{table.insertions().file_name}: een nummer staat al in het register, en niet in "
            f"{table.deletions().file_name} ({problem.__cause__.diag.message_detail})."
        ) from None


def _renew_search() -> None:
    search_entries.renew("SELECT number FROM touched")
