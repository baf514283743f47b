"""``kmo manage ...``: a management command of the web framework, on the database that the environment names."""

from __future__ import annotations

import argparse
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything after the verb belongs to the framework."""
    parser.add_argument("words", nargs=argparse.REMAINDER, help="the command and its arguments")


def run(args: argparse.Namespace) -> int:
    """Hand over."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portefeuille.settings.demo")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["kmo manage", *args.words])
    return 0
