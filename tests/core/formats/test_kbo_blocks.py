from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portefeuille.core.errors import FileRefused
from portefeuille.core.formats import kbo_open_data as kbo
from portefeuille.core.formats.kbo_blocks import LONGEST_ROW_BYTES, Block, checked_blocks

ENTERPRISE = '"0200.065.765","AC","000","2","416",,09-08-1960'
ESTABLISHMENT = '"2.004.335.348",01-04-1949,"0201.400.110"'
ACTIVITY = '"0200.065.765","006","2008","01110","MAIN"'
ADDRESS = '"0200.065.765","REGO",,,"9070","Destelbergen","","Panhuisstraat","","1","","",'
NAME = '"0200.065.765","2","001","V.L.K. ""Kop"", en staart"'


def text(table: kbo.Table, *rows: str, end: str = "\n") -> bytes:
    return "".join(row + end for row in (table.header, *rows)).encode()


def cut(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


def read(table: kbo.Table, content: bytes, size: int = 1 << 16) -> list[Block]:
    return list(checked_blocks(table, cut(content, size)))


def joined(table: kbo.Table, content: bytes, size: int = 1 << 16) -> bytes:
    return b"".join(block.content for block in read(table, content, size))


@pytest.mark.parametrize(
    ("table", "row", "out"),
    [
        (kbo.ENTERPRISE, ENTERPRISE, '"0200065765","AC","000","2","416",,09-08-1960'),
        (kbo.ESTABLISHMENT, ESTABLISHMENT, '"2004335348",01-04-1949,"0201400110"'),
        (kbo.ACTIVITY, ACTIVITY, '"0200065765","006","2008","01110","MAIN"'),
        (kbo.ADDRESS, ADDRESS, ADDRESS.replace("0200.065.765", "0200065765")),
        (kbo.DENOMINATION, NAME, NAME.replace("0200.065.765", "0200065765")),
        (kbo.ACTIVITY.deletions(), '"0200.065.765"', '"0200065765"'),
        (kbo.ACTIVITY.insertions(), ACTIVITY, '"0200065765","006","2008","01110","MAIN"'),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_rows_come_out_as_they_are_but_for_the_dots_in_their_numbers(
    table: kbo.Table, row: str, out: str, end: str, size: int
) -> None:
    content = text(table, row, row, row, end=end)
    for given_ in (content, content.removesuffix(end.encode()), b"\xef\xbb\xbf" + content):
        blocks = read(table, given_, size)
        assert b"".join(block.content for block in blocks).decode() == f"{out}\n" * 3
        assert sum(block.rows for block in blocks) == 3
        assert sum(block.size for block in blocks) == len(given_)


def test_a_file_with_a_header_only_has_no_rows() -> None:
    assert [(block.rows, block.content) for block in read(kbo.ACTIVITY, text(kbo.ACTIVITY))] == [(0, b"")]


@pytest.mark.parametrize(
    "said", ["een\ntwee", "een\r\ntwee", '"', '\n""0', "\\.", "een\n\\.\ntwee", '\n"', ",\n"]
)
@pytest.mark.parametrize("size", [1, 5, 1 << 16])
def test_line_ends_and_quotes_inside_a_text_stay_as_they_are(said: str, size: int) -> None:
    quoted = said.replace('"', '""')
    row = f'"0200.065.765","2","001","{quoted}"'
    out = joined(kbo.DENOMINATION, text(kbo.DENOMINATION, row, row), size).decode()
    # The database reads quotes that close and open again within a value; so does nothing else in this world.
    out = out.replace('\\"."', "\\.")
    assert out == row.replace("0200.065.765", "0200065765").join(["", "\n"]) * 2


def test_a_line_that_ends_the_data_for_old_databases_is_written_otherwise() -> None:
    row = '"0200.065.765","2","001","een\n\\.\ntwee"'
    assert b"\n\\.\n" not in joined(kbo.DENOMINATION, text(kbo.DENOMINATION, row))


@pytest.mark.parametrize(
    ("table", "good", "bad", "column"),
    [
        (kbo.ACTIVITY, ACTIVITY, ACTIVITY.replace('"006"', "6"), "ActivityGroup"),
        (kbo.ACTIVITY, ACTIVITY, ACTIVITY.replace('"01110"', '"1110x"'), "NaceCode"),
        (kbo.ACTIVITY, ACTIVITY, ACTIVITY.replace('"0200.065.765"', '"0200065765"'), "EntityNumber"),
        (kbo.ENTERPRISE, ENTERPRISE, ENTERPRISE.replace("09-08", "31-02"), "StartDate"),
        (kbo.ENTERPRISE, ENTERPRISE, ENTERPRISE.replace("09-08", "8-9"), "StartDate"),
        (kbo.ADDRESS, ADDRESS, ADDRESS + "30-02-2020", "DateStrikingOff"),
        (kbo.DENOMINATION, NAME, NAME.replace('"2"', "2"), "Language"),
    ],
)
@pytest.mark.parametrize("size", [3, 100, 1 << 16])
def test_a_mangled_row_is_refused_with_its_line_and_column_wherever_the_block_ends(
    table: kbo.Table, good: str, bad: str, column: str, size: int
) -> None:
    content = text(table, *[good] * 20, bad, *[good] * 20)
    with pytest.raises(FileRefused, match=rf"{table.name}\.csv, regel 22, kolom {column}:"):
        read(table, content, size)


def test_the_line_that_is_named_counts_the_lines_of_texts_that_run_on() -> None:
    long = '"0200.065.765","2","001","een\ntwee\ndrie"'
    with pytest.raises(FileRefused, match="regel 5, kolom Language"):
        read(kbo.DENOMINATION, text(kbo.DENOMINATION, long, NAME.replace('"2"', "2"), NAME), 1)


@pytest.mark.parametrize("header", [ACTIVITY, kbo.ACTIVITY.header.replace('"', ""), kbo.CONTACT.header, ""])
def test_a_file_with_other_columns_is_refused(header: str) -> None:
    with pytest.raises(FileRefused, match=r"activity\.csv, regel 1: de kolommen"):
        read(kbo.ACTIVITY, f"{header}\n{ACTIVITY}\n".encode())


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileRefused, match="regel 1"):
        read(kbo.ACTIVITY, b"")


def test_a_text_in_another_encoding_is_refused_with_its_line() -> None:
    content = text(kbo.DENOMINATION, NAME, NAME).replace(b"staart", b"st\xe4art")
    with pytest.raises(FileRefused, match=r"denomination\.csv, regel 2: de tekst is niet in UTF-8"):
        read(kbo.DENOMINATION, content)


@pytest.mark.parametrize("row", [ACTIVITY.replace('"', ""), '"0200.065.765","2","001","V'])
def test_a_large_file_without_its_quotes_is_refused_before_it_is_all_read(row: str) -> None:
    asked = 0

    def endless() -> Iterator[bytes]:
        nonlocal asked
        yield (kbo.ACTIVITY.header + "\n").encode()
        while True:
            asked += 1
            yield f"{row}\n".encode() * 1000

    with pytest.raises(FileRefused, match="regel"):
        list(checked_blocks(kbo.ACTIVITY, endless()))
    assert asked * 1000 * len(row) < LONGEST_ROW_BYTES + 200_000


@given(
    st.lists(
        st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=30), max_size=5
    ),
    st.integers(1, 200),
)
def test_what_comes_out_says_what_the_strict_reading_says(texts: list[str], size: int) -> None:
    quoted = [f'"0200.065.765","2","001","{one.replace(chr(34), chr(34) * 2)}"' for one in texts]
    out = joined(kbo.DENOMINATION, text(kbo.DENOMINATION, *quoted), size).decode()
    out = re.sub(r'(?m)^\\"\."(?=\r?$)', r"\\.", out)
    rows = list(csv.reader(io.StringIO(out, newline="")))
    assert [row[3] for row in rows] == texts


@given(
    st.sampled_from([(kbo.ACTIVITY, ACTIVITY), (kbo.ENTERPRISE, ENTERPRISE), (kbo.DENOMINATION, NAME)]),
    st.data(),
)
def test_the_fast_look_refuses_what_the_strict_reading_refuses(
    case: tuple[kbo.Table, str], data: st.DataObject
) -> None:
    table, row = case
    at = data.draw(st.integers(0, len(row) - 1))
    damaged = row[:at] + data.draw(st.sampled_from(["", '"', "x", ",", "\n", "\\", "0"])) + row[at + 1 :]
    lines = re.findall(r"[^\n]*\n", text(table, row, damaged, row).decode())
    assert _said(lambda: list(kbo.records(table, lines))) == _said(
        lambda: read(table, "".join(lines).encode(), 64)
    )


def _said(do: object) -> str:
    try:
        do()  # type: ignore[operator]
    except FileRefused as refused:
        return str(refused)
    return ""
