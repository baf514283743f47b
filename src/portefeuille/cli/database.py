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


def use_settings(name: str) -> None:
    """Set the framework's settings, unless the environment names others of ours; other projects' don't count."""
    if not os.environ.get("DJANGO_SETTINGS_MODULE", "").startswith("portefeuille."):
        os.environ["DJANGO_SETTINGS_MODULE"] = name


def connect(args: argparse.Namespace) -> None:
    """Set the web framework up on the database that was named.

    Raises Invalid when none was, when it does not answer, or when nothing of ours is in it.
    """
    url = args.database_url or os.environ.get("KMO_DATABASE_URL") or State(default_state()).database_url()
    if not url:
        raise Invalid(
            "Zeg welke databank: geef --database-url mee, of zet KMO_DATABASE_URL. "
            "Het adres van een demo die draait: ./kmo demo --where --state MAP."
        )
    _must_be_an_address(url)
    os.environ["KMO_DATABASE_URL"] = url
    use_settings("portefeuille.settings.story")

    import django
    from django.db import OperationalError, connection

    django.setup()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('wallet_transfer') IS NOT NULL")
            [is_prepared] = cursor.fetchone()
    except OperationalError as unreachable:
        raise Invalid(f"De databank antwoordt niet: {str(unreachable).splitlines()[0]}") from unreachable
    if not is_prepared:
        raise Invalid(
            "In deze databank staan geen tabellen van de kmo-portefeuille. Kijk het adres na, "
            "of leg ze klaar als eigenaar van de databank: ./kmo manage prepare_database."
        )


def _must_be_an_address(url: str) -> None:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        conninfo_to_dict(url)
    except psycopg.ProgrammingError as problem:
        raise Invalid(
            f"Dit is geen adres van een PostgreSQL: {str(problem).strip()}. "
            "Geef er een zoals postgresql://gebruiker@machine/databank."
        ) from problem
