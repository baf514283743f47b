from __future__ import annotations

import psycopg
import pytest

from portefeuille.database.prepared import GENERAL_PLAN, PREPARE_AT_ONCE
from portefeuille.database.url import django_settings


def test_every_part_of_an_address_finds_its_setting() -> None:
    settings = django_settings("postgresql://me:s%40fe@db.example:6543/kmo?sslmode=require")
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    named = {key: settings[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")}
    assert named == {"USER": "me", "PASSWORD": "s@fe", "HOST": "db.example", "PORT": "6543", "NAME": "kmo"}
    assert settings["OPTIONS"] == {"sslmode": "require", "options": GENERAL_PLAN, **PREPARE_AT_ONCE}


def test_a_socket_folder_with_odd_signs_is_a_host() -> None:
    settings = django_settings("postgresql://kmo_web@/kmo?host=/srv/a%20b/100%25&port=5432")
    assert settings["HOST"] == "/srv/a b/100%"


def test_the_form_of_libpq_is_read_too() -> None:
    settings = django_settings("host=/run/pg dbname=kmo options='-c role=kmo_web'")
    assert (settings["HOST"], settings["NAME"]) == ("/run/pg", "kmo")
    assert settings["OPTIONS"] == {"options": f"-c role=kmo_web {GENERAL_PLAN}", **PREPARE_AT_ONCE}


def test_connections_are_kept_and_looked_at_before_they_are_used_again() -> None:
    """A new connection for each page would take longer than the page."""
    settings = django_settings("postgresql:///kmo")
    assert settings["CONN_MAX_AGE"] > 60
    assert settings["CONN_HEALTH_CHECKS"]


def test_what_is_not_said_is_left_to_the_framework() -> None:
    assert "PASSWORD" not in django_settings("postgresql:///kmo")


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(psycopg.ProgrammingError):
        django_settings("http://example.org/kmo")
