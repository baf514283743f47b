"""The demo as a whole: up, kept, stopped and killed; and one clear line for each thing that can be in its way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.launch.test_postgres import is_gone

from portefeuille.launch.demo import as_app_role, must_be_free
from portefeuille.launch.failures import CannotStart
from portefeuille.launch.supervisor import Supervisor

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "portefeuille.cli.main", "demo", *words]


def environment() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KMO_", "DJANGO_"))}
    return {**clean, "PYTHONPATH": str(ROOT / "src")}


class Running:
    """A demo in a process of its own."""

    def __init__(self, state: Path, *words: str) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            command("--port", str(self.port), "--state", str(state), *words),
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
        )
        assert self.process.stdout is not None
        self.said = []
        for line in self.process.stdout:
            self.said.append(line)
            if "Stoppen: Ctrl-C" in line:
                return
        raise AssertionError(self.process.communicate()[1])

    @property
    def database(self) -> str:
        """The address that it printed for other commands."""
        return "".join(self.said).partition("KMO_DATABASE_URL='")[2].partition("'")[0]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> int:
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:
            return int(answer.status)

    def children(self) -> list[int]:
        """Every process that descends from it."""
        parents: dict[int, int] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(stat.parent.name)] = int(fields[1])
        found, seen = [], {self.process.pid}
        for _ in range(5):
            new = [pid for pid, parent in parents.items() if parent in seen and pid not in seen]
            seen.update(new)
            found += new
        return found

    def end(self, by: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(by)
        _out, said = self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode, said


@pytest.fixture
def state() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kmo-test-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "staat"


@pytest.fixture
def demo(state: Path) -> Iterator[Running]:
    running = Running(state)
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.communicate()


@pytest.mark.slow
def test_a_demo_starts_answers_stops_and_keeps_its_data(demo: Running, state: Path) -> None:
    told = "".join(demo.said)
    assert demo.address in told
    assert "Lien Maes, ondernemer, voor Houtatelier Vonk" in told
    assert demo.get("/") == demo.get("/aanmelden") == demo.get("/gezondheid") == 200

    second = subprocess.run(
        command("--port", str(free_port()), "--state", str(state)),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert second.stdout == ""
    assert len(second.stderr.strip().splitlines()) == 1
    assert demo.address in second.stderr

    with psycopg.connect(demo.database) as app:
        app.execute("UPDATE providers_provider SET trade_name = 'Bewaard' WHERE id = 1")
    children = demo.children()
    assert len(children) >= 3
    code, said = demo.end(signal.SIGINT)
    assert code == 0, said
    assert "De gegevens blijven bewaard" in said
    assert all(is_gone(pid) for pid in children)

    again = Running(state)
    try:
        with psycopg.connect(again.database) as app:
            assert app.execute("SELECT trade_name FROM providers_provider WHERE id = 1").fetchone() == (
                "Bewaard",
            )
        children = again.children()
    finally:
        again.process.kill()
        again.process.communicate()
    assert all(is_gone(pid) for pid in children), "a child outlived a kill of its owner"

    fresh = Running(state, "--fresh")
    try:
        with psycopg.connect(fresh.database) as app:
            [name] = app.execute("SELECT trade_name FROM providers_provider WHERE id = 1").fetchone() or [
                None
            ]
            assert name != "Bewaard"
    finally:
        code, _said = fresh.end(signal.SIGTERM)
    assert code == 0


def test_a_port_that_is_taken_is_one_line_with_a_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"Poort {port} is bezet.*--port {port + 1}"):
            must_be_free(port)
        done = subprocess.run(
            command("--port", str(port), "--state", str(tmp_path / "s")),
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("port", ["0", "65536", "x", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    done = subprocess.run(
        command("--port", port), env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2


def test_somebodys_own_database_is_entered_in_the_role_that_owns_nothing(
    owner_url: str, django_db_setup: None
) -> None:
    with psycopg.connect(as_app_role(owner_url)) as app:
        assert app.execute("SELECT current_user").fetchone() == ("kmo_app",)


def test_an_address_that_is_none_is_said_plainly() -> None:
    with pytest.raises(CannotStart, match="--database-url"):
        as_app_role("mysql ::: hallo")


class TestSupervisor:
    @pytest.fixture
    def supervisor(self, tmp_path: Path) -> Iterator[Supervisor]:
        made = Supervisor(tmp_path / "logs", {"PATH": os.environ["PATH"]})
        yield made
        made.stop_all()

    def test_a_child_that_ends_by_itself_is_named_with_its_last_words(self, supervisor: Supervisor) -> None:
        supervisor.start("web", [sys.executable, "-c", "print('geen geheugen meer', flush=True)"])
        with pytest.raises(CannotStart, match="web is gestopt: geen geheugen meer"):
            supervisor.watch()

    def test_a_step_that_fails_is_named_with_its_last_words(self, supervisor: Supervisor) -> None:
        with pytest.raises(CannotStart, match="Klaarzetten is mislukt: zo niet"):
            supervisor.run("Klaarzetten", [sys.executable, "-c", "raise SystemExit('zo niet')"])

    def test_a_step_that_works_gives_what_it_printed(self, supervisor: Supervisor) -> None:
        assert supervisor.run("Klaarzetten", [sys.executable, "-c", "print(1)"]) == "1\n"

    def test_a_child_that_does_not_listen_is_ended_anyway(
        self, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from portefeuille.launch import processes

        stubborn = (
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
            "print('op', flush=True); time.sleep(600)"
        )
        supervisor.start("web", [sys.executable, "-c", stubborn])
        log = supervisor.logs / "web.log"
        deadline = time.monotonic() + 20
        while "op" not in log.read_text() and time.monotonic() < deadline:
            time.sleep(0.02)
        [child] = supervisor._children.values()
        processes.stop(child, patience_seconds=0.1)
        assert child.returncode == -signal.SIGKILL
