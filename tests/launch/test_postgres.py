"""The embedded server: made, joined, kept, and gone with its owner."""

from __future__ import annotations

import os
import pwd
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portefeuille.launch.account import postgres_account
from portefeuille.launch.failures import CannotStart
from portefeuille.launch.postgres import OUTSIDE, EmbeddedPostgres, forget, home_of, temporary_database

ROOT = Path(__file__).resolve().parents[2]

# Starts a server in a folder, says where, and waits for its end.
PROGRAM = """
import sys, time
from pathlib import Path
from portefeuille.launch.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), throwaway=True) as server:
    print(server.owner_url, server._server.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of one's own that others may pass through; the test library's own are closed to them."""
    with tempfile.TemporaryDirectory(prefix="kmo test ") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def is_gone(pid: int) -> bool:
    """Whether that process has ended, within a bounded time."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        status = Path(f"/proc/{pid}/status")
        if not status.exists() or "State:\tZ" in status.read_text():
            return True
        time.sleep(0.05)
    return False


def test_a_first_start_gives_a_database_with_two_roles(folder: Path) -> None:
    with (
        EmbeddedPostgres(folder, throwaway=True) as server,
        psycopg.connect(server.owner_url) as owner,
        psycopg.connect(server.app_url) as app,
    ):
        assert owner.execute("SELECT current_user, current_database()").fetchone() == ("kmo_owner", "kmo")
        [rights] = app.execute(
            """SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb
               FROM pg_roles WHERE rolname = 'kmo_app'"""
        ).fetchone()
        assert rights is False
        assert app.execute("SELECT version()").fetchone()[0].startswith("PostgreSQL 18")
        assert app.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_a_second_start_keeps_the_data_and_is_warm(folder: Path) -> None:
    with EmbeddedPostgres(folder, throwaway=True) as server, psycopg.connect(server.owner_url) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    binaries = [path.stat().st_mtime_ns for path in folder.glob("postgres/server-*/ready")]
    with EmbeddedPostgres(folder, throwaway=True) as server, psycopg.connect(server.owner_url) as owner:
        assert owner.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert [path.stat().st_mtime_ns for path in folder.glob("postgres/server-*/ready")] == binaries


def test_two_servers_stand_beside_each_other() -> None:
    with temporary_database() as one, temporary_database() as two:
        assert one.owner_url != two.owner_url
        for server in (one, two):
            psycopg.connect(server.app_url).close()


def test_the_same_folder_twice_is_refused_in_one_line(folder: Path) -> None:
    with EmbeddedPostgres(folder, throwaway=True), pytest.raises(CannotStart, match="draait al"):
        EmbeddedPostgres(folder, throwaway=True).__enter__()


def test_a_first_start_that_was_cut_off_is_begun_again(folder: Path) -> None:
    half = folder / "postgres" / "cluster"
    half.mkdir(parents=True)
    (half / "rest").write_text("van een start die afgebroken werd")
    with EmbeddedPostgres(folder, throwaway=True) as server:
        psycopg.connect(server.app_url).close()


def test_a_folder_with_a_very_long_name_gets_a_short_socket(folder: Path) -> None:
    deep = folder / ("x" * 100)
    with EmbeddedPostgres(deep, throwaway=True) as server:
        psycopg.connect(server.app_url).close()
        assert "kmo-pg-" in server.app_url


def test_the_state_folders_parents_keep_their_mode(folder: Path) -> None:
    before = {parent: parent.stat().st_mode for parent in folder.parents}
    with EmbeddedPostgres(folder, throwaway=True):
        pass
    assert {parent: parent.stat().st_mode for parent in folder.parents} == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_in_a_folder_that_is_closed_to_others_roots_server_lies_elsewhere_and_can_be_forgotten(
    folder: Path,
) -> None:
    folder.chmod(0o700)
    state = folder / "staat"
    with EmbeddedPostgres(state, throwaway=True) as server, psycopg.connect(server.owner_url) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with EmbeddedPostgres(state, throwaway=True) as server, psycopg.connect(server.owner_url) as owner:
        assert owner.execute("SELECT answer FROM kept").fetchone() == (42,)
    home = home_of(state, postgres_account())
    assert OUTSIDE in home.parents
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    forget(state)
    assert not home.exists()


def test_only_its_user_and_root_reach_the_socket(folder: Path) -> None:
    with EmbeddedPostgres(folder, throwaway=True):
        [socket] = [path for path in folder.rglob(".s.PGSQL.5432") if path.is_socket()]
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM])
def test_the_server_goes_when_its_owner_is_killed(folder: Path, by: signal.Signals) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    _url, pid = owner.stdout.readline().split()
    owner.send_signal(by)
    owner.wait(20)
    owner.stdout.close()
    assert is_gone(int(pid)), "PostgreSQL outlived its owner"
    with EmbeddedPostgres(folder, throwaway=True) as server:  # and left a cluster that starts again
        psycopg.connect(server.app_url).close()


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become somebody else; others run every test as themselves"
)
def test_it_works_for_a_normal_user_too(folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    if subprocess.run(
        ["setpriv", f"--reuid={nobody.pw_uid}", "--clear-groups", "test", "-x", sys.executable], check=False
    ).returncode:
        pytest.skip("this environment lies where a normal user can't read it")
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.replace("time.sleep(600)", ""), str(folder)],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "src"),
            "HOME": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    out, problem = process.communicate(timeout=120)
    assert process.returncode == 0, problem
    assert out.startswith("postgresql://")


def test_a_folder_that_can_not_be_made_is_said_in_one_line(folder: Path) -> None:
    (folder / "file").write_text("")
    with pytest.raises(CannotStart, match="Kies met --state"):
        EmbeddedPostgres(folder / "file").__enter__()
