"""Loads that are large, broken off, or meet readers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from benchmarks.kbo_extract import write_extract
from tests.register.operations.test_load_open_data import TINY, stored
from tests.register.operations.test_updates import CHANGES, write_update

from portefeuille.register import files, queries
from portefeuille.register.operations.load_open_data import load

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def number(folder: Path, new: int) -> None:
    path = folder / "meta.csv"
    path.write_text(path.read_text(encoding="utf-8").replace('"130"', f'"{new}"'), encoding="utf-8")


def importing(path: Path, url: str) -> subprocess.Popen[str]:
    """The command in a process of its own."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "portefeuille.cli.main",
            "register",
            "import",
            str(path),
            "--database-url",
            url,
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def with_a_pipe(folder: Path, name: str) -> Path:
    """A copy of an extract in which one file comes through a pipe: whoever reads it waits for the test."""
    copy = Path(shutil.copytree(folder, folder.parent / f"{folder.name}-piped"))
    (copy / name).unlink()
    os.mkfifo(copy / name)
    return copy


@pytest.mark.parametrize("kind", ["full", "update"])
def test_a_load_killed_on_its_way_leaves_the_register_whole(
    committed_db: str, extract: Path, tmp_path: Path, kind: str
) -> None:
    load(extract, at=AT)
    if kind == "full":
        number(extract, 131)
        later, name = extract, "branch.csv"
    else:
        later, name = write_update(tmp_path / "update", 131, {**CHANGES}), "branch_insert.csv"
    piped = with_a_pipe(later, name)
    process = importing(piped, committed_db)
    with (piped / name).open("wb", buffering=0) as pipe:  # opens when the load has come to its last file
        pipe.write((later / name).read_bytes())
        assert stored() == TINY, "whoever reads meanwhile sees the old register"
        assert queries.enterprise("1998000159").name == 'Pannenkoekenhuis "Bij Ons"'
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert stored() == TINY
    assert queries.last_extract() == (130, datetime(2025, 1, 4).date())
    with psycopg.connect(committed_db) as connection:
        _wait_until_gone(connection)
        left = connection.execute(
            "SELECT relname FROM pg_class WHERE relname ~ '^(register_next|gone_|new_)'"
        )
        assert left.fetchall() == []
    assert not load(later, at=AT).already_loaded


def _wait_until_gone(connection: psycopg.Connection) -> None:
    """The server notices a client that was killed when it next talks to it."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('register.load_open_data'))")
    connection.commit()


def test_readers_are_not_kept_waiting_by_a_load_that_waits_for_one_of_them(
    committed_db: str, extract: Path
) -> None:
    load(extract, at=AT)
    number(extract, 131)
    with psycopg.connect(committed_db) as slow, psycopg.connect(committed_db) as quick:
        slow.execute("SELECT count(*) FROM register_activity")
        process = importing(extract, committed_db)
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("indexes"):
                break
        quick.execute("SET statement_timeout = '2s'")
        for _ in range(200):
            assert quick.execute("SELECT count(*) FROM register_enterprise").fetchone() == (4,)
            quick.commit()
        assert process.poll() is None, "it waits for the slow reader"
        assert slow.execute("SELECT max(number) FROM register_extract").fetchone() == (130,)
        slow.commit()
        assert process.communicate()[0].startswith("full extract 131")
        assert process.returncode == 0
        assert quick.execute("SELECT max(number) FROM register_extract").fetchone() == (131,)


def test_the_new_tables_have_the_indexes_and_rights_of_the_old(committed_db: str, extract: Path) -> None:
    def looks() -> list[list[tuple[object, ...]]]:
        with psycopg.connect(committed_db) as connection:
            return [
                connection.execute(question).fetchall()
                for question in (
                    """SELECT tablename, indexname, indexdef FROM pg_indexes
                    WHERE tablename LIKE 'register%%' ORDER BY 1, 2""",
                    """SELECT relname, relacl::text, relowner::regrole::text FROM pg_class
                    WHERE relname LIKE 'register%%' AND relkind = 'r' ORDER BY 1""",
                    """SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name
                    FROM information_schema.columns WHERE table_name LIKE 'register%%' ORDER BY 1, ordinal_position""",
                    """SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid)
                    FROM pg_constraint WHERE conrelid::regclass::text LIKE 'register%%' ORDER BY 1, 2""",
                )
            ]

    before = looks()
    load(extract, at=AT)
    number(extract, 131)
    load(extract, at=AT)
    assert looks() == before


@pytest.mark.django_db
def test_memory_does_not_grow_with_the_extract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times the rows take the same memory, and far less than the files hold."""
    monkeypatch.setattr(files, "PIECE_BYTES", 1 << 14)  # so that the smaller one has many pieces too
    large, small = tmp_path / "large", tmp_path / "small"
    rows = write_extract(large, 12_000, number=201)
    write_extract(small, 3_000, number=202)
    _peak(large)  # the days that occur are remembered, each once: let that be done
    peak_of_small, peak_of_large = _peak(small), _peak(large, number=203)
    size = sum(path.stat().st_size for path in large.iterdir())
    assert size > 3.5 * sum(path.stat().st_size for path in small.iterdir())
    assert peak_of_large < peak_of_small + 500_000
    assert peak_of_large < size / 3
    assert stored() == rows


def _peak(folder: Path, *, number: int | None = None) -> int:
    """The most memory in use at once, in bytes, while this is loaded."""
    if number is not None:
        text = (folder / "meta.csv").read_text(encoding="utf-8")
        (folder / "meta.csv").write_text(text.replace('"201"', f'"{number}"'), encoding="utf-8")
    tracemalloc.start()
    assert not load(folder, at=AT).already_loaded
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
