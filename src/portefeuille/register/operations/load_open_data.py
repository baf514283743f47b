"""Load an extract of KBO Open Data, full or update, in one transaction.

Rows stream from file to table by COPY; memory use doesn't grow with the extract. Whoever reads meanwhile sees the
register as it was, and a refused or broken-off load leaves it as it was. Extracts are numbered: an update is taken only
right after the extract before it, a full one whenever it is newer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from portefeuille.core.errors import WrongState
from portefeuille.core.formats import kbo_open_data as kbo
from portefeuille.database.locks import one_at_a_time
from portefeuille.register import full_extract, update_extract
from portefeuille.register.copying import TABLES, Copier, Progress, days_as_the_kbo_writes_them
from portefeuille.register.files import ExtractFiles
from portefeuille.register.models import Code, Extract, NaceCode

_CODES_AT_ONCE = 2000


class OutOfOrder(WrongState):
    """An update that doesn't follow the last extract. ``expected`` is the number of the one that does."""

    def __init__(self, sentence: str, *, expected: int) -> None:
        super().__init__(sentence)
        self.expected = expected


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. ``already_loaded``: it is the register's last extract, so nothing was changed.

    ``rows`` is by file, as many as the file has. ``ceased`` counts the enterprises that this extract no longer shows.
    """

    number: int
    kind: str
    snapshot_on: date
    already_loaded: bool
    rows: dict[str, int] = field(default_factory=dict)
    ceased: int = 0


def load(path: Path | str, *, at: datetime, progress: Progress | None = None) -> LoadReport:
    """Bring the register to the extract in ``path`` (a folder or a zip file); a second time changes nothing.

    Raises FileRefused, with file, line and column, when anything is not as the KBO writes it; OutOfOrder for an update
    that doesn't follow the last extract; WrongState for a full extract that is older.
    """
    with ExtractFiles(Path(path)) as files:
        with files.lines(kbo.META) as lines:
            meta = kbo.read_meta(lines)
        return _load(files, meta, at, progress)


@transaction.atomic
def _load(files: ExtractFiles, meta: kbo.Meta, at: datetime, progress: Progress | None) -> LoadReport:
    one_at_a_time("register.load_open_data")
    last = Extract.objects.order_by("-number").first()
    if last is not None and last.number == meta.number:
        rows = _in_order(last.rows)
        return LoadReport(meta.number, meta.kind, last.snapshot_on, already_loaded=True, rows=rows)
    _must_follow(meta, last)
    part = full_extract if meta.kind == "full" else update_extract
    copier = Copier(files, sum(files.size(table) for table in part.files()), progress)
    with days_as_the_kbo_writes_them():
        rows, ceased = part.load(copier, meta.snapshot_on)
    if files.holds(kbo.CODE):
        rows[kbo.CODE.name] = _replace_codes(files)
    Extract.objects.create(
        number=meta.number, kind=meta.kind, snapshot_on=meta.snapshot_on, loaded_at=at, rows=rows
    )
    return LoadReport(
        meta.number, meta.kind, meta.snapshot_on, already_loaded=False, rows=rows, ceased=ceased
    )


def _must_follow(meta: kbo.Meta, last: Extract | None) -> None:
    if meta.kind == "update":
        if last is None:
            raise WrongState(f"Dit is bijwerking {meta.number}: laad eerst een volledig uittreksel.")
        if meta.number != last.number + 1:
            raise OutOfOrder(
                f"Dit is bijwerking {meta.number}, en het register staat op uittreksel {last.number}: "
                f"verwacht wordt uittreksel {last.number + 1}. "
                "Laad de bijwerkingen ertussen, of een volledig uittreksel.",
                expected=last.number + 1,
            )
    elif last is not None and meta.number < last.number:
        raise WrongState(
            f"Uittreksel {meta.number} is ouder dan uittreksel {last.number}, dat al geladen is. "
            "Geef een uittreksel met een hoger nummer."
        )


def _in_order(rows: dict[str, int]) -> dict[str, int]:
    """The database keeps an object's keys in an order of its own."""
    names = [table.name for table, _ in TABLES]
    order = [*names, *(f"{name}_{part}" for part in ("delete", "insert") for name in names), kbo.CODE.name]
    return {name: rows[name] for name in order if name in rows}


def _replace_codes(files: ExtractFiles) -> int:
    """The KBO's own words for its codes, those of activities in our lists too."""
    with files.lines(kbo.CODE) as lines:
        codes = [Code(**dict(zip(_CODE_FIELDS, row, strict=True))) for row in kbo.records(kbo.CODE, lines)]
    Code.objects.all().delete()
    Code.objects.bulk_create(codes, batch_size=_CODES_AT_ONCE)
    activities = {
        (code.category.removeprefix("Nace"), code.code): code.description
        for code in codes
        if code.category.startswith("Nace") and code.language == "NL"
    }
    NaceCode.objects.bulk_create(
        [NaceCode(version=version, code=code, label=label) for (version, code), label in activities.items()],
        update_conflicts=True,
        unique_fields=["version", "code"],
        update_fields=["label"],
        batch_size=_CODES_AT_ONCE,
    )
    return len(codes)


_CODE_FIELDS = ("category", "code", "language", "description")
