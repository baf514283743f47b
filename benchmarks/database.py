"""A database to measure on: the embedded server as the demo runs it, with the tables laid, in a temporary folder."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from portefeuille.launch.account import postgres_account
from portefeuille.launch.place import temporary_folder
from portefeuille.launch.postgres import EmbeddedPostgres


@contextlib.contextmanager
def measured_database() -> Iterator[EmbeddedPostgres]:
    """Everything on that protects the data; the framework is connected as the worker is."""
    with temporary_folder(postgres_account()) as folder, EmbeddedPostgres(folder) as server:
        connect(server.owner_url)
        from django.core.management import call_command
        from django.db import connections

        call_command("prepare_database", verbosity=0)
        work_as(server.worker_url)
        yield server
        connections.close_all()


def work_as(url: str) -> None:
    """From now on the framework is connected with these rights."""
    from django.db import connections

    from portefeuille.database.url import django_settings

    default = connections["default"]
    default.close()
    default.settings_dict.update(django_settings(url))


def connect(url: str) -> None:
    """Set the framework up on this database."""
    os.environ["KMO_DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portefeuille.settings.test")
    import django

    django.setup()
