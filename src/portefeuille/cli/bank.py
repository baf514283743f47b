"""``kmo bank inspect FILE`` and ``kmo bank import FILE``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from portefeuille.core.errors import FileRefused
from portefeuille.core.formats import coda, ogm
from portefeuille.core.formats.statement import Reading


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``inspect`` needs no database; ``import`` does."""
    from portefeuille.cli.database import add_database_url

    verbs = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    inspect = verbs.add_parser(
        "inspect", help="say what a statement file holds; exit code 1 when it is refused"
    )
    inspect.add_argument("file", help="the statement file; - for standard input")
    inspect.add_argument("--json", action="store_true", help="print it as JSON")
    book = verbs.add_parser(
        "import", help="book a statement file, with progress on standard error and a report in JSON"
    )
    book.add_argument("file", help="the statement file; - for standard input")
    book.add_argument("--json", action="store_true", help="for uniformity: the report is JSON in any case")
    add_database_url(book)


def run(args: argparse.Namespace) -> int:
    """Inspect or import."""
    if args.what == "import":
        from portefeuille.cli import bank_import

        return bank_import.run(args)
    reading = coda.read(read_file(args.file))
    print(json.dumps(reading.as_dict(), ensure_ascii=False) if args.json else "\n".join(_lines(reading)))
    return 0 if reading.accepted else 1


def read_file(name: str) -> bytes:
    """The bytes of a file, or of standard input. Raises FileRefused when it can't be read."""
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as problem:
        raise FileRefused(f"Het bestand {name} kan niet gelezen worden: {problem.strerror}.") from problem


def _lines(reading: Reading) -> list[str]:
    lines = ["Dit bestand kan geboekt worden." if reading.accepted else "Dit bestand wordt geweigerd."]
    for problem in reading.problems:
        mark = "fout" if problem.severity == "error" else "let op"
        lines.append(f"  {mark}, regel {problem.line}: {problem.text}")
    for statement in reading.statements:
        lines.append(
            f"Uittreksel {statement.sequence} van {statement.account}: van € {statement.opening.belgian} naar "
            f"€ {statement.closing.belgian}, {len(statement.movements)} bewegingen"
        )
        for movement in statement.movements:
            said = ", ".join(ogm.pretty(one) for one in movement.references) or movement.communication[:60]
            lines.append(
                f"  {movement.entry_date}  {movement.amount.belgian:>16}  {movement.counterparty_name[:30]:<30}  {said}"
            )
    return lines
