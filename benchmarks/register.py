"""The register at a million enterprises: the import against bare COPY of the same rows, and the search.

Bare COPY reads the same files, already checked and with bare numbers, into tables with the same columns and no index at
all. The import does the rest too: it checks every row, builds the indexes and what the search looks in, and swaps the
new register in for the old one. Both are measured in turn; a ratio of 0.5 means that the import takes twice as long.

``KMO_BENCHMARK_ENTERPRISES`` makes it smaller, for a glance.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from benchmarks.database import measured_database
from benchmarks.kbo_extract import write_extract, write_meta
from benchmarks.measuring import Ratio, Story, Target, Time, seconds

FIRST_EXTRACT = 127
LOOKS_EACH = 15
NOTHING, RARE = "nothing like it", "a rare name"
LOOKS = [
    ("a number", "0000.000.295", ""),
    ("a common word", "bakkerij", ""),
    ("two common words", "bakkerij peeters", ""),
    ("the beginning of a word", "schilderw", ""),
    ("three letters", "bak", ""),
    ("two letters", "de", ""),
    ("a typing error in a word", "schrijnwrekerij", ""),
    ("typing errors in two words", "bakerij peters", ""),
    (NOTHING, "qxqxqxqx wzwzwzwz", ""),
    ("a town", "", "Antwerpen"),
    ("a common word in a town", "garage", "Gent"),
    ("a typing error in a town", "apoteek", "9000"),
]


def measure(rounds: int) -> Story:
    """The import over bare COPY of the same rows, and each look at the register that it leaves."""
    enterprises = int(os.environ.get("KMO_BENCHMARK_ENTERPRISES", "1000000"))
    story = Story()
    with TemporaryDirectory(prefix="kmo-extract-") as name, measured_database() as server:
        folder = Path(name)
        rows = write_extract(folder, enterprises)
        count = sum(rows.values())
        bare, ours, peaks = [], [], []
        for turn in range(rounds):
            bare.append(count / _bare_copy(folder, server.owner_url, rows))
            number = FIRST_EXTRACT + turn
            write_meta(folder, number)
            started = time.perf_counter()
            peaks.append(_import(folder, server.worker_url))
            ours.append(count / (time.perf_counter() - started))
            _prove(rows, number)
        what = f"an import of {enterprises:,} enterprises, {count:,} rows"
        story.ratios.append(Ratio("", what, "bare COPY", "rows/s", ours, bare, Target(at_least=0.25)))
        story.notes["peak memory of the import, MB"] = [round(peak) for peak in peaks]
        looks = {what: _look(what, text, place) for what, text, place in _looks(folder)}
    slowest = max(looks, key=lambda what: statistics.median(looks[what]))
    story.times.append(
        Time(
            "",
            f"finding {slowest} among them, the slowest of {len(looks)}",
            looks[slowest],
            Target(at_most=50),
        )
    )
    story.notes["milliseconds of each look, at the median"] = {
        what: round(statistics.median(times), 1) for what, times in looks.items()
    }
    return story


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
from tempfile import TemporaryDirectory
from portefeuille.cli.main import main
assert main(["register", "import", sys.argv[1], "--database-url", sys.argv[2]]) == 0
print(re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1])
"""


def _import(folder: Path, worker_url: str) -> float:
    """By the command, as the worker connects; the peak of its memory in MB."""
    command = [sys.executable, "-c", IMPORT, str(folder), worker_url]
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


def _looks(folder: Path) -> list[tuple[str, str, str]]:
    """What is looked for, the text and the place: those of below, and a rare name of the extract."""
    rare = _rare_name(folder)
    return [*LOOKS, (RARE, rare, ""), ("a typing error in a rare name", rare[:2] + rare[3:], "")]


def _look(what: str, text: str, place: str) -> list[float]:
    """The milliseconds of some looks that find what they should."""
    from portefeuille.register import queries

    found = queries.search(text, place=place)
    assert bool(found) != (what == NOTHING), (what, text)
    assert what != RARE or text in {one.name for one in found}, (text, found)
    return [1000 * seconds(lambda: queries.search(text, place=place)) for _ in range(LOOKS_EACH)]


def _rare_name(folder: Path) -> str:
    """A name of one invented word of four syllables, from halfway the file."""
    with (folder / "denomination.csv").open(encoding="utf-8") as lines:
        words = (line.rstrip().split(",")[-1].strip('"') for line in lines if '"001"' in line)
        names = [word for word in words if word.isalpha() and 7 <= len(word) <= 9]
    return names[len(names) // 2]
