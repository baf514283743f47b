"""A database to measure on: the embedded server as the demo runs it, with the tables laid, in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from portefeuille.launch.postgres import EmbeddedPostgres


@contextlib.contextmanager
def measured_database() -> Iterator[EmbeddedPostgres]:
    """Everything on that protects the data; the framework is connected as web and worker are."""
    with tempfile.TemporaryDirectory(prefix="kmo-bench-") as folder:
        Path(folder).chmod(0o711)
        with EmbeddedPostgres(Path(folder)) as server:
            os.environ["KMO_DATABASE_URL"] = server.owner_url
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portefeuille.settings.test")
            import django
            from django.core.management import call_command
            from django.db import connections

            from portefeuille.database.url import django_settings

            django.setup()
            call_command("prepare_database", verbosity=0)
            default = connections["default"]
            default.close()
            default.settings_dict.update(django_settings(server.worker_url))
            yield server
            connections.close_all()
