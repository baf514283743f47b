"""Connecting a command to the database of an installation."""

from __future__ import annotations

import argparse
import os

from portefeuille.cli.demo import default_state
from portefeuille.core.errors import Invalid
from portefeuille.launch.state import State


def add_database_url(parser: argparse.ArgumentParser) -> None:
    """``--database-url``, for when the environment does not say it."""
    parser.add_argument(
        "--database-url",
        metavar="URL",
        help="the PostgreSQL that holds the installation (default: KMO_DATABASE_URL, else the demo's)",
    )


def connect(args: argparse.Namespace) -> None:
    """Set the web framework up on the database that was named. Raises Invalid when none was, or it does not answer."""
    url = args.database_url or os.environ.get("KMO_DATABASE_URL") or State(default_state()).database_url()
    if not url:
        raise Invalid(
            "Zeg welke databank: geef --database-url mee, of zet KMO_DATABASE_URL. "
            "Het adres van een demo die draait: ./kmo demo --where --state MAP."
        )
    os.environ["KMO_DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portefeuille.settings.story")

    import django
    from django.db import OperationalError, connection

    django.setup()
    try:
        connection.ensure_connection()
    except OperationalError as unreachable:
        raise Invalid(f"De databank antwoordt niet: {str(unreachable).splitlines()[0]}") from unreachable
