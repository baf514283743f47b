"""A few processes that live and end together with the one that started them."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from portefeuille.launch.failures import CannotStart
from portefeuille.launch.processes import start, stop

GLANCE_SECONDS = 0.2

# How a refusal begins, or how Python ends the account of an exception; what follows are details, such as where in a
# query a fault lies.
_PROBLEM = re.compile(r"(?:kmo manage|(?:\w+\.)*\w*(?:Error|Exception|Exit|Configured)\w*): (\S.*)")

Complaint = Callable[[], str | None]


class EndAsked(Exception):
    """Ctrl-C, or a signal that asks the same."""


@dataclass(slots=True)
class Ending:
    """Whether somebody asked for the end; a signal only takes note, so that nothing is cut off halfway."""

    asked: bool = False

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Ctrl-C, SIGTERM and a closed terminal ask for a clean end, as long as this lasts.

        A closed terminal does not when we were told to live on without one (``nohup``).
        """
        numbers = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            numbers.append(signal.SIGHUP)
        before = {number: signal.signal(number, self._note) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def check(self) -> None:
        """Raise EndAsked when somebody asked for the end."""
        if self.asked:
            raise EndAsked


@dataclass(slots=True)
class Supervisor:
    """Starts named processes, and ends them in the reverse order. Each one writes its own log in ``logs``.

    ``others`` are watched too, but started elsewhere: each says what its trouble is, or None.
    """

    logs: Path
    environment: Mapping[str, str]
    ending: Ending = field(default_factory=Ending)
    others: Mapping[str, Complaint] = field(default_factory=dict)
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _began: dict[str, int] = field(default_factory=dict)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        when_orphaned: signal.Signals = signal.SIGTERM,
        **environment: str,
    ) -> None:
        """Start a process that runs until the end; ``when_orphaned`` reaches it if this one is killed."""
        self.ending.check()
        with self._open_log(name) as log:
            self._children[name] = start(
                command,
                environment={**self.environment, **environment},
                log=log.fileno(),
                death_signal=when_orphaned,
            )

    def run(self, name: str, command: Sequence[str | Path], **environment: str) -> str:
        """Run a process to its end and return what it printed.

        Raises CannotStart with its last line when it fails, EndAsked when somebody no longer waits for it.
        """
        self.ending.check()
        with tempfile.TemporaryFile() as output, self._open_log(name) as log:
            process = start(
                command,
                environment={**self.environment, **environment},
                log=log.fileno(),
                output=output.fileno(),
            )
            try:
                code = self._wait(process)
            finally:
                stop(process)
            output.seek(0)
            printed = output.read().decode(errors="replace")
        if code != 0:
            raise CannotStart(f"{name} is mislukt: {self.last_line(name)} (zie {self._log(name)})")
        return printed

    def _wait(self, process: subprocess.Popen[bytes]) -> int:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(GLANCE_SECONDS)
            self.ending.check()

    def stop_all(self) -> None:
        """End everything, the last started first."""
        for process in reversed(self._children.values()):
            stop(process)
        self._children.clear()

    def must_live(self) -> None:
        """Raise CannotStart when a process ended by itself, with what it said last."""
        for name, process in self._children.items():
            if process.poll() is not None:
                raise CannotStart(f"{name} is gestopt: {self.last_line(name)} (zie {self._log(name)})")
        for name, complaint in self.others.items():
            if said := complaint():
                raise CannotStart(f"{name} is gestopt: {said}")

    def last_line(self, name: str) -> str:
        """What went wrong by its own account, else what it said last; only since it was started."""
        with self._log(name).open("rb") as log:
            log.seek(self._began.get(name, 0))
            lines = log.read().decode(errors="replace").strip().splitlines()
        problems = [found[1] for line in lines if (found := _PROBLEM.match(line))]
        return (problems or lines or ["geen bericht"])[-1].strip()

    def watch(self) -> None:
        """Wait until somebody asks for the end. Raises CannotStart when a process ends by itself."""
        while not self.ending.asked:
            self.must_live()
            time.sleep(GLANCE_SECONDS)

    def _open_log(self, name: str) -> IO[bytes]:
        log = self._log(name).open("ab")
        self._began[name] = log.tell()
        return log

    def _log(self, name: str) -> Path:
        self.logs.mkdir(exist_ok=True)
        return self.logs / f"{name}.log"
