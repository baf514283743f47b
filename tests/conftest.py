"""What every test may ask for: a database with the rights of web and worker, and the reference data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

SHARED = Path(os.environ.get("PORTEFEUILLE_SHARED", Path(__file__).parents[2] / "shared")) / "data"


@pytest.fixture(scope="session")
def owner_url() -> str:
    return os.environ["KMO_TEST_DATABASE_URL"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, owner_url: str, worker_id: str = "main") -> Iterator[None]:
    from django.core.management import call_command
    from django.db import connections

    from portefeuille.database.url import django_settings

    name = f"test_kmo_{os.getpid()}"
    with psycopg.connect(owner_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
    os.environ["KMO_TEST_OWNER_URL"] = psycopg.conninfo.make_conninfo(owner_url, dbname=name)
    with django_db_blocker.unblock():
        default = connections["default"]
        default.close()
        default.settings_dict.update(django_settings(os.environ["KMO_TEST_OWNER_URL"]))
        call_command("prepare_database", verbosity=0)
        default.close()
        default.settings_dict["OPTIONS"] = {"options": "-c role=kmo_app"}
    yield
    with django_db_blocker.unblock():
        connections["default"].close()
    with psycopg.connect(owner_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def owner_connection(db: None) -> Iterator[psycopg.Connection]:
    with psycopg.connect(os.environ["KMO_TEST_OWNER_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture
def shared_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"the reference data are not at {SHARED}")
    return SHARED
