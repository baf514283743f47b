"""A few processes that live and end together with the one that started them."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from portefeuille.launch.failures import CannotStart
from portefeuille.launch.processes import start, stop

GLANCE_SECONDS = 0.2


@dataclass(slots=True)
class Supervisor:
    """Starts named processes, and ends them in the reverse order. Each one writes its own log in ``logs``."""

    logs: Path
    environment: Mapping[str, str]
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _asked_to_stop: bool = False

    def start(
        self, name: str, command: Sequence[str | Path], *, when_orphaned: signal.Signals = signal.SIGTERM
    ) -> None:
        """Start a process that runs until the end; ``when_orphaned`` reaches it if this one is killed."""
        self.logs.mkdir(exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as log:
            self._children[name] = start(
                command, environment=self.environment, log=log.fileno(), death_signal=when_orphaned
            )

    def run(self, name: str, command: Sequence[str | Path]) -> str:
        """Run a process to its end and return what it printed. Raises CannotStart with its last line when it fails."""
        done = subprocess.run(
            [str(part) for part in command],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise CannotStart(f"{name} is mislukt: {said[-1] if said else f'code {done.returncode}'}")
        return done.stdout

    def stop_all(self) -> None:
        """End everything, the last started first."""
        for process in reversed(self._children.values()):
            stop(process)
        self._children.clear()

    def the_dead(self) -> str | None:
        """The name of a process that ended by itself, if there is one."""
        return next((name for name, process in self._children.items() if process.poll() is not None), None)

    def last_line(self, name: str) -> str:
        """What a process wrote last."""
        lines = (self.logs / f"{name}.log").read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "geen bericht"

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Ctrl-C and SIGTERM ask for a clean end, as long as this lasts."""

        def ask(_number: int, _frame: FrameType | None) -> None:
            self._asked_to_stop = True

        before = {
            number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @property
    def asked_to_stop(self) -> bool:
        """Whether somebody asked for the end."""
        return self._asked_to_stop

    def watch(self) -> None:
        """Wait until somebody asks for the end. Raises CannotStart when a process ends by itself."""
        while not self._asked_to_stop:
            if dead := self.the_dead():
                raise CannotStart(
                    f"{dead} is gestopt: {self.last_line(dead)} (zie {self.logs / (dead + '.log')})"
                )
            time.sleep(GLANCE_SECONDS)
