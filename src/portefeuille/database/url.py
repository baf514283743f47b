"""A PostgreSQL address as the web framework wants it."""

from __future__ import annotations

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from portefeuille.database.prepared import GENERAL_PLAN, PREPARE_AT_ONCE

KEPT_SECONDS = 600
_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def django_settings(url: str) -> dict[str, Any]:
    """Turn ``postgresql://...`` (or libpq's ``key=value`` form) into a DATABASES entry.

    A thread keeps its connection from one request to the next, and looks at each request whether it still works.
    """
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": KEPT_SECONDS,
        "CONN_HEALTH_CHECKS": True,
    }
    options: dict[str, Any] = {**PREPARE_AT_ONCE}
    for key, value in conninfo_to_dict(url).items():
        if key in _NAMES:
            settings[_NAMES[key]] = str(value)
        else:
            options[key] = value
    options["options"] = f"{options.get('options', '')} {GENERAL_PLAN}".strip()
    settings["OPTIONS"] = options
    return settings
