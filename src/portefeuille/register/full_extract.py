"""A full extract: loaded into tables beside the register, which then take its place.

What it doesn't show any more is kept, as it was last known, with the day on which it was missed: decisions keep their
party. So are the enterprises that no extract ever brought.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date

from django.db import models, transaction
from django.db.utils import IntegrityError, OperationalError
from psycopg.errors import LockNotAvailable, UniqueViolation

from portefeuille.core.errors import FileRefused, WrongState
from portefeuille.core.formats import kbo_open_data as kbo
from portefeuille.register import search_entries
from portefeuille.register.copying import TABLES, Copier, columns_of, key_of, listed, run
from portefeuille.register.models import Enterprise

NEXT = "register_next_"

# Readers take milliseconds; a report may take a minute.
SWAP_ATTEMPTS = 1200
SWAP_PAUSE_SECONDS = 0.1


def files() -> Iterable[kbo.Table]:
    """The files that are needed."""
    return [table for table, _ in TABLES]


def load(copier: Copier, snapshot_on: date) -> tuple[dict[str, int], int]:
    """Replace the register: the number of rows by file, and how many enterprises were found to have ceased."""
    run("SELECT register_next_begin()")
    # The tables are of this transaction, so their rows can be stored as if they had always been there: freeze.
    rows = {
        table.name: copier.copy(table, _next(model), columns_of(model), freeze=True)
        for table, model in TABLES
    }
    ceased = _keep_what_is_missed(snapshot_on)
    copier.say("search")
    run("SET LOCAL work_mem = '128MB'")
    search_entries.fill(NEXT)
    copier.say("indexes")
    _index()
    _swap()
    return rows, ceased


def _next(model: type[models.Model]) -> str:
    return model._meta.db_table.replace("register_", NEXT)


def _keep_what_is_missed(snapshot_on: date) -> int:
    """Bring over every enterprise that the extract lacks, with all that was known of it; how many ceased just now."""
    run(
        f"""CREATE TEMPORARY TABLE missed ON COMMIT DROP AS
        SELECT number, from_extract AND ceased_on IS NULL AS ceased_now FROM register_enterprise AS old
        WHERE NOT EXISTS (SELECT FROM {NEXT}enterprise AS new WHERE new.number = old.number)"""
    )
    # A place that the extract gives to another enterprise is that one's now.
    places = " ".join(
        f"""UNION ALL SELECT old.number FROM register_{name} AS old JOIN missed ON missed.number = enterprise_number
        WHERE NOT EXISTS (SELECT FROM {NEXT}{name} AS new WHERE new.number = old.number)"""
        for name in ("establishment", "branch")
    )
    run(f"CREATE TEMPORARY TABLE missed_entity ON COMMIT DROP AS SELECT number FROM missed {places}")
    run("ANALYZE missed_entity")
    for _table, model in TABLES:
        if model is Enterprise:
            ours, values = (
                ", from_extract, CASE WHEN from_extract THEN coalesce(ceased_on, %s) END",
                [snapshot_on],
            )
        else:
            ours, values = "", []
        run(
            f"""INSERT INTO {_next(model)} ({listed(model)}{", from_extract, ceased_on" if ours else ""})
            SELECT {listed(model)}{ours} FROM {model._meta.db_table}
            WHERE {key_of(model)} IN (SELECT number FROM missed_entity)""",
            *values,
        )
    ceased = run("SELECT FROM missed WHERE ceased_now")
    run("DROP TABLE missed, missed_entity")
    return ceased


def _index() -> None:
    try:
        with transaction.atomic():
            run("SELECT register_next_index()")
    except IntegrityError as problem:
        if not isinstance(problem.__cause__, UniqueViolation):
            raise
        diagnosis = problem.__cause__.diag
        raise FileRefused(
            f"{str(diagnosis.table_name).removeprefix(NEXT)}.csv: "
            f"een nummer staat er meer dan eens in ({diagnosis.message_detail})."
        ) from None


def _swap() -> None:
    """Put the new tables in the place of the old ones as soon as nobody reads these, without making anybody wait."""
    for _attempt in range(SWAP_ATTEMPTS):
        try:
            with transaction.atomic():
                run("SELECT register_next_swap()")
        except OperationalError as problem:
            if not isinstance(problem.__cause__, LockNotAvailable):
                raise
            time.sleep(SWAP_PAUSE_SECONDS)
        else:
            return
    raise WrongState(
        "Het register wordt voortdurend gelezen, dus het nieuwe kan de plaats van het oude niet innemen. "
        "Sluit wat er lang in leest, en laad opnieuw."
    )
