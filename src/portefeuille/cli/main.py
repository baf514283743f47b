"""``kmo``: one command with a verb for everything; each verb is a module of this folder.

A verb module offers ``add_arguments(parser)`` and ``run(args) -> int`` (the exit code). It is imported only when its
verb is asked for, so that ``kmo decide`` never loads the web framework.

Standard output carries results only; talk for people goes to standard error. Exit codes: 0 done, 1 refused or found
wanting, 2 called wrongly.
"""

from __future__ import annotations

import argparse
import importlib
import io
import sys
from collections.abc import Sequence

from portefeuille import __version__
from portefeuille.core.errors import Refusal

VERBS: dict[str, str] = {
    "demo": "start the whole platform with a demo world on an embedded database",
    "test": "install what the tests need and run them all",
    "story": "play the guide's story through the real operations and check every law of money",
    "decide": "decide an application from a file of facts, without a database",
    "bank": "inspect or import a bank statement",
    "invoice": "check an electronic invoice, without a database",
    "ledger": "prove the books",
    "register": "load the register of enterprises",
    "manage": "run a management command of the web framework",
}


def build_parser(verb: str | None) -> argparse.ArgumentParser:
    """The parser for all verbs; only the arguments of ``verb`` itself are loaded."""
    parser = argparse.ArgumentParser(
        prog="kmo", description="The kmo-portefeuille platform. Each verb explains itself with --help."
    )
    parser.add_argument("--version", action="version", version=f"kmo {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, summary in VERBS.items():
        sub = verbs.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if name == verb:
            _module(name).add_arguments(sub)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; a refusal becomes one line on standard error and exit code 1."""
    _speak_utf8()
    words = list(sys.argv[1:] if argv is None else argv)
    verb = next((word for word in words if word in VERBS), None)
    args = build_parser(verb).parse_args(words)
    try:
        code: int = _module(args.verb).run(args)
    except Refusal as refusal:
        print(f"kmo {args.verb}: {refusal}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 130  # as shells say it
    return code


def _speak_utf8() -> None:
    """Names and euro signs are printed whatever the terminal claims to know; a file name of other bytes too."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _module(verb: str):  # type: ignore[no-untyped-def]
    return importlib.import_module(f"portefeuille.cli.{verb}")


if __name__ == "__main__":
    sys.exit(main())
