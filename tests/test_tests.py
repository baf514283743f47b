"""The tests themselves: a file that collects nothing proves nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_test_file_collects_at_least_one_test() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly", "-p", "no:xdist"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    collected = {line.partition("::")[0].partition(": ")[0] for line in done.stdout.splitlines()}
    written = {str(path.relative_to(ROOT)) for path in ROOT.glob("tests/**/test_*.py")}
    assert written
    assert written - collected == set()
