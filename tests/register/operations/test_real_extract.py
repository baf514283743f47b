"""The KBO's own files: every row counted by another reader, and updates that follow on them or don't."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.register.operations.test_updates import write_update, zipped

from portefeuille.register import models, queries
from portefeuille.register.copying import TABLES
from portefeuille.register.operations.load_open_data import OutOfOrder, load

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FARYS = "0200068636"

pytestmark = pytest.mark.django_db


def read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def counted(folder: Path) -> dict[str, int]:
    """How many rows the files have, without a line of the platform's own code."""
    return {path.stem: sum(1 for _ in read(path)) for path in folder.glob("*.csv") if path.stem != "meta"}


def _day(text: str) -> date:
    day, month, year = (int(part) for part in text.split("-"))
    return date(year, month, day)


def stored() -> dict[str, int]:
    return {table.name: model.objects.count() for table, model in TABLES}  # type: ignore[attr-defined]


@pytest.fixture
def real_update(shared_data: Path) -> Path:
    """The real update 147 of 11 October 2025."""
    return shared_data / "samples" / "kbo" / "update_0147"


@pytest.mark.parametrize("as_zip", [False, True])
def test_every_row_is_loaded(real_extract: Path, as_zip: bool, tmp_path: Path) -> None:
    path = real_extract
    if as_zip:
        (tmp_path / real_extract.name).symlink_to(real_extract)
        path = zipped(tmp_path / real_extract.name)
    report = load(path, at=AT)
    assert (report.number, report.kind) == (127, "full")
    assert report.rows == stored() == counted(real_extract)


def test_every_value_is_loaded(real_extract: Path) -> None:
    load(real_extract, at=AT)
    names = [
        (
            row["EntityNumber"].replace(".", ""),
            row["Language"],
            row["TypeOfDenomination"],
            row["Denomination"],
        )
        for row in read(real_extract / "denomination.csv")
    ]
    held = models.Denomination.objects.values_list("entity_number", "language", "kind", "name")
    assert sorted(held) == sorted(names)
    for row in read(real_extract / "enterprise.csv"):
        day = _day(row["StartDate"])
        assert queries.enterprise(row["EnterpriseNumber"]).start_date == day


def test_twice_has_no_effect(real_extract: Path) -> None:
    load(real_extract, at=AT)
    before = {model: sorted(model.objects.values_list(), key=str) for _, model in TABLES}  # type: ignore[attr-defined]
    assert load(real_extract, at=AT).already_loaded
    assert before == {model: sorted(model.objects.values_list(), key=str) for _, model in TABLES}  # type: ignore[attr-defined]


def test_update_147_is_refused_after_127(real_extract: Path, real_update: Path) -> None:
    load(real_extract, at=AT)
    with pytest.raises(OutOfOrder, match="verwacht wordt uittreksel 128") as refused:
        load(real_update, at=AT)
    assert refused.value.expected == 128
    assert stored() == counted(real_extract)


def test_an_update_128_deletes_and_inserts(real_extract: Path, tmp_path: Path) -> None:
    load(real_extract, at=AT)
    rows = stored()
    update = write_update(
        tmp_path / "update_0128",
        128,
        {
            "enterprise_delete": ['"0200.068.636"', '"0200.065.765"'],
            "enterprise_insert": [
                '"0200.065.765","AC","010","2","416",,09-08-1960',
                '"1998.000.159","AC","000","2","610",,31-08-2024',
            ],
            "address_delete": ['"0200.065.765"'],
            "contact_insert": ['"1998.000.159","ENT","EMAIL","info@bijons.example"'],
        },
        snapshot="31-08-2024",
    )
    report = load(update, at=AT)
    assert (report.number, report.ceased) == (128, 1)
    assert stored() == {
        **rows,
        "enterprise": rows["enterprise"] + 1,  # one is new; of the two deleted one came back and one is kept
        "address": rows["address"] - 1,
        "contact": rows["contact"] + 1,
    }
    assert queries.enterprise(FARYS).ceased_on == date(2024, 8, 31)
    assert queries.enterprise(FARYS).name == "Farys"
    assert queries.enterprise("0200.065.765").situation == "010"
    assert queries.enterprise("0200.065.765").seat is None


def test_the_rows_of_the_real_update_go_in_when_their_turn_comes(
    real_extract: Path, real_update: Path
) -> None:
    load(real_extract, at=AT)
    models.Extract.objects.update(number=146)
    report = load(real_update, at=AT)
    assert report.rows == counted(real_update)
    new = {row["EnterpriseNumber"].replace(".", "") for row in read(real_update / "enterprise_insert.csv")}
    assert (
        set(models.Enterprise.objects.filter(pk__in=new, ceased_on=None).values_list("pk", flat=True)) == new
    )
    assert {found.number for found in queries.search("VGDsolutions")} == {"1029025785"}
