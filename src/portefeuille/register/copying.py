"""From the file of an extract into a table, by COPY: checked block by block, at a memory use that doesn't grow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, models

from portefeuille.core.formats import kbo_open_data as kbo
from portefeuille.core.formats.kbo_blocks import checked_blocks
from portefeuille.register.files import ExtractFiles
from portefeuille.register.models import (
    Activity,
    Address,
    Branch,
    Contact,
    Denomination,
    Enterprise,
    Establishment,
)

# Columns of a file and the first fields of its model stand in the same order.
TABLES: tuple[tuple[kbo.Table, type[models.Model]], ...] = (
    (kbo.ENTERPRISE, Enterprise),
    (kbo.ESTABLISHMENT, Establishment),
    (kbo.DENOMINATION, Denomination),
    (kbo.ADDRESS, Address),
    (kbo.CONTACT, Contact),
    (kbo.ACTIVITY, Activity),
    (kbo.BRANCH, Branch),
)
# Fields that no file has.
OURS = {"ceased_on", "from_extract"}


@dataclass(frozen=True, slots=True)
class Step:
    """How far a load is: the file, its rows so far, and the bytes of all files, done and in all. ``is_last`` ends the
    file.
    """

    name: str
    rows: int
    bytes_done: int
    bytes_in_all: int
    is_last: bool


Progress = Callable[[Step], None]


@dataclass(slots=True)
class Copier:
    """Copies the files of one extract, and tells how far it is."""

    files: ExtractFiles
    bytes_in_all: int
    tell: Progress | None = None
    bytes_done: int = field(default=0, init=False)

    def copy(self, table: kbo.Table, target: str, columns: tuple[str, ...], *, freeze: bool = False) -> int:
        """Copy a file into the table; the number of rows. ``freeze`` is for a table made in this transaction.

        Raises FileRefused with line and column.
        """
        rows = 0
        with self.files.pieces(table) as pieces, connection.cursor() as cursor:
            with cursor.copy(copy_statement(target, columns, freeze=freeze)) as copy:
                for block in _ahead(checked_blocks(table, pieces)):
                    copy.write(block.content)
                    rows += block.rows
                    self.bytes_done += block.size
                    self._told(table, rows)
            assert cursor.rowcount == rows, f"{table.file_name}: {rows} rows sent, {cursor.rowcount} stored"
        self._told(table, rows, is_last=True)
        return rows

    def say(self, what: str) -> None:
        """Tell that work goes on that has nothing to count."""
        if self.tell is not None:
            self.tell(Step(what, 0, self.bytes_done, self.bytes_in_all, is_last=True))

    def _told(self, table: kbo.Table, rows: int, *, is_last: bool = False) -> None:
        if self.tell is not None:
            self.tell(Step(table.file_name, rows, self.bytes_done, self.bytes_in_all, is_last))


def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a table that its file fills, in the order of the file."""
    return tuple(field.column for field in model._meta.concrete_fields if field.column not in OURS)


def key_of(model: type[models.Model]) -> str:
    """The column with the number of the enterprise, establishment or branch that a row is of."""
    return columns_of(model)[0]


def listed(model: type[models.Model]) -> str:
    """The same columns, as SQL lists them."""
    return ", ".join(f'"{column}"' for column in columns_of(model))


def run(statement: str, *values: object) -> int:
    """Run one statement; the number of rows that it found or changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return int(cursor.rowcount)


_DAYS = {
    field.column
    for _table, model in TABLES
    for field in model._meta.concrete_fields
    if isinstance(field, models.DateField)
}


def copy_statement(target: str, columns: tuple[str, ...], *, freeze: bool) -> str:
    """How the database is told to read the rows: a missing text is an empty one, a missing day is none."""
    texts = ", ".join(f'"{column}"' for column in columns if column not in _DAYS)
    named = ", ".join(f'"{column}"' for column in columns)
    how = f"FORMAT csv, FORCE_NOT_NULL ({texts}), FREEZE {'on' if freeze else 'off'}"
    return f"COPY {target} ({named}) FROM STDIN ({how})"


@contextmanager
def days_as_the_kbo_writes_them() -> Iterator[None]:
    """Within this, the database reads ``09-08-1960`` as 9 August."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW datestyle")
        (before,) = cursor.fetchone()
        cursor.execute("SET LOCAL datestyle TO 'ISO, DMY'")
        yield  # a refusal on the way takes the setting back with everything else
        cursor.execute("SELECT set_config('datestyle', %s, true)", [before])


def _ahead[T](items: Iterable[T]) -> Iterator[T]:
    """The same items, each made while the one before it is used: checking and storing take a processor each."""
    waiting = iter(items)
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = maker.submit(next, waiting, None)
        while (item := coming.result()) is not None:
            coming = maker.submit(next, waiting, None)
            yield item
