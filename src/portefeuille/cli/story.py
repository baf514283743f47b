"""``kmo story gids``: play a guide's story in a temporary database, and check every law of money at its end."""

from __future__ import annotations

import argparse
import json
import os
import sys

STORIES = ("gids",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which story, and how to print it."""
    parser.add_argument("story", choices=STORIES, help="the story to play")
    parser.add_argument("--json", action="store_true", help="print the story as JSON")


def run(args: argparse.Namespace) -> int:
    """Play and print; exit code 1 when a law is broken."""
    from portefeuille.launch.postgres import temporary_database

    print("Een databank voor dit verhaal wordt gestart ...", file=sys.stderr)
    with temporary_database() as database:
        _prepare(database.owner_url)
        story = _play(database.worker_url)
    from portefeuille.story.telling import lines

    if args.json:
        print(json.dumps(story.as_dict(), ensure_ascii=False))
    else:
        print("\n".join(lines(story)))
    return 0 if story.holds else 1


def _prepare(owner_url: str) -> None:
    """Lay the tables as their owner, in this process, before web and worker's role takes over."""
    os.environ["KMO_DATABASE_URL"] = owner_url
    os.environ["DJANGO_SETTINGS_MODULE"] = "portefeuille.settings.story"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("prepare_database", verbosity=0)


def _play(worker_url: str):  # type: ignore[no-untyped-def]
    """Play with the rights of web and worker: what they may not do, the story can't do either."""
    from django.db import connections

    from portefeuille.database.url import django_settings
    from portefeuille.story import gids

    default = connections["default"]
    default.close()
    default.settings_dict.update(django_settings(worker_url))
    try:
        return gids.play()
    finally:
        default.close()
