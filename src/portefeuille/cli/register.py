"""``kmo register``: load the register of enterprises, and the lists of activity codes."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portefeuille.register.copying import Step


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Two actions: ``import PATH`` and ``nace``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    load = actions.add_parser(
        "import", help="load a full or an update extract of KBO Open Data (a folder or a zip file)"
    )
    load.add_argument("path", help="the folder or zip file")
    nace = actions.add_parser("nace", help="load NACE-BEL 2008 and 2025 with Dutch labels")
    for action in (load, nace):
        action.add_argument("--database-url", help="the database; without it KMO_DATABASE_URL")


def run(args: argparse.Namespace) -> int:
    """Talk on standard error, the report on standard output."""
    _set_up(args.database_url)
    return _import(args.path) if args.action == "import" else _nace()


def _set_up(database_url: str | None) -> None:
    if database_url:
        os.environ["KMO_DATABASE_URL"] = database_url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portefeuille.settings.story")
    import django

    django.setup()


def _import(path: str) -> int:
    from portefeuille.register.operations.load_nace import load_nace
    from portefeuille.register.operations.load_open_data import OutOfOrder, load

    load_nace()
    try:
        report = load(path, at=datetime.now(UTC), progress=_Progress())
    except OutOfOrder as refused:
        print(f"expected {refused.expected}", file=sys.stderr)
        raise
    print(
        f"{report.kind} extract {report.number} of {report.snapshot_on}: "
        + ("already loaded, nothing changed" if report.already_loaded else "loaded")
    )
    for name, count in report.rows.items():
        print(f"{name:<22}{count:>12,}")
    if report.ceased:
        print(f"{'ceased enterprises':<22}{report.ceased:>12,}")
    return 0


def _nace() -> int:
    from portefeuille.register.operations.load_nace import load_nace

    for version, count in load_nace().items():
        print(f"NACE-BEL {version}: {count:,} codes")
    return 0


class _Progress:
    """Says on standard error how far it is: each second, and at the end of each file."""

    def __init__(self) -> None:
        self._said_at = time.monotonic()

    def __call__(self, step: Step) -> None:
        """One line, unless one was said just before."""
        if not step.is_last and time.monotonic() < self._said_at + 1:
            return
        self._said_at = time.monotonic()
        share = 100 * step.bytes_done // max(1, step.bytes_in_all)
        rows = f" {step.rows:,} rows," if step.name.endswith(".csv") else ""
        print(
            f"{step.name}:{rows} {step.bytes_done / 1e6:,.1f} MB read, {share} %", file=sys.stderr, flush=True
        )
