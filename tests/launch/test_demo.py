"""The whole thing, as people start it; and the small refusals before it starts."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from tests.launch.conftest import PATIENCE_SECONDS, ROOT, Life, only_root

from portefeuille.core.formats.coda_writer import Line, write
from portefeuille.core.money import Money
from portefeuille.database.roles import ALL
from portefeuille.launch.demo import Asked, must_be_free, run
from portefeuille.launch.failures import CannotStart
from portefeuille.launch.place import temporary_folder
from portefeuille.launch.postgres import temporary_database
from portefeuille.launch.state import State

Starter = Callable[..., "Demo"]


class Demo:
    """``./kmo demo`` in another process, from another folder."""

    def __init__(self, *words: str | Path) -> None:
        self.process = subprocess.Popen(
            [str(ROOT / "kmo"), "demo", *map(str, words)],
            env={**os.environ, "KMO_PYTHON": sys.executable, "http_proxy": "http://127.0.0.1:9"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def greeting(self) -> list[str]:
        """What it prints when all is up."""
        assert self.process.stdout is not None
        said = b""
        while b"Stoppen: Ctrl-C\n" not in said:
            ready, _, _ = select.select([self.process.stdout], [], [], 2 * PATIENCE_SECONDS)
            assert ready, f"nothing more after {said!r}"
            part = os.read(self.process.stdout.fileno(), 65536)
            assert part, self.process.communicate()[1]
            said += part
        return said.decode().splitlines()

    def children(self) -> list[int]:
        """Its processes: the database, web, worker."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def refusal(self) -> str:
        """What it says on standard error when it does not start; nothing may be on standard output."""
        out, err = self.process.communicate(timeout=PATIENCE_SECONDS)
        assert (out, self.process.returncode) == ("", 1)
        return err

    def end(self, number: signal.Signals) -> int:
        """Ask for the end; its exit code."""
        self.process.send_signal(number)
        self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode


@pytest.fixture
def demo() -> Iterator[Starter]:
    """Start demos; what still runs at the end of the test is killed."""
    started: list[Demo] = []

    def begin(*words: str | Path) -> Demo:
        started.append(Demo(*words))
        return started[-1]

    yield begin
    for one in started:
        one.process.kill()
        one.process.communicate()


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    return free_port()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(port: int) -> int:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"http://127.0.0.1:{port}/gezondheid", timeout=10) as answer:
        return int(answer.status)


def people(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM identity_person").fetchone()
        assert row is not None
        return int(row[0])


def _next_statement(url: str, lines: int) -> bytes:
    """So many deposits of a cent that nobody knows, on the statement that the platform expects next."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT iban, balance_cents, statement_sequence, covered_until FROM bank_bankaccount"
        ).fetchone()
    assert row is not None
    iban, balance, sequence, covered_until = row
    return write(
        account=iban,
        holder="Beheer",
        sequence=sequence + 1,
        day=covered_until,
        opening=Money(balance),
        lines=[Line(Money(1), text=f"onbekend {number}") for number in range(lines)],
    )


def _kmo(*words: str, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "portefeuille.cli.main", *words, "--database-url", url],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "portefeuille.settings.story",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_a_kill_of_the_owner_during_an_import_loses_nothing_and_books_nothing_twice(
    demo: Starter, folder: Path, port: int
) -> None:
    """Killed while the lines of a statement go into the database; started again, and the file handed in again."""
    state = folder / "state"
    owner = demo("--port", str(port), "--state", state)
    owner.greeting()
    url = demo("--where", "--state", state).process.communicate()[0].strip()
    path = folder / "statement.cod"
    path.write_bytes(_next_statement(url, lines=30_000))

    importing = _kmo("bank", "import", str(path), url=url)
    assert importing.stderr is not None
    assert importing.stderr.read(len(" 5000 van")).strip() == "5000 van"
    owner.process.kill()
    said = importing.communicate(timeout=PATIENCE_SECONDS)[1]
    assert importing.returncode == 1
    assert said.strip().splitlines()[-1].startswith("kmo bank: De databank viel weg")
    assert "Traceback" not in said

    second = demo("--port", str(port), "--state", state)
    second.greeting()
    count = "SELECT count(*) FROM bank_movement WHERE communication LIKE 'onbekend %'"
    with psycopg.connect(url) as connection:
        assert connection.execute(count).fetchone() == (0,)
    for _ in range(2):
        again = _kmo("bank", "import", str(path), url=url)
        assert again.communicate(timeout=4 * PATIENCE_SECONDS)[0].count('"known_statements"') == 1
        assert again.returncode == 0
        with psycopg.connect(url) as connection:
            assert connection.execute(count).fetchone() == (30_000,)
    proof = _kmo("ledger", "verify", url=url)
    assert "FAIL" not in proof.communicate(timeout=4 * PATIENCE_SECONDS)[0]
    assert proof.returncode == 0
    assert second.end(signal.SIGTERM) == 0


@pytest.mark.slow
def test_the_whole_platform_from_start_to_end(
    demo: Starter, folder: Path, port: int, life: Callable[[int], Life]
) -> None:
    """A fresh start, the same state again, another one beside it, a kill, a warm start with its data, a clean end."""
    state = folder / "a state"
    first = demo("--port", str(port), "--state", state)
    said = first.greeting()
    assert f"De kmo-portefeuille draait op http://127.0.0.1:{port}" in said
    assert any(line.endswith("voor het platform") for line in said), "who can sign in"
    assert status(port) == 200

    again = demo("--port", str(port), "--state", state)
    assert f"Hier draait al een demo, op http://127.0.0.1:{port}." in again.refusal()

    url = demo("--where", "--state", state).process.communicate()[0].strip()
    assert conninfo_to_dict(url)["user"] == "kmo_worker"
    known = people(url)
    with psycopg.connect(url.replace("kmo_worker", "kmo_owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE a_trace (id int)")

    beside = demo("--port", str(port), "--state", folder / "beside")
    assert f"Poort {port} is bezet" in beside.refusal()

    lives = [life(pid) for pid in first.children()]
    assert len(lives) == 3
    first.process.kill()

    second = demo("--port", str(port), "--state", state)  # at once: it waits for what is on its way out
    second.greeting()
    assert all(one.ended_within() for one in lives), "a killed owner leaves nothing behind"
    assert status(port) == 200
    assert people(url) == known
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regclass('a_trace') IS NOT NULL").fetchone() == (True,)
    lives = [life(pid) for pid in second.children()]
    assert second.end(signal.SIGTERM) == 0
    assert all(one.ended_within(0) for one in lives)
    assert State(state).database_url() is None

    anew = demo("--port", str(port), "--state", state, "--fresh")
    anew.greeting()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regclass('a_trace') IS NULL").fetchone() == (True,)
    assert anew.end(signal.SIGINT) == 0


@pytest.mark.slow
def test_on_somebodys_own_postgresql_the_rights_of_an_ordinary_owner_are_enough(
    demo: Starter, folder: Path, port: int
) -> None:
    """Who owns the database and may make roles; web and worker get the role that owns nothing."""
    state = folder / "state"
    with temporary_database() as own:
        with psycopg.connect(own.owner_url, autocommit=True) as admin:
            for role in ALL:
                admin.execute(f"DROP ROLE {role}")
            admin.execute("CREATE ROLE platform LOGIN CREATEROLE")
            admin.execute("CREATE DATABASE platform OWNER platform")
        url = make_conninfo(own.owner_url, user="platform", dbname="platform")
        running = demo("--port", str(port), "--state", state, "--database-url", url)
        running.greeting()
        assert status(port) == 200
        assert not (state / "postgres").exists()
        as_worker = State(state).database_url()
        assert as_worker is not None
        with psycopg.connect(as_worker) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("kmo_worker",)
        assert running.end(signal.SIGINT) == 0


def test_the_end_may_be_asked_before_all_is_up(
    demo: Starter, folder: Path, port: int, life: Callable[[int], Life]
) -> None:
    starting = demo("--port", str(port), "--state", folder)
    assert starting.process.stderr is not None
    said = [starting.process.stderr.readline(), starting.process.stderr.readline()]
    assert "klaargezet" in said[-1]
    lives = [life(pid) for pid in starting.children()]
    assert starting.end(signal.SIGINT) == 0
    assert all(one.ended_within(0) for one in lives)


def test_fresh_forgets_only_what_bears_the_mark(folder: Path, port: int) -> None:
    (folder / "thesis.txt").write_text("years of work")
    with pytest.raises(CannotStart, match="Er wordt niets gewist"):
        run(Asked(port=port, state=folder, fresh=True))
    assert (folder / "thesis.txt").exists()


def test_fresh_forgets_nothing_when_the_port_is_taken(folder: Path) -> None:
    with State(folder).running_at(""):
        pass
    (folder / "secret-key").write_text("kept")
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CannotStart, match="bezet"):
        run(Asked(port=taken.getsockname()[1], state=folder, fresh=True))
    assert (folder / "secret-key").read_text() == "kept"


def test_a_taken_port_is_one_line_with_a_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"^Poort {number} is bezet\. .*--port"):
            must_be_free(number)
    must_be_free(number)


def test_a_server_that_would_share_its_port_counts_as_taken() -> None:
    with socket.socket() as sharing:
        sharing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sharing.bind(("127.0.0.1", 0))
        sharing.listen()
        with pytest.raises(CannotStart, match="bezet"):
            must_be_free(sharing.getsockname()[1])


def test_a_disk_that_fills_up_is_one_line_with_a_way_out(
    folder: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_state: State) -> None:
        raise OSError(28, "No space left on device", "/some/file")

    monkeypatch.setattr(State, "must_have_room", full)
    with pytest.raises(CannotStart, match=r"^/some/file: No space left on device\. Maak plaats .*--state"):
        run(Asked(port=port, state=folder))


@only_root
def test_a_normal_user_without_the_right_gets_one_line(private: Path) -> None:
    """In a child that is no longer root, so that the kernel itself says no."""
    source = (
        "import os, sys; from pathlib import Path; from portefeuille.cli.main import main;"
        "import portefeuille.cli.demo; os.setgroups([]); os.setgid(65534); os.setuid(65534);"
        "sys.exit(main(['demo', '--port', sys.argv[1], '--state', sys.argv[2]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", source, str(free_port()), str(private / "state")],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "--state" in done.stderr


def test_a_temporary_folder_is_gone_after_it() -> None:
    with temporary_folder(None) as made:
        assert made.is_dir()
    assert not made.exists()
