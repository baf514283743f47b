"""The command in a process of its own: what it loads, and what it leaves out."""

from __future__ import annotations

import subprocess
import sys

from tests.cli.commands import ROOT, kmo


def test_without_a_verb_it_says_what_it_can_do() -> None:
    done = kmo()
    assert done.returncode == 2
    assert b"VERB" in done.stderr
    assert done.stdout == b""


def test_the_commands_without_a_database_never_load_the_framework() -> None:
    """``decide`` and ``bank inspect`` run where no database is, and start fast."""
    program = "import sys; from portefeuille.cli import bank, decide; assert 'django' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": str(ROOT / "src")}, check=False)
    assert done.returncode == 0
