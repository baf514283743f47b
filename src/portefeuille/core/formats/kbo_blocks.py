"""The large files of KBO Open Data, a block of rows at a time: checked as strictly, at a hundred times the speed.

A block is held against the grammar of its rows in one match. Only a block that fails is read row by row, which says
where the fault is and what it is; that reading has the last word. What comes out is the file as it was, ready for the
database to read as comma-separated text, but for the dots in its numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portefeuille.core.errors import FileRefused
from portefeuille.core.formats.kbo_open_data import Table, check_header, check_rows, is_day

# No valid row is near this long: a file in which none begins for so long has lost its quotes.
LONGEST_ROW_BYTES = 1 << 20

# A quote at the beginning of a line with a letter or digit behind it opens a row. Inside a text it can't stand: there a
# quote is doubled, or ends the text and is followed by a comma or the end of the row.
_ROW_BEGINS = re.compile(rb'\n"(?=[0-9A-Za-z])')
_WINDOWS_ROW_END = re.compile(rb'\r\n(?="[0-9A-Za-z]|\Z)')
_FIRST_NUMBER = re.compile(rb'(?m)^"([0-9])\.?([0-9]{3})\.([0-9]{3})\.([0-9]{3})"')
_DAY = re.compile(rb",([0-9]{2}-[0-9]{2}-[0-9]{4})")
_END_MARK = re.compile(rb"(?m)^\\\.(?=\r?$)")


@dataclass(frozen=True, slots=True)
class Block:
    """Whole rows, each ending in a line feed, numbers as ten bare digits; ``size`` is in bytes of the file."""

    rows: int
    size: int
    content: bytes


def checked_blocks(table: Table, pieces: Iterable[bytes]) -> Iterator[Block]:
    """The rows of a file; ``pieces`` are its bytes in any cut. The first column of the table is a number.

    Memory use is that of one piece and LONGEST_ROW_BYTES besides. Raises FileRefused with the line, the column and
    what is wrong there.
    """
    waiting = iter(pieces)
    held, header = _after_header(table, waiting)
    line = 2
    for piece in waiting:
        held += piece
        cut = _last_row(held)
        if cut:
            yield _block(table, held[:cut], line, header)
            line, held, header = line + held.count(b"\n", 0, cut), held[cut:], 0
        elif len(held) > LONGEST_ROW_BYTES:
            break
    if held or header:
        yield _block(table, held, line, header)


def _after_header(table: Table, pieces: Iterator[bytes]) -> tuple[bytes, int]:
    """What was read behind the first line, and how many bytes that line took."""
    held = b""
    for piece in pieces:
        held += piece
        if b"\n" in held or len(held) > LONGEST_ROW_BYTES:
            break
    first, end, rest = held.partition(b"\n")
    check_header(table, first.decode("utf-8", errors="replace"))
    return rest, len(first) + len(end)


def _last_row(held: bytes) -> int:
    """Where the last row begins; 0 when there is only one."""
    found = len(held)
    while (found := held.rfind(b'\n"', 0, found)) >= 0:
        if _ROW_BEGINS.match(held, found):
            return found + 1
        found += 1  # the next look ends before the line feed of this one
    return 0


def _block(table: Table, read: bytes, line: int, header: int) -> Block:
    rows = read if read.endswith(b"\n") or not read else read + b"\n"
    text = _decoded(table, rows, line)
    if not table.block_grammar.fullmatch(rows) or not _days_exist(table, rows):
        check_rows(table, (f"{one}\n" for one in text.split("\n")[:-1]), first=line)
    count, content = _with_bare_numbers(table, _with_plain_ends(table, rows))
    return Block(count, header + len(read), content)


def _decoded(table: Table, rows: bytes, line: int) -> str:
    try:
        return rows.decode("utf-8")
    except UnicodeDecodeError as problem:
        line += rows.count(b"\n", 0, problem.start)
        raise FileRefused(f"{table.file_name}, regel {line}: de tekst is niet in UTF-8.") from None


def _days_exist(table: Table, rows: bytes) -> bool:
    return not table.has_days or all(is_day(day.decode()) for day in set(_DAY.findall(rows)))


def _with_plain_ends(table: Table, rows: bytes) -> bytes:
    """Rows end in a line feed alone; the line ends inside a text stay as they are."""
    if b"\r" not in rows:
        return rows
    return _WINDOWS_ROW_END.sub(b"\n", rows) if table.has_text else rows.replace(b"\r\n", b"\n")


def _with_bare_numbers(table: Table, rows: bytes) -> tuple[int, bytes]:
    """How many rows there are, and the rows with ten digits where the file has dots between them."""
    if not table.has_text:  # then every dot is one of a number
        return rows.count(b"\n"), rows.translate(None, b".")
    content, count = _FIRST_NUMBER.subn(rb'"\1\2\3\4"', rows)
    if b"\n\\." in content:
        # PostgreSQL before 18 takes a line of these two characters for the end of the data, inside quotes too. Closing
        # and opening the quotes between them changes nothing but that.
        content = _END_MARK.sub(rb'\\"."', content)
    return count, content
