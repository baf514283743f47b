"""``kmo invoice check FILE``: what is wrong with an electronic invoice and what it says, without a database.

Exit code 0 when it is valid, 1 when it is not, 2 when there is no such file. ``KMO_PEPPOL_RULES`` names a folder with
Peppol's official rules (XSLT), which run beside ours.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portefeuille.core.formats import ubl, ubl_official
from portefeuille.core.formats.ubl_reading import LARGEST_BYTES
from portefeuille.core.money import Money, NotAnAmount

_RULES = "KMO_PEPPOL_RULES"
_TOTALS = {"exclusive": "zonder btw", "vat": "btw", "prepaid": "al betaald", "payable": "te betalen"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The one verb."""
    verbs = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    check = verbs.add_parser(
        "check",
        help="check an invoice against the official rules and Peppol's; exit code 1 when it is not valid",
    )
    check.add_argument("file", help="the invoice in UBL; - for standard input")
    check.add_argument("--json", action="store_true", help="print it as JSON")


def run(args: argparse.Namespace) -> int:
    """Check one file. Standard output carries the answer alone."""
    try:
        content = _read(args.file)
    except OSError as problem:
        print(
            f"kmo invoice: Het bestand {args.file} kan niet gelezen worden: {problem.strerror}.",
            file=sys.stderr,
        )
        return 2
    folder = os.environ.get(_RULES, "")
    rules = ubl_official.rules_in(Path(folder)) if folder else ()
    checked = ubl.check(content, peppol_rules=rules)
    if args.json:
        print(json.dumps(checked.as_dict(), ensure_ascii=False))
    else:
        print("\n".join(_printable(line) for line in _lines(checked)))
    return 0 if checked.valid else 1


def _read(name: str) -> bytes:
    """The file, but never more of it than what is needed to see that it is too large."""
    if name == "-":
        return sys.stdin.buffer.read(LARGEST_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(LARGEST_BYTES + 1)


def _printable(line: str) -> str:
    """What a stranger wrote must not steer the terminal of who reads it."""
    return "".join(sign if sign.isprintable() else " " for sign in line)


def _lines(checked: ubl.Checked) -> Iterator[str]:
    yield "Deze factuur is in orde." if checked.valid else "Deze factuur is niet in orde."
    for finding in checked.findings:
        mark = "fout" if finding.severity == "error" else "let op"
        yield f"  {mark}, {finding.rule}: {finding.text}"
    if checked.facts:
        yield from _said(checked.facts)


def _said(facts: dict[str, Any]) -> Iterator[str]:
    kind = "Creditnota" if facts["kind"] == "credit_note" else "Factuur"
    yield f"{kind} {facts['number']} van {facts['issue_date']}"
    for role, party in (("verkoper", facts["seller"]), ("koper", facts["buyer"])):
        yield f"  {role}: {party['name']} ({party['enterprise_number'] or 'geen ondernemingsnummer'})"
    for reference in facts["project_references"]:
        yield f"  mogelijk projectnummer in {reference['found_in']}: {reference['value']}"
    said = [
        f"{words} {_shown(facts['totals'][key])}" for key, words in _TOTALS.items() if facts["totals"][key]
    ]
    yield f"  {', '.join(said)} ({facts['currency']})"


def _shown(amount: str) -> str:
    """As Belgians write it; as it stands where that is no amount in cents."""
    try:
        return Money.euros(amount).belgian
    except NotAnAmount:
        return amount
