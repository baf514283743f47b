"""``kmo test``: install what the tests need, check the code, and run all tests on real databases."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from portefeuille.launch.failures import CannotStart

ROOT = Path(__file__).resolve().parents[3]
DEBIAN = Path("/usr/lib/postgresql")
MOST_WORKERS = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to pass on to pytest; with anything, only pytest runs."""
    parser.add_argument(
        "words", nargs="*", metavar="PYTEST", help="only run pytest, with these words (after --)"
    )


@dataclass(frozen=True, slots=True)
class Check:
    """A program that says with its exit code whether all is well."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)

    def holds(self) -> bool:
        """Run it, with what it says for all to read."""
        started = time.monotonic()
        _say(f"-- {self.name}")
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **self.environment}
        code = subprocess.run(self.command, cwd=ROOT, env=environment, check=False).returncode
        outcome = "in orde" if code == 0 else f"code {code}"
        _say(f"-- {self.name}: {outcome} ({time.monotonic() - started:.0f} s)")
        return code == 0


def run(args: argparse.Namespace) -> int:
    """Run everything; exit code 1 when anything fails."""
    for program in PROGRAMS:
        program.have()
    if args.words:
        return 0 if Check("pytest", [sys.executable, "-m", "pytest", *args.words]).holds() else 1
    failed = [check.name for check in checks(_debian()) if not check.holds()]
    _say("Alles is in orde." if not failed else f"Niet in orde: {', '.join(failed)}.")
    return 1 if failed else 0


def checks(debian: Path | None) -> list[Check]:
    """All checks in order, the quick ones first; the last on the distribution's PostgreSQL, when there is one."""
    workers = str(min(len(os.sched_getaffinity(0)), MOST_WORKERS))
    python = [sys.executable, "-m"]
    pytest = [*python, "pytest", "-n", workers, "--dist", "worksteal"]
    listed = [
        Check("ruff check", [*python, "ruff", "check", "."]),
        Check("ruff format", [*python, "ruff", "format", "--check", "."]),
        Check("mypy", [*python, "mypy"]),
        Check("import contracts", [_beside("lint-imports")]),
        Check("tests on the embedded PostgreSQL", pytest),
    ]
    if debian is None:
        _say("PostgreSQL van Debian is niet geïnstalleerd: de tweede ronde van de databanktests valt weg.")
        return listed
    second = {"KMO_TEST_POSTGRES_BIN": str(debian)}
    return [
        *listed,
        Check(f"database tests on {debian.parent}", [*pytest, "-m", "database and not browser"], second),
    ]


def _debian() -> Path | None:
    """The newest of the distribution's own PostgreSQL, 15 or later."""
    versions = [
        path for path in DEBIAN.glob("*/bin") if (path / "initdb").exists() and path.parent.name.isdecimal()
    ]
    newest = max(versions, key=lambda path: int(path.parent.name), default=None)
    return newest if newest is not None and int(newest.parent.name) >= 15 else None


def _beside(name: str) -> str:
    """A command of our own environment."""
    return str(Path(sys.executable).with_name(name))


@dataclass(frozen=True, slots=True)
class Program:
    """Something that the tests drive and that no Python package brings."""

    name: str
    commands: tuple[str, ...]
    package: str
    use: str

    def have(self) -> None:
        """Fetch it where we may, else say exactly what to do."""
        if any(shutil.which(name) for name in self.commands):
            return
        advice = (
            f"Installeer {self.name} (op Debian en Ubuntu: apt-get install {self.package}) en start opnieuw."
        )
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise CannotStart(f"{self.use} hebben {self.name} nodig. {advice}")
        _say(f"{self.name} wordt geïnstalleerd ...")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", self.package]):
            done = subprocess.run(
                ["apt-get", *words],  # noqa: S607
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                last = done.stderr.strip().splitlines()[-1:] or [f"code {done.returncode}"]
                raise CannotStart(f"{self.name} kan niet geïnstalleerd worden: {last[0]}. {advice}")


PROGRAMS = (
    Program("Chromium", ("chromium", "chromium-browser", "google-chrome"), "chromium", "De browsertests"),
    Program("nginx", ("nginx", "/usr/sbin/nginx"), "nginx-light", "De tests met een identiteitskaart"),
)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
