from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.launch.conftest import Life, Program, only_root

from portefeuille.launch.account import Account
from portefeuille.launch.failures import CannotStart
from portefeuille.launch.processes import start, stop

OWNER = """
import os, signal, sys
from portefeuille.launch.processes import start
child = start([sys.executable, "-c", "import signal; signal.pause()"], environment=os.environ, log=1)
print(child.pid, flush=True)
signal.pause()
"""

IN_THE_BACKGROUND = """
import os, signal
from portefeuille.launch.processes import start, stop
signal.signal(signal.SIGINT, signal.SIG_IGN)
child = start(["sleep", "60"], environment=os.environ, log=2)
stop(child, by=signal.SIGINT, patience_seconds=1)
print(child.returncode, flush=True)
"""

STUBBORN = """
import os, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = os.fork()
if grandchild:
    print(grandchild, flush=True)
signal.pause()
"""


def log(folder: Path) -> int:
    return os.open(folder / "log", os.O_RDWR | os.O_CREAT | os.O_APPEND)


def test_a_child_does_not_outlive_an_owner_that_is_killed(
    program: Callable[..., Program], life: Callable[[int], Life]
) -> None:
    owner = program(OWNER)
    child = life(int(owner.line()))
    assert not child.ended_within(0)
    owner.process.kill()
    assert child.ended_within()


def test_a_child_that_will_not_go_is_made_to_go_with_all_it_started(
    tmp_path: Path, life: Callable[[int], Life]
) -> None:
    reading, writing = os.pipe()
    child = start([sys.executable, "-c", STUBBORN], environment=os.environ, log=log(tmp_path), output=writing)
    grandchild = life(int(os.read(reading, 20)))
    stop(child, patience_seconds=0.1)
    assert child.returncode == -signal.SIGKILL
    assert grandchild.ended_within()


def test_a_polite_child_ends_by_the_signal_it_was_sent(tmp_path: Path) -> None:
    child = start(["sleep", "60"], environment=os.environ, log=log(tmp_path))
    stop(child, by=signal.SIGINT)
    assert child.returncode == -signal.SIGINT
    stop(child)  # a second time is harmless


def test_a_job_in_the_background_starts_children_that_can_be_ended(program: Callable[..., Program]) -> None:
    """Shells let such a job ignore Ctrl-C, and a child would inherit that."""
    owner = program(IN_THE_BACKGROUND)
    assert owner.rest().strip() == str(-signal.SIGINT)


def test_what_cannot_be_started_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="/nowhere/program kan niet gestart worden"):
        start(["/nowhere/program"], environment={}, log=log(tmp_path))


@only_root
def test_a_child_of_another_user_has_nothing_of_root_left(tmp_path: Path) -> None:
    child = start(["id"], environment=os.environ, log=log(tmp_path), account=Account(65534, 65534))
    assert child.wait() == 0
    said = (tmp_path / "log").read_text()
    assert "uid=65534" in said
    assert "(root)" not in said
