"""What every test may ask for: a database in which it has the rights of web and worker, and the reference data.

One server serves the whole run. It is the embedded PostgreSQL, unless KMO_TEST_POSTGRES_BIN names the folder of
another one's programs, or KMO_TEST_DATABASE_URL an address where databases may be made.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg.conninfo import make_conninfo

# The library that drives the browser keeps an event loop in the thread that runs the tests, journeys and all others
# after them; beside one the framework refuses the database unless it is told that nothing here is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("PORTEFEUILLE_SHARED", ROOT.parent / "shared")) / "data"
SERVER = "KMO_TEST_DATABASE_URL"
USES_DATABASE = {"db", "transactional_db", "committed_db", "owner_connection", "site"}

AS_PLATFORM = "-c role=kmo_worker -c kmo.role=system"

# Rows that migrations put there, or that belong to the framework: kept when a test's rows are swept away.
_KEPT = ("django_migrations", "django_content_type", "auth_permission")


def pytest_configure(config: pytest.Config) -> None:
    """Put the web's role before every page, and start the server, in the process that hands out the tests.

    Its workers find the address in the environment.
    """
    settings.MIDDLEWARE = ["tests.as_web.AsWeb", *settings.MIDDLEWARE]
    if hasattr(config, "workerinput") or SERVER in os.environ or config.option.collectonly:
        return
    stack = contextlib.ExitStack()
    os.environ[SERVER] = stack.enter_context(_server())
    config.add_cleanup(stack.close)
    config.add_cleanup(lambda: os.environ.pop(SERVER, None))


@contextlib.contextmanager
def _server() -> Iterator[str]:
    binaries = os.environ.get("KMO_TEST_POSTGRES_BIN")
    if binaries:
        with _foreign_server(Path(binaries)) as url:
            yield url
        return
    from portefeuille.launch.postgres import temporary_database

    with temporary_database() as database:
        yield database.owner_url


@contextlib.contextmanager
def _foreign_server(binaries: Path) -> Iterator[str]:
    """A throwaway cluster made with somebody else's PostgreSQL; it ends when this process does, however that ends."""
    from portefeuille.launch import processes
    from portefeuille.launch.account import postgres_account
    from portefeuille.launch.place import temporary_folder

    account = postgres_account()
    with temporary_folder(account) as folder, (folder / "log").open("ab") as log:
        if account is not None:
            os.chown(folder, account.uid, account.gid)

        def begin(program: str, *words: str) -> subprocess.Popen[bytes]:
            return processes.start(
                [binaries / program, "-D", f"{folder}/data", *words],
                environment={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                log=log.fileno(),
                death_signal=signal.SIGINT,
                account=account,
                folder=folder,
            )

        made = begin("initdb", "-U", "kmo_owner", "-A", "trust", "-E", "UTF8", "--no-sync").wait()
        assert made == 0, (folder / "log").read_text()
        server = begin("postgres", "-k", str(folder), "-N", "200", "-F", "-c", "listen_addresses=")
        try:
            url = f"postgresql://kmo_owner@/postgres?host={folder}&port=5432"
            _answers(url, server, folder / "log")
            yield url
        finally:
            processes.stop(server, by=signal.SIGINT)


def _answers(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    patience = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < patience, log.read_text()
            time.sleep(0.05)
        else:
            return


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a database, so that ``-m database`` runs just those on another PostgreSQL."""
    for item in items:
        uses = USES_DATABASE & set(getattr(item, "fixturenames", ()))
        if uses or item.get_closest_marker("django_db"):
            item.add_marker("database")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how large each matrix of who may what was, and how many of its cells came as a surprise."""
    sums: dict[str, list[int]] = {}
    for report in (one for kind in ("passed", "failed") for one in terminalreporter.getreports(kind)):
        for name, value in report.user_properties if report.when == "call" else ():
            if name == "matrix":
                where, cells, surprises = value
                told = sums.setdefault(where, [0, 0])
                told[0], told[1] = told[0] + cells, told[1] + surprises
    for where, (cells, surprises) in sorted(sums.items()):
        terminalreporter.write_line(f"Who may what, {where}: {cells:,} cells, {surprises} surprises")


@pytest.fixture(scope="session")
def owner_url(worker_name: str) -> Iterator[str]:
    """A database of this worker's own, addressed as the owner of its tables."""
    name = f"test_kmo_{worker_name}_{os.getpid()}"
    with psycopg.connect(os.environ[SERVER], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        yield make_conninfo(os.environ[SERVER], dbname=name)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def worker_name() -> str:
    """Which of the parallel workers this is."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def app_url(owner_url: str) -> str:
    """The same database, in the role of the worker, as the platform itself."""
    return make_conninfo(owner_url, options=AS_PLATFORM)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, owner_url: str, app_url: str) -> Iterator[None]:
    """Lay the tables as their owner, then connect as web and worker do: every test runs with their rights."""
    from django.core.management import call_command
    from django.db import connections

    from portefeuille.database.url import django_settings

    with django_db_blocker.unblock():
        default = connections["default"]
        default.close()
        default.settings_dict.update(django_settings(owner_url))
        call_command("prepare_database", verbosity=0)
        default.close()
        # Each page of a journey has a thread of its own, which nobody would close a kept connection for.
        default.settings_dict.update({**django_settings(app_url), "CONN_MAX_AGE": 0})
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def owner_connection(django_db_setup: None, owner_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the owner of the tables, outside the test's transaction."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any, owner_url: str) -> Iterator[str]:
    """For tests of concurrency and crashes: what they commit is really committed, and swept away after them.

    Gives the address as web and worker connect. The sweep needs the owner, and switches triggers off for itself.
    """
    from django.db import connections

    with django_db_blocker.unblock():
        try:
            yield make_conninfo(owner_url, options=AS_PLATFORM)
        finally:
            connections.close_all()
            _sweep(owner_url)


def _sweep(owner_url: str) -> None:
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        tables = owner.execute(
            "SELECT format('%%I', tablename) FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY(%s)",
            [list(_KEPT)],
        ).fetchall()
        owner.execute(f"TRUNCATE {', '.join(table for (table,) in tables)} RESTART IDENTITY CASCADE")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The reference data that tests read from beside the project; skipped, with the reason, where they are not."""
    if not SHARED.is_dir():
        pytest.skip(f"the reference data are not at {SHARED}")
    return SHARED


@pytest.fixture
def world(db: None) -> Any:
    """A small world with an enterprise, a provider and a bank."""
    from tests.world import World

    return World()
