"""Running ``kmo`` as people do: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def kmo(*words: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """What the command printed, and how it ended; from another folder than the project's."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KMO_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "portefeuille.cli.main", *words],
        env={**clean, "PYTHONPATH": str(ROOT / "src"), **environment},
        cwd="/",
        input=stdin,
        capture_output=True,
        check=False,
    )
