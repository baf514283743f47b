"""The whole platform on one machine: database, web, worker and a demo world."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portefeuille.launch import own_database
from portefeuille.launch.failures import CannotStart
from portefeuille.launch.postgres import EmbeddedPostgres
from portefeuille.launch.state import State
from portefeuille.launch.supervisor import Complaint, EndAsked, Ending, Supervisor

WEB_PATIENCE_SECONDS = 60
PREDECESSOR_PATIENCE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asked for. ``database_url`` is somebody's own PostgreSQL, None for the embedded one."""

    port: int
    state: Path
    fresh: bool = False
    database_url: str | None = None

    @property
    def address(self) -> str:
        """Where people go."""
        return f"http://127.0.0.1:{self.port}"


def run(asked: Asked) -> int:
    """Start everything, say where, and stay until somebody asks for the end. Raises CannotStart."""
    ending = Ending()
    with _plain_failures(asked), ending.listening(), contextlib.suppress(EndAsked):
        state = State(asked.state)
        with state.running_at(asked.address):
            must_be_free(
                asked.port, patience_seconds=PREDECESSOR_PATIENCE_SECONDS if state.ended_badly else 0
            )
            if asked.fresh:
                state.empty()
            state.must_have_room()
            _live(asked, state, ending)
    _say("Gestopt. De gegevens blijven bewaard; start opnieuw met hetzelfde commando.")
    return 0


def _live(asked: Asked, state: State, ending: Ending) -> None:
    with _database(asked) as (owner_url, app_url, complaint):
        supervisor = Supervisor(
            logs=state.folder / "logs",
            environment=_environment(asked, state, app_url),
            ending=ending,
            others={"De databank": complaint},
        )
        try:
            _prepare(supervisor, owner_url)
            _start(supervisor, asked)
            state.note_database(asked.address, app_url)
            _greet(supervisor, asked, app_url)
            supervisor.watch()
        finally:
            supervisor.stop_all()


@contextlib.contextmanager
def _plain_failures(asked: Asked) -> Iterator[None]:
    """A full disk or a missing right, wherever it shows, is one line with a way out."""
    try:
        yield
    except OSError as problem:
        where = problem.filename or asked.state
        raise CannotStart(
            f"{where}: {problem.strerror}. Maak plaats of geef schrijfrecht, of kies met --state een andere map."
        ) from problem


def must_be_free(port: int, *, patience_seconds: float = 0) -> None:
    """Try the port before the web server does: two of those would share it without a word.

    The patience is for the web server of an owner that was killed, which is on its way out. Raises CannotStart.
    """
    patience = time.monotonic() + patience_seconds
    while not _is_free(port):
        if time.monotonic() >= patience:
            raise CannotStart(
                f"Poort {port} is bezet. Stop wat daar draait, of kies een andere met --port, zoals {port % 65535 + 1}."
            )
        time.sleep(0.1)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotStart(
                f"Poort {port} mag je niet gebruiken. Kies er een boven 1023 met --port."
            ) from None
        except OSError:
            return False
    return True


@contextlib.contextmanager
def _database(asked: Asked) -> Iterator[tuple[str, str, Complaint]]:
    """The address for the owner of the tables, the one for web and worker, and how to ask what is wrong."""
    if asked.database_url is None:
        _say("De databank wordt gestart ...")
        with EmbeddedPostgres(asked.state) as postgres:
            yield postgres.owner_url, postgres.app_url, postgres.complaint
    else:
        own_database.must_serve(asked.database_url)
        yield asked.database_url, own_database.as_app_role(asked.database_url), lambda: None


def _environment(asked: Asked, state: State, app_url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portefeuille.settings.demo",
        "KMO_DATABASE_URL": app_url,
        "KMO_STATE_DIR": str(state.folder),
        "KMO_SECRET_KEY_FILE": str(state.secret_key_file()),
        "KMO_PUBLIC_ADDRESS": asked.address,
        "PYTHONUNBUFFERED": "1",
    }


def _kmo(*words: str) -> list[str]:
    return [sys.executable, "-m", "portefeuille.cli.main", *words]


def _prepare(supervisor: Supervisor, owner_url: str) -> None:
    _say("De tabellen en de demowereld worden klaargezet ...")
    supervisor.run("prepare_database", _kmo("manage", "prepare_database"), KMO_DATABASE_URL=owner_url)
    supervisor.run("load_demo_world", _kmo("manage", "load_demo_world"))


def _start(supervisor: Supervisor, asked: Asked) -> None:
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    granian += ["--port", str(asked.port), "--workers", "1", "--blocking-threads", "4", "--no-ws"]
    supervisor.start("web", [*granian, "portefeuille.web.wsgi:application"])
    # Orphaned, the worker would wait for a database that is gone too. Each of its jobs is safe to kill and run again.
    supervisor.start(
        "worker",
        _kmo("manage", "work", "--sole"),
        when_orphaned=signal.SIGKILL,
    )
    _wait_for_web(supervisor, asked.address)


def _wait_for_web(supervisor: Supervisor, address: str) -> None:
    direct = urllib.request.build_opener(
        urllib.request.ProxyHandler({})
    )  # this machine is not behind a proxy
    patience = time.monotonic() + WEB_PATIENCE_SECONDS
    while time.monotonic() < patience:
        supervisor.ending.check()
        supervisor.must_live()
        try:
            with direct.open(f"{address}/gezondheid", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise CannotStart(f"De website antwoordt niet op {address}. Kijk in {supervisor.logs / 'web.log'}.")


def _greet(supervisor: Supervisor, asked: Asked, app_url: str) -> None:
    people = supervisor.run("demo_people", _kmo("manage", "demo_people"))
    print(f"\nDe kmo-portefeuille draait op {asked.address}\n", flush=True)
    print("Wie kan zich aanmelden (zonder wachtwoord, want dit is een demo):", flush=True)
    print(people, flush=True)
    if asked.database_url is None:  # somebody's own address may hold a password
        print(f"Databank voor andere commando's: KMO_DATABASE_URL='{app_url}'", flush=True)
    print("Stoppen: Ctrl-C", flush=True)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
