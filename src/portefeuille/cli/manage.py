"""``kmo manage ...``: a management command of the web framework, on the database that the environment names."""

from __future__ import annotations

import argparse

from portefeuille.core.errors import Invalid


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything after the verb belongs to the framework."""
    parser.add_argument(
        "words",
        nargs=argparse.REMAINDER,
        metavar="COMMAND ...",
        help="the command and its arguments; help lists them",
    )


def run(args: argparse.Namespace) -> int:
    """Hand over. Raises Invalid when the environment does not hold what the settings need."""
    from portefeuille.cli.database import use_settings

    use_settings("portefeuille.settings.demo")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(["kmo manage", *args.words])
    except ImproperlyConfigured as problem:
        raise Invalid(str(problem)) from problem
    except OperationalError as problem:
        raise Invalid(f"De databank weigert: {str(problem).splitlines()[0]}") from problem
    return 0
