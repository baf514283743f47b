"""Folders that PostgreSQL's user can reach, and waiting for processes without guessing how long it takes."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portefeuille.launch.account import postgres_account
from portefeuille.launch.place import temporary_folder

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 30


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the database's user can enter; pytest's own lie where only their maker may look."""
    with temporary_folder(postgres_account()) as made:
        yield made


def _as_in_a_terminal() -> None:
    """Tests may run in the background, where some signals are ignored; what they start must not inherit that."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Program:
    """A Python program in another process, which says lines and goes on until it is told to stop."""

    def __init__(self, source: str, *words: str | Path, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", source, *map(str, words)],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=_as_in_a_terminal,
        )

    def line(self) -> str:
        """What it says next; fails when it says nothing in time."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE_SECONDS)
        assert ready, "the program says nothing"
        return self.process.stdout.readline().strip()

    def rest(self) -> str:
        """Wait for its end, and everything it still said."""
        return self.process.communicate(timeout=PATIENCE_SECONDS)[0]


@pytest.fixture
def program() -> Iterator[Callable[..., Program]]:
    """Start programs; what still runs at the end of the test is ended."""
    started: list[Program] = []

    def begin(source: str, *words: str | Path, **environment: str) -> Program:
        started.append(Program(source, *words, **environment))
        return started[-1]

    yield begin
    for one in started:
        one.process.kill()
        one.process.communicate()


class Life:
    """The life of any process on this machine; made while it lives, and sure about which one it is."""

    def __init__(self, pid: int) -> None:
        self._handle = os.pidfd_open(pid)

    def ended_within(self, seconds: float = PATIENCE_SECONDS) -> bool:
        """Wait for its end, at most so long."""
        return bool(select.select([self._handle], [], [], seconds)[0])

    def close(self) -> None:
        os.close(self._handle)


@pytest.fixture
def life() -> Iterator[Callable[[int], Life]]:
    """Look at processes by their number."""
    lives: list[Life] = []

    def look(pid: int) -> Life:
        lives.append(Life(pid))
        return lives[-1]

    yield look
    for one in lives:
        one.close()


@pytest.fixture
def private(folder: Path) -> Path:
    """A folder that only its maker may enter."""
    made = folder / "private"
    made.mkdir(mode=0o700)
    return made


only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start something as another user")
needs_setpriv = pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
