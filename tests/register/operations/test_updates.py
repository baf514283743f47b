"""Updates of the register: deletes, then inserts, in one transaction; what ceased stays, with our day."""

from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from portefeuille.core.errors import FileRefused
from portefeuille.core.formats import kbo_open_data as kbo
from portefeuille.register import models, queries
from portefeuille.register.copying import TABLES
from portefeuille.register.operations.add_enterprise import GivenEstablishment, add_enterprise
from portefeuille.register.operations.load_open_data import OutOfOrder, load
from portefeuille.register.queries import Address

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BIJ_ONS, MIA, LINDEHOF, TULP = "1998000159", "1998000258", "1998000357", "1998000456"

pytestmark = pytest.mark.django_db


def write_update(
    folder: Path, number: int, files: dict[str, list[str]], snapshot: str = "05-01-2025"
) -> Path:
    """An update extract: the rows given, and every other file with its header only."""
    folder.mkdir()
    said = {"SnapshotDate": snapshot, "ExtractType": "update", "ExtractNumber": str(number)}
    lines = [kbo.META.header, *(f'"{name}","{value}"' for name, value in said.items())]
    (folder / "meta.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for table, _ in TABLES:
        for file in (table.deletions(), table.insertions()):
            rows = files.pop(file.name, [])
            text = "\n".join([file.header, *rows]) + "\n"
            (folder / file.file_name).write_text(text, encoding="utf-8")
    assert not files, f"there is no such file: {files}"
    return folder


def zipped(folder: Path) -> Path:
    path = folder.parent / f"{folder.name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    return path


CHANGES = {
    # Lindehof is gone. Bij Ons has another form and name, and its establishment another street. Two are new.
    "enterprise_delete": ['"1998.000.357"', '"1998.000.159"'],
    "enterprise_insert": [
        '"1998.000.159","AC","000","2","610",,29-02-2000',
        '"1998.000.555","AC","000","2","706",,05-01-2025',
    ],
    "denomination_delete": ['"1998.000.357"', '"1998.000.159"'],
    "denomination_insert": [
        '"1998.000.159","2","001","Wafelhuis ""Bij Ons"""',
        '"1998.000.555","2","001","Nieuw & Co"',
    ],
    "address_delete": ['"1998.000.357"', '"8.998.000.112"'],
    "address_insert": ['"8.998.000.112","BAET",,,"9000","Gent","Gand","Koffiekaai","Koffiekaai","7","","",'],
    "activity_delete": ['"1998.000.159"'],
    "activity_insert": ['"1998.000.159","001","2025","56111","MAIN"'],
}


@pytest.fixture
def update(extract: Path, tmp_path: Path) -> Path:
    load(extract, at=AT)
    return write_update(tmp_path / "update", 131, {name: list(rows) for name, rows in CHANGES.items()})


@pytest.mark.parametrize("as_zip", [False, True])
def test_rows_are_deleted_and_inserted(update: Path, as_zip: bool) -> None:
    report = load(zipped(update) if as_zip else update, at=AT)
    assert (report.number, report.kind, report.ceased) == (131, "update", 1)
    assert {name: count for name, count in report.rows.items() if count} == {
        name: len(rows) for name, rows in CHANGES.items()
    }
    changed = queries.enterprise(BIJ_ONS)
    assert (changed.name, changed.legal_form) == ('Wafelhuis "Bij Ons"', "610")
    assert [one.code for one in changed.activities] == ["56111"]
    assert changed.establishments[0].address is not None
    assert changed.establishments[0].address.street == "Koffiekaai"
    assert changed.seat is not None
    assert changed.email == "info@bijons.example"
    assert queries.enterprise("1998000555").name == "Nieuw & Co"
    assert queries.enterprise(MIA).name == "Janssens, Mia"
    assert queries.last_extract() == (131, date(2025, 1, 4 + 1))


def test_what_an_update_changes_is_found_and_what_it_replaced_is_not(update: Path) -> None:
    load(update, at=AT)
    assert [one.number for one in queries.search("wafelhuis")] == [BIJ_ONS]
    assert [one.number for one in queries.search("nieuw co")] == ["1998000555"]
    assert queries.search("pannenkoekenhuis") == []
    assert [one.ceased_on for one in queries.search("lindehof")] == [date(2025, 1, 5)]


def test_an_enterprise_that_is_gone_is_kept_as_it_was_with_our_day(update: Path) -> None:
    before = queries.enterprise(LINDEHOF)
    load(update, at=AT)
    after = queries.enterprise(LINDEHOF)
    assert after.ceased_on == date(2025, 1, 5)
    assert not after.is_active
    assert (after.name, after.seat) == (before.name, before.seat)
    assert queries.enterprise(BIJ_ONS).ceased_on is None


def test_an_establishment_that_is_deleted_alone_is_gone(extract: Path, tmp_path: Path) -> None:
    load(extract, at=AT)
    gone = ['"8.998.000.112"']
    load(write_update(tmp_path / "u", 131, {"establishment_delete": gone, "address_delete": gone}), at=AT)
    assert queries.enterprise(BIJ_ONS).establishments == ()
    assert not models.Address.objects.filter(entity_number="8998000112").exists()
    assert queries.search("bij ons", place="gent") == []


def test_an_enterprise_that_comes_back_is_active_again_and_has_only_its_new_rows(
    update: Path, tmp_path: Path
) -> None:
    load(update, at=AT)
    back = {
        "enterprise_insert": ['"1998.000.357","AC","000","2","014",,01-07-1991'],
        "denomination_insert": ['"1998.000.357","2","001","Lindehof opnieuw"'],
    }
    load(write_update(tmp_path / "back", 132, back, "06-01-2025"), at=AT)
    found = queries.enterprise(LINDEHOF)
    assert (found.name, found.ceased_on, found.is_active, found.seat) == (
        "Lindehof opnieuw",
        None,
        True,
        None,
    )


def test_a_place_of_a_ceased_enterprise_can_go_to_another(extract: Path, tmp_path: Path) -> None:
    load(extract, at=AT)
    load(write_update(tmp_path / "a", 131, {"enterprise_delete": ['"1998.000.159"']}), at=AT)
    assert len(queries.enterprise(BIJ_ONS).establishments) == 1
    moved = {"establishment_insert": ['"8.998.000.112",01-01-2025,"1998.000.456"']}
    load(write_update(tmp_path / "b", 132, moved), at=AT)
    assert queries.enterprise(BIJ_ONS).establishments == ()
    assert [one.number for one in queries.enterprise(TULP).establishments] == ["8998000112"]


def test_the_same_update_twice_changes_nothing(update: Path) -> None:
    load(update, at=AT)
    before = list(models.Activity.objects.order_by("entity_number", "nace_code").values_list())
    assert load(update, at=AT).already_loaded
    assert list(models.Activity.objects.order_by("entity_number", "nace_code").values_list()) == before


@pytest.mark.parametrize("number", [1, 129, 132, 147])
def test_an_update_that_does_not_follow_is_refused_with_the_number_expected(
    update: Path, number: int, tmp_path: Path
) -> None:
    other = write_update(tmp_path / "other", number, {})
    with pytest.raises(OutOfOrder, match="verwacht wordt uittreksel 131") as refused:
        load(other, at=AT)
    assert refused.value.expected == 131
    assert queries.last_extract() == (130, date(2025, 1, 4))


def test_a_full_extract_that_the_updates_reached_already_changes_nothing(update: Path, extract: Path) -> None:
    load(update, at=AT)
    text = (extract / "meta.csv").read_text(encoding="utf-8")
    (extract / "meta.csv").write_text(text.replace('"130"', '"131"'), encoding="utf-8")
    assert load(extract, at=AT).already_loaded
    assert queries.enterprise(BIJ_ONS).name == 'Wafelhuis "Bij Ons"'


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("enterprise_delete", '"1998.000.357"', "1998.000.357", "regel 2, kolom EnterpriseNumber"),
        ("activity_insert", '"001"', "1", "regel 2, kolom ActivityGroup"),
        ("address_insert", '"9000"', "9000", "regel 2, kolom Zipcode"),
    ],
)
def test_a_mangled_update_is_refused_and_changes_nothing(
    update: Path, file: str, old: str, new: str, where: str
) -> None:
    path = update / f"{file}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FileRefused, match=rf"{file}\.csv, {where}"):
        load(update, at=AT)
    assert queries.enterprise(BIJ_ONS).name == 'Pannenkoekenhuis "Bij Ons"'
    assert queries.enterprise(LINDEHOF).ceased_on is None
    assert queries.last_extract() == (130, date(2025, 1, 4))


def test_an_insert_of_what_is_there_already_is_refused_with_its_number(extract: Path, tmp_path: Path) -> None:
    load(extract, at=AT)
    twice = {"enterprise_insert": ['"1998.000.159","AC","000","2","610",,29-02-2000']}
    with pytest.raises(FileRefused, match=r"enterprise_insert\.csv: .*1998000159"):
        load(write_update(tmp_path / "twice", 131, twice), at=AT)


def test_a_missing_file_of_an_update_is_refused_by_name(update: Path) -> None:
    (update / "branch_delete.csv").unlink()
    with pytest.raises(FileRefused, match=r"branch_delete\.csv ontbreekt"):
        load(update, at=AT)


class TestCeasedInFullExtracts:
    def later(self, extract: Path, number: int, *gone: str, snapshot: str = "11-01-2025") -> Path:
        """A later full extract without some enterprises."""
        folder = Path(shutil.copytree(extract, extract.parent / f"full-{number}"))
        meta = (folder / "meta.csv").read_text(encoding="utf-8")
        meta = meta.replace('"130"', f'"{number}"').replace("04-01-2025", snapshot)
        (folder / "meta.csv").write_text(meta, encoding="utf-8")
        for table, _ in TABLES:
            path = folder / table.file_name
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text(
                "".join(line for line in lines if not any(one in line for one in gone)), encoding="utf-8"
            )
        return folder

    def test_what_a_later_one_lacks_is_kept_with_all_that_was_known(self, extract: Path) -> None:
        load(extract, at=AT)
        before = queries.enterprise(BIJ_ONS)
        report = load(self.later(extract, 131, "1998.000.159", "8.998.000.112"), at=AT)
        after = queries.enterprise(BIJ_ONS)
        assert report.ceased == 1
        assert (after.ceased_on, after.is_active) == (date(2025, 1, 11), False)
        assert (after.name, after.seat, after.establishments) == (
            before.name,
            before.seat,
            before.establishments,
        )
        assert (after.activities, after.email) == (before.activities, before.email)
        assert [one.ceased_on for one in queries.search("pannenkoekenhuis")] == [date(2025, 1, 11)]

    def test_the_day_stays_the_first_on_which_it_was_missed(self, extract: Path) -> None:
        load(extract, at=AT)
        load(self.later(extract, 131, "1998.000.357"), at=AT)
        report = load(self.later(extract, 140, "1998.000.357", snapshot="11-03-2025"), at=AT)
        assert report.ceased == 0
        assert queries.enterprise(LINDEHOF).ceased_on == date(2025, 1, 11)

    def test_what_a_later_one_shows_again_is_active_and_not_double(self, extract: Path) -> None:
        load(extract, at=AT)
        load(self.later(extract, 131, "1998.000.159", "8.998.000.112"), at=AT)
        load(self.later(extract, 132), at=AT)
        found = queries.enterprise(BIJ_ONS)
        assert (found.ceased_on, len(found.establishments), len(found.activities)) == (None, 1, 4)
        assert models.Denomination.objects.filter(entity_number=BIJ_ONS).count() == 3

    def test_a_place_that_moved_goes_with_its_new_owner(self, extract: Path) -> None:
        load(extract, at=AT)
        later = self.later(extract, 131, '"1998.000.159","AC"')
        path = later / "establishment.csv"
        path.write_text(path.read_text().replace("1998.000.159", "1998.000.456"))
        load(later, at=AT)
        assert queries.enterprise(BIJ_ONS).establishments == ()
        assert len(queries.enterprise(TULP).establishments) == 1


class TestWhatNoExtractBrought:
    """What ``add_enterprise`` put there: a demo world stays when somebody loads a real register."""

    NUMBER = "1999100120"

    @pytest.fixture(autouse=True)
    def added(self) -> None:
        seat = Address("Kaai", "1", "", "9000", "Gent")
        add_enterprise(
            number=self.NUMBER,
            name="Bakkerij Korst",
            start_date=date(2020, 1, 1),
            seat=seat,
            establishments=[GivenEstablishment("8999100134", date(2020, 1, 1), seat)],
        )

    def test_it_stays_when_a_full_extract_is_loaded(self, extract: Path) -> None:
        before = queries.enterprise(self.NUMBER)
        assert load(extract, at=AT).ceased == 0
        assert queries.enterprise(self.NUMBER) == before
        assert [one.name for one in queries.search("korst", place="gent")] == ["Bakkerij Korst"]

    def test_it_becomes_that_of_the_extract_that_has_its_number(self, extract: Path, tmp_path: Path) -> None:
        load(extract, at=AT)
        taken = {
            "enterprise_insert": ['"1999.100.120","AC","000","2","014",,01-01-1990'],
            "denomination_insert": ['"1999.100.120","2","001","De Echte NV"'],
        }
        load(write_update(tmp_path / "taken", 131, taken), at=AT)
        found = queries.enterprise(self.NUMBER)
        assert (found.name, found.legal_form, found.establishments) == ("De Echte NV", "014", ())


class TestCodes:
    HEADER = '"Category","Code","Language","Description"\n'

    def test_a_list_of_codes_is_replaced_and_its_words_are_shown(self, extract: Path, tmp_path: Path) -> None:
        words = (
            '"Nace2025","56111","NL","Eten en bediend worden"\n"JuridicalForm","014","FR","Société anonyme"\n'
        )
        (extract / "code.csv").write_text(self.HEADER + words, encoding="utf-8")
        assert load(extract, at=AT).rows["code"] == 2
        assert queries.nace_label("2025", "56111") == "Eten en bediend worden"
        again = write_update(tmp_path / "codes", 131, {})
        (again / "code.csv").write_text(
            self.HEADER + '"JuridicalSituation","777","NL","Nieuw"\n', encoding="utf-8"
        )
        assert load(again, at=AT).rows["code"] == 1
        assert list(models.Code.objects.values_list("category", "code")) == [("JuridicalSituation", "777")]

    def test_a_code_that_is_newer_than_our_own_list_is_explained(self, extract: Path) -> None:
        path = extract / "enterprise.csv"
        path.write_text(path.read_text().replace('"050"', '"777"'))
        (extract / "code.csv").write_text(self.HEADER + '"JuridicalSituation","777","NL","Nieuw"\n')
        load(extract, at=AT)
        assert queries.enterprise(LINDEHOF).situation_label == "Nieuw"

    def test_an_update_without_a_list_leaves_the_last_one(self, extract: Path, tmp_path: Path) -> None:
        (extract / "code.csv").write_text(self.HEADER + '"Nace2025","56111","NL","Eten"\n')
        load(extract, at=AT)
        load(write_update(tmp_path / "none", 131, {}), at=AT)
        assert models.Code.objects.count() == 1

    def test_a_mangled_list_is_refused(self, extract: Path) -> None:
        (extract / "code.csv").write_text(self.HEADER + '"Nace2025",56111,"NL","Eten"\n')
        with pytest.raises(FileRefused, match=r"code\.csv, regel 2, kolom Code"):
            load(extract, at=AT)
        assert not models.Extract.objects.exists()
