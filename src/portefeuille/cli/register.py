"""``kmo register``: load the register of enterprises, and the lists of activity codes."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from portefeuille.cli.database import add_database_url, connect


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Two actions: ``import PATH`` and ``nace``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    load = actions.add_parser("import", help="load a full extract of KBO Open Data (a folder or a zip file)")
    load.add_argument("path", help="the folder or zip file")
    nace = actions.add_parser("nace", help="load NACE-BEL 2008 and 2025 with Dutch labels")
    for action in (load, nace):
        add_database_url(action)


def run(args: argparse.Namespace) -> int:
    """Talk on standard error, the report on standard output."""
    connect(args)
    return _import(args.path) if args.action == "import" else _nace()


def _import(path: str) -> int:
    from portefeuille.register.operations.load_nace import load_nace
    from portefeuille.register.operations.load_open_data import load

    load_nace()
    report = load(path, at=datetime.now(UTC), progress=_tell)
    print(
        f"extract {report.number} of {report.snapshot_on}: "
        + ("already loaded" if report.already_loaded else "loaded")
    )
    for name, count in report.rows.items():
        print(f"{name:<14}{count:>12,}")
    return 0


def _nace() -> int:
    from portefeuille.register.operations.load_nace import load_nace

    for version, count in load_nace().items():
        print(f"NACE-BEL {version}: {count:,} codes")
    return 0


def _tell(name: str, rows: int) -> None:
    print(f"{name}: {rows:,} rows", file=sys.stderr)
