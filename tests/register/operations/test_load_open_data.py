from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from portefeuille.core.errors import FileRefused, WrongState
from portefeuille.register import models, queries
from portefeuille.register.copying import TABLES, Step, columns_of
from portefeuille.register.operations.load_open_data import OutOfOrder, load

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TINY = {
    "enterprise": 4,
    "establishment": 2,
    "denomination": 8,
    "address": 6,
    "contact": 1,
    "activity": 6,
    "branch": 1,
}

pytestmark = pytest.mark.django_db


def stored() -> dict[str, int]:
    return {table.name: model.objects.count() for table, model in TABLES}  # type: ignore[attr-defined]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def zipped(folder: Path, inside: str = "") -> Path:
    path = folder.parent / "KboOpenData_0130_2025_01_Full.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, inside + file.name)
    return path


def test_every_row_of_a_folder_is_loaded(extract: Path) -> None:
    report = load(extract, at=AT)
    assert (report.number, report.snapshot_on, report.already_loaded) == (130, date(2025, 1, 4), False)
    assert report.rows == TINY == stored()


@pytest.mark.parametrize("inside", ["", "KboOpenData_0130/"])
def test_every_row_of_a_zip_file_is_loaded(extract: Path, inside: str) -> None:
    assert load(zipped(extract, inside), at=AT).rows == TINY == stored()


def test_every_row_of_the_real_extract_is_loaded(real_extract: Path) -> None:
    report = load(real_extract, at=AT)
    assert report.number == 127
    assert report.rows == stored()
    assert report.rows == {
        "enterprise": 187,
        "establishment": 53,
        "denomination": 86,
        "address": 187,
        "contact": 33,
        "activity": 327,
        "branch": 2,
    }
    farys = queries.enterprise("0200.068.636")
    assert (farys.name, farys.region) == ("Farys", "flanders")


def test_the_same_extract_twice_changes_nothing(extract: Path) -> None:
    first = load(extract, at=AT)
    before = list(
        models.Activity.objects.order_by("entity_number", "group", "nace_version", "nace_code").values_list()
    )
    again = load(extract, at=AT.replace(year=2027))
    assert again.already_loaded
    assert list(again.rows.items()) == list(first.rows.items())
    assert (
        list(
            models.Activity.objects.order_by(
                "entity_number", "group", "nace_version", "nace_code"
            ).values_list()
        )
        == before
    )
    assert models.Extract.objects.get().loaded_at == AT


def test_a_later_extract_replaces_the_register(extract: Path) -> None:
    load(extract, at=AT)
    change(extract / "meta.csv", '"130"', '"131"')
    change(extract / "enterprise.csv", '"1998.000.357","AC","050","2","014",,01-07-1991\n', "")
    report = load(extract, at=AT)
    assert report.rows["enterprise"] == models.Enterprise.objects.filter(ceased_on=None).count() == 3
    assert report.ceased == 1
    assert queries.last_extract() == (131, date(2025, 1, 4))


def test_an_earlier_extract_is_refused(extract: Path) -> None:
    load(extract, at=AT)
    change(extract / "meta.csv", '"130"', '"129"')
    with pytest.raises(WrongState, match="129 is ouder dan uittreksel 130"):
        load(extract, at=AT)


def test_an_update_is_refused_with_the_number_that_would_follow(extract: Path) -> None:
    load(extract, at=AT)
    change(extract / "meta.csv", '"full"', '"update"')
    change(extract / "meta.csv", '"130"', '"147"')
    with pytest.raises(OutOfOrder, match="verwacht wordt uittreksel 131") as refused:
        load(extract, at=AT)
    assert refused.value.expected == 131


def test_an_update_before_any_extract_is_refused(extract: Path) -> None:
    change(extract / "meta.csv", '"full"', '"update"')
    with pytest.raises(WrongState, match="laad eerst een volledig uittreksel"):
        load(extract, at=AT)


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("activity.csv", '"006"', "6", "activity.csv, regel 3, kolom ActivityGroup"),
        ("activity.csv", '"01110"', '"1110', "activity.csv, regel 5"),
        ("enterprise.csv", "29-02-2000", "29/02/2000", "enterprise.csv, regel 2, kolom StartDate"),
        ("enterprise.csv", "29-02-2000", "29-02-2001", "enterprise.csv, regel 2, kolom StartDate"),
        ("address.csv", '"9000"', "9000", "address.csv, regel 3, kolom Zipcode"),
        ("branch.csv", '"Id"', "Id", "branch.csv, regel 1"),
        ("meta.csv", '"130"', '""', "meta.csv: bij ExtractNumber"),
    ],
)
def test_a_mangled_file_is_refused_with_the_line_and_the_register_stays(
    extract: Path, tmp_path: Path, file: str, old: str, new: str, where: str
) -> None:
    load(extract, at=AT)
    later = Path(shutil.copytree(extract, tmp_path / "later"))
    change(later / "meta.csv", '"130"', '"131"')
    change(later / file, '"131"' if old == '"130"' else old, new)
    with pytest.raises(FileRefused) as refused:
        load(later, at=AT)
    assert where in str(refused.value)
    assert stored() == TINY
    assert queries.last_extract() == (130, date(2025, 1, 4))


def test_a_number_that_comes_twice_is_refused(extract: Path) -> None:
    change(extract / "enterprise.csv", "1998.000.258", "1998.000.159")
    with pytest.raises(
        FileRefused, match=r"enterprise\.csv: een nummer staat er meer dan eens in .*1998000159"
    ):
        load(extract, at=AT)


def test_a_missing_file_is_refused_by_name(extract: Path) -> None:
    (extract / "contact.csv").unlink()
    with pytest.raises(FileRefused, match=r"contact\.csv ontbreekt"):
        load(extract, at=AT)
    with pytest.raises(FileRefused, match=r"contact\.csv ontbreekt"):
        load(zipped(extract), at=AT)


def test_what_is_no_extract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="bestaat niet"):
        load(tmp_path / "nothing", at=AT)
    (tmp_path / "half.zip").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(FileRefused, match="zip-bestand"):
        load(tmp_path / "half.zip", at=AT)


def test_names_of_files_may_be_in_capitals(extract: Path) -> None:
    (extract / "branch.csv").rename(extract / "Branch.CSV")
    assert load(zipped(extract), at=AT).rows == TINY
    assert load(extract, at=AT).already_loaded


def test_two_extracts_in_one_zip_file_are_refused(extract: Path) -> None:
    path = zipped(extract)
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(extract / "meta.csv", "other/meta.csv")
    with pytest.raises(FileRefused, match=r"meta\.csv staat er meer dan eens"):
        load(path, at=AT)


@pytest.mark.parametrize("at", range(0, 80, 8))
def test_a_zip_file_with_one_changed_byte_is_refused(extract: Path, at: int) -> None:
    path = zipped(extract)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("address.csv")
    content = bytearray(path.read_bytes())
    content[info.header_offset + 30 + len("address.csv") + at] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=r"address\.csv"):
        load(path, at=AT)


def test_a_file_in_another_encoding_is_refused(extract: Path) -> None:
    path = extract / "denomination.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    with pytest.raises(FileRefused, match=r"denomination\.csv.*UTF-8"):
        load(extract, at=AT)


def test_progress_tells_every_file_and_its_rows(extract: Path) -> None:
    told: list[Step] = []
    load(extract, at=AT, progress=told.append)
    files = [(one.name.removesuffix(".csv"), one.rows) for one in told if one.is_last and one.rows]
    assert files == list(TINY.items())
    in_all = sum((extract / f"{name}.csv").stat().st_size for name in TINY)
    assert {one.bytes_in_all for one in told} == {in_all}
    assert told[-1].bytes_done == in_all
    assert [one.bytes_done for one in told] == sorted(one.bytes_done for one in told)


def test_columns_and_fields_stand_in_the_same_order() -> None:
    for table, model in TABLES:
        assert len(columns_of(model)) == len(table.columns), table.name


def test_a_text_with_a_line_that_old_databases_take_for_the_end_is_loaded_whole(extract: Path) -> None:
    path = extract / "denomination.csv"
    change(path, "wast\nen", "wast\n\\.\nen")
    assert load(extract, at=AT).rows == TINY == stored()
    names = models.Denomination.objects.filter(entity_number="1998000258", kind="003")
    assert names.get().name == "Mia knipt, wast\n\\.\nen droogt"


def test_windows_row_ends_and_missing_last_ends_are_loaded(extract: Path) -> None:
    for path in extract.glob("*.csv"):
        path.write_bytes(path.read_bytes().rstrip(b"\n").replace(b"\n", b"\r\n"))
    assert load(extract, at=AT).rows == TINY == stored()
    assert queries.enterprise("1998000258").name == "Janssens, Mia"
