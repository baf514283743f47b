"""The register at a million enterprises: the import against bare COPY of the same rows, and the search.

Bare COPY reads the same files, already checked and with bare numbers, into tables with the same columns and no index at
all. The import does the rest too: it checks every row, builds the indexes and what the search looks in, and swaps the
new register in for the old one. Both are measured in turn; a ratio of 0.5 means that the import takes twice as long.

``benchmarks/register.py [ENTERPRISES] [ROUNDS]``; a million and three when not said.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import psycopg

from benchmarks.database import measured_database
from benchmarks.kbo_extract import write_extract, write_meta

LOOKS = [
    ("a number", "0000.000.295", ""),
    ("a common word", "bakkerij", ""),
    ("two common words", "bakkerij peeters", ""),
    ("the beginning of a word", "schilderw", ""),
    ("three letters", "bak", ""),
    ("two letters", "de", ""),
    ("a rare name", "", ""),  # filled in from the extract
    ("a typing error in a word", "schrijnwrekerij", ""),
    ("typing errors in two words", "bakerij peters", ""),
    ("a typing error in a rare name", "", ""),
    ("nothing like it", "qxqxqxqx wzwzwzwz", ""),
    ("a town", "", "Antwerpen"),
    ("a common word in a town", "garage", "Gent"),
    ("a typing error in a town", "apoteek", "9000"),
]


def main() -> None:
    """Make the extract, measure, print."""
    enterprises = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory(prefix="kmo-extract-") as name, measured_database() as server:
        folder = Path(name)
        rows = write_extract(folder, enterprises)
        size = sum(path.stat().st_size for path in folder.iterdir())
        print(f"{enterprises:,} enterprises, {sum(rows.values()):,} rows, {size / 1e6:,.0f} MB")
        ratios = [_one_round(folder, server.owner_url, server.app_url, rows, turn) for turn in range(rounds)]
        print(f"import against bare COPY: {_spread(ratios)} (at least 0.25)")
        _search(folder)


def _one_round(folder: Path, owner_url: str, app_url: str, rows: dict[str, int], turn: int) -> float:
    bare = _bare_copy(folder, owner_url, rows)
    write_meta(folder, 127 + turn)
    started = time.perf_counter()
    peak = _import(folder, app_url)
    took = time.perf_counter() - started
    _prove(rows, 127 + turn)
    print(
        f"  bare COPY {bare:6.1f} s, import {took:6.1f} s, ratio {bare / took:.2f}, peak memory {peak:.0f} MB"
    )
    return bare / took


def _bare_copy(folder: Path, owner_url: str, rows: dict[str, int]) -> float:
    """The time in which the server takes the rows in and commits them; nothing else counts."""
    from portefeuille.register.copying import TABLES, columns_of, copy_statement
    from portefeuille.register.files import ExtractFiles

    took = 0.0
    with psycopg.connect(owner_url) as connection, ExtractFiles(folder) as files:
        connection.execute("SET datestyle TO 'ISO, DMY'")
        for table, model in TABLES:
            columns = columns_of(model)
            listed = ", ".join(f'"{column}"' for column in columns)
            connection.execute(f"DROP TABLE IF EXISTS bare_{table.name}")
            connection.execute(
                f"CREATE TABLE bare_{table.name} AS SELECT {listed} FROM {model._meta.db_table} WHERE false"
            )
            connection.commit()
            statement = copy_statement(f"bare_{table.name}", columns, freeze=False)
            with connection.cursor() as cursor:
                took += _send(cursor, statement, _prepared(files, table))
                assert cursor.rowcount == rows[table.name]
            started = time.perf_counter()
            connection.commit()
            took += time.perf_counter() - started
        for table, _ in TABLES:
            connection.execute(f"DROP TABLE bare_{table.name}")
    return took


def _prepared(files: object, table: object) -> Iterator[bytes]:
    from portefeuille.core.formats.kbo_blocks import checked_blocks

    with files.pieces(table) as pieces:  # type: ignore[attr-defined]
        for block in checked_blocks(table, pieces):  # type: ignore[arg-type]
            yield block.content


def _send(cursor: psycopg.Cursor, statement: str, blocks: Iterator[bytes]) -> float:
    """Send blocks, a part of the file at a time; the time for making them is left out."""
    took = 0.0
    with cursor.copy(statement) as copy:
        while part := list(islice(blocks, 400)):
            started = time.perf_counter()
            for block in part:
                copy.write(block)
            took += time.perf_counter() - started
        started = time.perf_counter()
    return took + time.perf_counter() - started


# The kernel's own figure for the largest size of this very program; what ``getrusage`` says begins with its parent's.
IMPORT = """
import re, sys
from pathlib import Path
from portefeuille.cli.main import main
assert main(["register", "import", sys.argv[1], "--database-url", sys.argv[2]]) == 0
print(re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1])
"""


def _import(folder: Path, app_url: str) -> float:
    """By the command, as web and worker connect; the peak of its memory in MB."""
    command = [sys.executable, "-c", IMPORT, str(folder), app_url]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return int(said.stdout.splitlines()[-1]) / 1024


def _prove(rows: dict[str, int], number: int) -> None:
    from portefeuille.register import queries
    from portefeuille.register.copying import TABLES

    stored = {table.name: model._default_manager.count() for table, model in TABLES}
    assert stored == rows, (stored, rows)
    last = queries.last_extract()
    assert last is not None
    assert last[0] == number


def _search(folder: Path) -> None:
    """The median of each look, over several; the slowest of all medians is what counts."""
    from portefeuille.register import queries

    rare = _rare_name(folder)
    slowest = 0.0
    for what, text, place in LOOKS:
        text = {"a rare name": rare, "a typing error in a rare name": rare[:2] + rare[3:]}.get(what, text)
        found = queries.search(text, place=place)
        assert bool(found) != (what == "nothing like it"), (what, text)
        assert "rare" not in what or any(one.name == rare for one in found), (rare, found)
        times = _milliseconds(lambda text=text, place=place: queries.search(text, place=place))
        slowest = max(slowest, statistics.median(times))
        print(f"  {what:<30} {len(found):3} found {_spread(times)} ms")
    print(f"search: the slowest at the median {slowest:.1f} ms (under 50)")


def _rare_name(folder: Path) -> str:
    """A name of one invented word of four syllables, from halfway the file."""
    with (folder / "denomination.csv").open(encoding="utf-8") as lines:
        words = (line.rstrip().split(",")[-1].strip('"') for line in lines if '"001"' in line)
        names = [word for word in words if word.isalpha() and 7 <= len(word) <= 9]
    return names[len(names) // 2]


def _milliseconds(call: Callable[[], object], rounds: int = 15) -> list[float]:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - started))
    return times


def _spread(values: list[float]) -> str:
    return f"median {statistics.median(values):.2f}, from {min(values):.2f} to {max(values):.2f}"


if __name__ == "__main__":
    main()
