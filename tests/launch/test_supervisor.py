from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.launch.conftest import Life, Program

from portefeuille.launch.failures import CannotStart
from portefeuille.launch.supervisor import EndAsked, Ending, Supervisor

FOREVER = [sys.executable, "-c", "import signal; signal.pause()"]

# Starts one stand-in, tells its number, and behaves as ``kmo demo`` does until it is told to stop.
STAND_IN = """
import os, sys
from pathlib import Path
from portefeuille.launch.supervisor import Ending, Supervisor
ending = Ending()
supervisor = Supervisor(Path(sys.argv[1]), os.environ, ending)
with ending.listening():
    supervisor.start("web", [sys.executable, "-c", "import os, signal; print(os.getpid()); signal.pause()"])
    print(supervisor._children["web"].pid, flush=True)
    try:
        supervisor.watch()
    finally:
        supervisor.stop_all()
print("ended", flush=True)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    return Supervisor(tmp_path / "logs", os.environ)


def python(source: str) -> list[str]:
    return [sys.executable, "-c", source]


def test_a_run_gives_what_was_printed_and_keeps_talk_apart(supervisor: Supervisor) -> None:
    source = "import os, sys; print(os.environ['WHO']); print('talk', file=sys.stderr)"
    assert supervisor.run("greet", python(source), WHO="wereld") == "wereld\n"
    assert supervisor.last_line("greet") == "talk"


def test_a_run_that_fails_says_its_last_line(supervisor: Supervisor) -> None:
    with pytest.raises(CannotStart, match=r"prepare is mislukt: SystemExit|prepare is mislukt: no room"):
        supervisor.run("prepare", python("import sys; sys.exit('no room')"))


def test_a_run_that_fails_says_what_failed_and_not_where_in_the_query(supervisor: Supervisor) -> None:
    source = "raise RuntimeError('permission denied\\nLINE 1: CREATE\\n        ^')"
    with pytest.raises(CannotStart, match=r"prepare is mislukt: permission denied \(zie"):
        supervisor.run("prepare", python(source))


def test_what_an_earlier_run_said_is_not_told_again(supervisor: Supervisor) -> None:
    with pytest.raises(CannotStart, match="out of luck"):
        supervisor.run("prepare", python("raise ValueError('out of luck')"))
    with pytest.raises(CannotStart, match="geen bericht"):
        supervisor.run("prepare", python("import os; os._exit(3)"))


def test_a_silent_failure_is_told_too(supervisor: Supervisor) -> None:
    with pytest.raises(CannotStart, match="geen bericht"):
        supervisor.run("prepare", python("import os; os._exit(3)"))


def test_nobody_waits_for_a_run_once_the_end_is_asked(supervisor: Supervisor) -> None:
    waiting = python("import os, signal; os.kill(os.getppid(), signal.SIGUSR1); signal.pause()")
    before = signal.signal(signal.SIGUSR1, lambda *_: setattr(supervisor.ending, "asked", True))
    try:
        with pytest.raises(EndAsked):
            supervisor.run("prepare", waiting)
    finally:
        signal.signal(signal.SIGUSR1, before)
    with pytest.raises(EndAsked):
        supervisor.start("web", FOREVER)


def test_a_child_that_dies_ends_the_watch_with_its_last_line(supervisor: Supervisor) -> None:
    supervisor.start("worker", FOREVER)
    supervisor.start("web", python("print('hello'); print('out of memory'); raise SystemExit(1)"))
    try:
        with pytest.raises(CannotStart, match=r"web is gestopt: out of memory \(zie .*web\.log\)"):
            supervisor.watch()
    finally:
        supervisor.stop_all()


def test_what_was_started_elsewhere_is_watched_too(tmp_path: Path) -> None:
    complaints = iter([None, "no space left"])
    supervisor = Supervisor(tmp_path, {}, others={"De databank": lambda: next(complaints)})
    with pytest.raises(CannotStart, match="De databank is gestopt: no space left"):
        supervisor.watch()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_asking_signal_ends_everything_cleanly(
    tmp_path: Path, program: Callable[..., Program], life: Callable[[int], Life], number: signal.Signals
) -> None:
    owner = program(STAND_IN, tmp_path)
    child = life(int(owner.line()))
    owner.process.send_signal(number)
    assert owner.rest() == "ended\n"
    assert owner.process.returncode == 0
    assert child.ended_within(0)


def test_a_closed_terminal_is_nothing_to_who_was_told_to_live_without_one(
    tmp_path: Path, program: Callable[..., Program]
) -> None:
    owner = program("import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)" + STAND_IN, tmp_path)
    owner.line()
    owner.process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        owner.process.wait(1)
    owner.process.send_signal(signal.SIGTERM)
    assert owner.rest() == "ended\n"


def test_killing_the_owner_takes_the_children_down(
    tmp_path: Path, program: Callable[..., Program], life: Callable[[int], Life]
) -> None:
    owner = program(STAND_IN, tmp_path)
    child = life(int(owner.line()))
    owner.process.kill()
    assert child.ended_within()


def test_the_signals_are_as_before_after_listening() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Ending().listening():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before
