from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portefeuille.core.errors import FileRefused
from portefeuille.core.formats import kbo_open_data as kbo


def rows(table: kbo.Table, *lines: str, header: str | None = None, end: str = "\n") -> list[kbo.Row]:
    return list(kbo.records(table, [line + end for line in (header or table.header, *lines)]))


ENTERPRISE = '"0200.065.765","AC","000","2","416",,09-08-1960'
ACTIVITY = '"0200.065.765","006","2008","01110","MAIN"'


def test_a_row_loses_dots_and_quotes_and_keeps_its_zeros() -> None:
    assert rows(kbo.ENTERPRISE, ENTERPRISE) == [("0200065765", "AC", "000", "2", "416", "", date(1960, 8, 9))]
    assert rows(kbo.ACTIVITY, ACTIVITY) == [("0200065765", "006", "2008", "01110", "MAIN")]


def test_windows_line_ends_and_a_byte_order_mark_are_read() -> None:
    header = "\ufeff" + kbo.ACTIVITY.header
    assert len(rows(kbo.ACTIVITY, ACTIVITY, header=header, end="\r\n")) == 1


def test_a_text_may_hold_quotes_commas_and_line_ends() -> None:
    row = '"0200.065.765","2","003","Bij ""Ons"", eten\nen drinken"'
    read = list(
        kbo.records(kbo.DENOMINATION, (kbo.DENOMINATION.header + "\n" + row).splitlines(keepends=True))
    )
    assert read == [("0200065765", "2", "003", 'Bij "Ons", eten\nen drinken')]


def test_what_is_missing_is_an_empty_text_or_no_day() -> None:
    row = '"0200.065.765","REGO",,,"9070","Destelbergen","","Panhuisstraat","","1","","",'
    (read,) = rows(kbo.ADDRESS, row)
    assert read[2:4] == ("", "")
    assert read[-1] is None


def test_numbers_of_establishments_and_branches_have_a_shape_of_their_own() -> None:
    (read,) = rows(kbo.ESTABLISHMENT, '"2.004.335.348",01-04-1949,"0201.400.110"')
    assert read == ("2004335348", date(1949, 4, 1), "0201400110")


# What spreadsheets and editors do to a file, the column that is named, and what is shown of it.
MANGLED = [
    (kbo.ACTIVITY, ACTIVITY.replace('"006"', "6"), "ActivityGroup", "6"),
    (kbo.ACTIVITY, ACTIVITY.replace('"006"', '"6"'), "ActivityGroup", '"6"'),
    (kbo.ACTIVITY, ACTIVITY.replace('"01110"', "1110"), "NaceCode", "1110"),
    (kbo.ACTIVITY, ACTIVITY.replace('"', ""), "EntityNumber", "0200.065.765"),
    (kbo.ACTIVITY, ACTIVITY.replace('"0200.065.765"', '"200.065.765"'), "EntityNumber", '"200.065.765"'),
    (kbo.ACTIVITY, ACTIVITY.replace('"0200.065.765"', '"0200065765"'), "EntityNumber", '"0200065765"'),
    (kbo.ACTIVITY, ACTIVITY.replace('"MAIN"', '"Main"'), "Classification", '"Main"'),
    (kbo.ENTERPRISE, ENTERPRISE.replace("09-08-1960", "9/08/1960"), "StartDate", "9/08/1960"),
    (kbo.ENTERPRISE, ENTERPRISE.replace("09-08-1960", "1960-08-09"), "StartDate", "1960-08-09"),
    (kbo.ENTERPRISE, ENTERPRISE.replace("09-08-1960", '"09-08-1960"'), "StartDate", '"09-08-1960"'),
    (kbo.ENTERPRISE, ENTERPRISE.replace("09-08-1960", "31-02-1960"), "StartDate", "31-02-1960"),
    (kbo.ENTERPRISE, ENTERPRISE.replace("09-08-1960", ""), "StartDate", "niets"),
    (kbo.ENTERPRISE, ENTERPRISE.replace('"000"', '"0"'), "JuridicalSituation", '"0"'),
    (kbo.DENOMINATION, '"0200.065.765","2","001",Veneco', "Denomination", "Veneco"),
]


@pytest.mark.parametrize(("table", "row", "column", "shown"), MANGLED)
def test_a_mangled_row_is_refused_with_its_line_and_column(
    table: kbo.Table, row: str, column: str, shown: str
) -> None:
    good = {kbo.ACTIVITY: ACTIVITY, kbo.ENTERPRISE: ENTERPRISE}.get(table, '"0200.065.765","2","001","V"')
    with pytest.raises(FileRefused) as refused:
        rows(table, good, good, row, good)
    assert f"{table.file_name}, regel 4, kolom {column}: er staat {shown}," in str(refused.value)


@pytest.mark.parametrize(
    "row", [ACTIVITY + ',"x"', ACTIVITY.rpartition(",")[0], "", ACTIVITY.replace(",", ";")]
)
def test_a_row_with_other_columns_is_refused_with_its_line(row: str) -> None:
    with pytest.raises(FileRefused, match=r"activity\.csv, regel 3"):
        rows(kbo.ACTIVITY, ACTIVITY, row)


@pytest.mark.parametrize(
    "header",
    [
        kbo.ACTIVITY.header.replace('"', ""),
        kbo.ACTIVITY.header.replace(",", ";"),
        kbo.CONTACT.header,
        ACTIVITY,
    ],
)
def test_a_file_with_other_columns_is_refused(header: str) -> None:
    with pytest.raises(FileRefused, match=r"activity\.csv, regel 1: de kolommen"):
        rows(kbo.ACTIVITY, ACTIVITY, header=header)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileRefused, match="regel 1"):
        list(kbo.records(kbo.ACTIVITY, []))


def test_the_line_that_is_named_counts_the_lines_of_texts_that_run_on() -> None:
    long = '"0200.065.765","2","001","een\ntwee\ndrie"'
    bad = '"0200.065.765",2,"001","V"'
    text = "\n".join([kbo.DENOMINATION.header, long, bad])
    with pytest.raises(FileRefused, match="regel 5, kolom Language"):
        list(kbo.records(kbo.DENOMINATION, text.splitlines(keepends=True)))


def test_a_bad_row_that_runs_over_lines_is_named_by_its_first_line() -> None:
    text = "\n".join([kbo.DENOMINATION.header, '"0200.065.765",2,"001","een', "twee", 'drie"'])
    with pytest.raises(FileRefused, match="regel 2, kolom Language"):
        list(kbo.records(kbo.DENOMINATION, text.splitlines(keepends=True)))


@pytest.mark.parametrize("lines_after", [0, 10, 10_000])
def test_a_quote_that_never_closes_is_refused_where_it_opens(lines_after: int) -> None:
    class Counted(list[str]):
        asked = 0

        def __iter__(self):  # type: ignore[no-untyped-def]
            for line in list.__iter__(self):
                self.asked += 1
                yield line

    good = '"0200.065.765","2","001","V"\n'
    lines = Counted([kbo.DENOMINATION.header + "\n", good, good.replace('V"', "V"), *[good] * lines_after])
    with pytest.raises(FileRefused, match="regel 3: een aanhalingsteken"):
        list(kbo.records(kbo.DENOMINATION, lines))
    assert lines.asked <= 3 + kbo.LONGEST_RECORD_LINES


@given(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_characters="\0\r\x85\u2028\u2029\x0b\x0c\x1c\x1d\x1e")
    )
)
def test_every_text_survives_being_quoted(text: str) -> None:
    quoted = text.replace('"', '""')
    row = f'"0200.065.765","2","001","{quoted}"\n'
    lines = re.findall(r"[^\n]*\n", kbo.DENOMINATION.header + "\n" + row)
    if len(lines) <= kbo.LONGEST_RECORD_LINES:
        assert list(kbo.records(kbo.DENOMINATION, lines)) == [("0200065765", "2", "001", text)]


@given(st.sampled_from([ACTIVITY, ENTERPRISE]), st.data())
def test_no_row_survives_the_loss_of_one_quote(row: str, data: st.DataObject) -> None:
    table = kbo.ACTIVITY if row is ACTIVITY else kbo.ENTERPRISE
    at = data.draw(st.sampled_from([m.start() for m in re.finditer('"', row)]))
    with pytest.raises(FileRefused):
        rows(table, row[:at] + row[at + 1 :])


META = ['"ExtractNumber","127"', '"ExtractType","full"', '"SnapshotDate","30-08-2024"', '"Version","1.0.0"']


def meta(*lines: str) -> kbo.Meta:
    return kbo.read_meta([line + "\n" for line in (kbo.META.header, *lines)])


def test_meta_says_which_extract_it_is() -> None:
    assert meta(*META) == kbo.Meta(number=127, kind="full", snapshot_on=date(2024, 8, 30))


@pytest.mark.parametrize(
    ("line", "instead", "named"),
    [
        (0, '"ExtractNumber","12,7"', "ExtractNumber"),
        (0, '"Other","1"', "ExtractNumber"),
        (1, '"ExtractType","half"', "ExtractType"),
        (2, '"SnapshotDate","2024-08-30"', "SnapshotDate"),
        (2, '"SnapshotDate","30-02-2024"', "SnapshotDate"),
    ],
)
def test_meta_that_does_not_say_it_is_refused(line: int, instead: str, named: str) -> None:
    lines = [*META[:line], instead, *META[line + 1 :]]
    with pytest.raises(FileRefused, match=f"bij {named} staat"):
        meta(*lines)
