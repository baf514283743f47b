"""A PostgreSQL address as the web framework wants it."""

from __future__ import annotations

from typing import Any

from psycopg.conninfo import conninfo_to_dict

_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def django_settings(url: str) -> dict[str, Any]:
    """Turn ``postgresql://...`` (or libpq's ``key=value`` form) into a DATABASES entry."""
    settings: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql", "CONN_HEALTH_CHECKS": True}
    options: dict[str, Any] = {}
    for key, value in conninfo_to_dict(url).items():
        if key in _NAMES:
            settings[_NAMES[key]] = str(value)
        else:
            options[key] = value
    settings["OPTIONS"] = options
    return settings
