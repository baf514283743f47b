"""``kmo demo``: the whole platform with a demo world, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from portefeuille.launch import demo
from portefeuille.launch.failures import CannotStart
from portefeuille.launch.state import State

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
    parser.add_argument(
        "--where", action="store_true", help="only print the database's address of the demo that runs there"
    )


def run(args: argparse.Namespace) -> int:
    """Start, and stay; or say where a running one keeps its database."""
    state = (args.state or default_state()).absolute()
    if args.where:
        print(_where(state))
        return 0
    return demo.run(demo.Asked(port=args.port, state=state, fresh=args.fresh, database_url=args.database_url))


def default_state() -> Path:
    """Where the demo keeps its data when nobody says so: ``./kmo`` knows whether the checkout can be written."""
    return Path(os.environ.get("KMO_HOME") or Path.cwd() / ".kmo") / "demo"


def _where(state: Path) -> str:
    url = State(state).database_url()
    if url is None:
        raise CannotStart(f"Er draait geen demo op {state}. Start ze met ./kmo demo.")
    return url


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is geen poort: kies een getal van 1 tot 65535")
    return int(text)
