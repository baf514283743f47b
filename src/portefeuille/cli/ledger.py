"""``kmo ledger verify``: prove the books of an installation."""

from __future__ import annotations

import argparse
import json
import sys

from portefeuille.cli.database import add_database_url, connect


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``verify``, with where the books are."""
    verbs = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    verify = verbs.add_parser("verify", help="check every law of money; exit code 1 when one is broken")
    add_database_url(verify)
    verify.add_argument("--json", action="store_true", help="print the proof as JSON")


def run(args: argparse.Namespace) -> int:
    """Print what holds and what does not."""
    connect(args)
    from portefeuille.wallet import verification

    proof = verification.verify()
    if args.json:
        findings = [{"law": f.law, "holds": f.holds, "broken_by": list(f.broken_by)} for f in proof.findings]
        json.dump({"laws": findings, "entries": proof.entries, "digest": proof.digest}, sys.stdout)
        print()
    else:
        print("\n".join(verification.lines(proof)))
    return 0 if proof.holds else 1
