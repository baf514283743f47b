"""``kmo demo``: the whole platform with a demo world, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from portefeuille.launch import demo

DEFAULT_PORT = 8000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where it listens, where it keeps its data, and on which database."""
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, help="the port (default: %(default)s)")
    parser.add_argument(
        "--state", type=Path, metavar="DIR", help="where data are kept (default: in the checkout)"
    )
    parser.add_argument("--fresh", action="store_true", help="begin anew: forget what was kept there")
    parser.add_argument(
        "--database-url",
        metavar="URL",
        help="use this PostgreSQL (15 or later), as the owner of its database, instead of the embedded one",
    )


def run(args: argparse.Namespace) -> int:
    """Start, and stay."""
    state = args.state or Path(os.environ.get("KMO_HOME", Path.cwd() / ".kmo")) / "demo"
    return demo.run(
        demo.Asked(port=args.port, state=state.absolute(), fresh=args.fresh, database_url=args.database_url)
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is geen poort: kies een getal van 1 tot 65535")
    return int(text)
