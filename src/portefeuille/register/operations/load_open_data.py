"""Load a full extract of KBO Open Data: the register becomes what the extract says, in one transaction.

Rows stream from file to table by COPY; memory use doesn't grow with the extract. Whoever reads meanwhile sees
the register as it was, and a refused file leaves it as it was. An update (rows deleted, rows inserted) will
be another operation in this folder: it must follow the last extract without a gap, and shares everything
below but ``_replace``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import connection, models, transaction
from psycopg.errors import UniqueViolation

from portefeuille.core.errors import FileRefused, WrongState
from portefeuille.core.formats import kbo_open_data as kbo
from portefeuille.register.files import ExtractFiles
from portefeuille.register.models import (
    Activity,
    Address,
    Branch,
    Contact,
    Denomination,
    Enterprise,
    Establishment,
    Extract,
)

# Columns of a file and fields of its model stand in the same order.
TABLES: tuple[tuple[kbo.Table, type[models.Model]], ...] = (
    (kbo.ENTERPRISE, Enterprise),
    (kbo.ESTABLISHMENT, Establishment),
    (kbo.DENOMINATION, Denomination),
    (kbo.ADDRESS, Address),
    (kbo.CONTACT, Contact),
    (kbo.ACTIVITY, Activity),
    (kbo.BRANCH, Branch),
)

PROGRESS_ROWS = 50_000

# Called with the name of the file and the number of its rows done so far.
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. ``already_loaded``: it is the register's last extract, so nothing was changed."""

    number: int
    snapshot_on: date
    already_loaded: bool
    rows: dict[str, int] = field(default_factory=dict)


def load(path: Path | str, *, at: datetime, progress: Progress | None = None) -> LoadReport:
    """Replace the register by the full extract in ``path`` (a folder or a zip file); a second time changes
    nothing.

    Raises FileRefused, with file, line and column, when anything is not as the KBO writes it, and WrongState
    when the register already holds a later extract.
    """
    with ExtractFiles(Path(path)) as files:
        with files.lines(kbo.META) as lines:
            meta = kbo.read_meta(lines)
        _must_be_full(meta)
        return _load(files, meta, at, progress)


@transaction.atomic
def _load(files: ExtractFiles, meta: kbo.Meta, at: datetime, progress: Progress | None) -> LoadReport:
    _one_load_at_a_time()
    last = Extract.objects.order_by("-number").first()
    if last is not None and last.number == meta.number:
        return LoadReport(meta.number, last.snapshot_on, already_loaded=True, rows=_in_order(last.rows))
    _must_be_later(meta, last)
    rows = {table.name: _replace(files, table, model, progress) for table, model in TABLES}
    Extract.objects.create(
        number=meta.number, kind=meta.kind, snapshot_on=meta.snapshot_on, loaded_at=at, rows=rows
    )
    return LoadReport(meta.number, meta.snapshot_on, already_loaded=False, rows=rows)


def _must_be_full(meta: kbo.Meta) -> None:
    if meta.kind == "full":
        return
    last = Extract.objects.order_by("-number").first()
    expected = (
        "laad eerst een volledig uittreksel"
        if last is None
        else f"verwacht wordt uittreksel {last.number + 1}"
    )
    if last is not None and meta.number == last.number + 1:
        expected = "bijwerkingen worden nog niet geladen, geef het volledige uittreksel"
    raise WrongState(f"Dit is bijwerking {meta.number}, geen volledig uittreksel: {expected}.")


def _must_be_later(meta: kbo.Meta, last: Extract | None) -> None:
    if last is not None and meta.number < last.number:
        raise WrongState(
            f"Uittreksel {meta.number} is ouder dan uittreksel {last.number}, dat al geladen is. "
            f"Geef een uittreksel met een hoger nummer."
        )


def _in_order(rows: dict[str, int]) -> dict[str, int]:
    """The database keeps an object's keys in an order of its own."""
    return {table.name: rows[table.name] for table, _ in TABLES}


def _one_load_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('register.load_open_data'))")


def _replace(
    files: ExtractFiles, table: kbo.Table, model: type[models.Model], progress: Progress | None
) -> int:
    """Empty the table and fill it from its file; the number of rows."""
    name = model._meta.db_table
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if field.column != "id")
    with connection.cursor() as cursor, files.lines(table) as lines:
        cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - web and worker have no right to TRUNCATE
        try:
            with cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
                return _copy_rows(copy.write_row, kbo.records(table, lines), table.name, progress)
        except UniqueViolation as problem:
            raise FileRefused(
                f"{table.file_name}: een nummer staat er meer dan eens in ({problem.diag.message_detail})."
            ) from None


def _copy_rows(
    write_row: Callable[[kbo.Row], None], rows: Iterable[kbo.Row], name: str, progress: Progress | None
) -> int:
    done = 0
    for done, row in enumerate(rows, start=1):
        write_row(row)
        if progress is not None and done % PROGRESS_ROWS == 0:
            progress(name, done)
    if progress is not None:
        progress(name, done)
    return done
