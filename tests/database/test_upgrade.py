"""A database of the release before people signed in, with data in it, comes along to this one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from psycopg.conninfo import make_conninfo
from tests.conftest import SERVER

from portefeuille.bank.models import PaymentRun
from portefeuille.cases.models import Case
from portefeuille.database.roles import FORMER
from portefeuille.database.url import django_settings
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Role
from portefeuille.register import queries as register
from portefeuille.register.models import Enterprise

BEFORE = [
    ("applications", "0003_project_number"),
    ("bank", "0003_payments_name_project"),
    ("budget", "0001_initial"),
    ("history", "0002_append_only"),
    ("identity", "0001_initial"),
    ("messages", "0001_initial"),
    ("providers", "0001_initial"),
    ("register", "0001_initial"),
    ("wallet", "0003_payments_name_project"),
]
AT = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
ENTERPRISE, PERSON, CLERK, COLLEAGUE = "0999000129", 1, 2, 3


@pytest.fixture
def old(django_db_setup: None, django_db_blocker: Any, worker_name: str) -> Iterator[Any]:
    """The models of then, on a database as that release left it; gone after the test."""
    name = f"test_old_{worker_name}_{os.getpid()}"
    default = connections["default"]
    before = dict(default.settings_dict)
    with psycopg.connect(os.environ[SERVER], autocommit=True) as server, django_db_blocker.unblock():
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            default.close()
            default.settings_dict.update(django_settings(make_conninfo(os.environ[SERVER], dbname=name)))
            yield MigrationExecutor(connection).migrate(BEFORE).apps
        finally:
            default.close()
            default.settings_dict.update(before)
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def fill(old: Any) -> None:
    """What an enterprise, a clerk and an operator did."""
    person = old.get_model("identity", "Person").objects.create(
        pk=PERSON, handle="an", name="An", email="an@voorbeeld.be"
    )
    old.get_model("identity", "Capacity").objects.create(
        person=person, role="entrepreneur", enterprise_number=ENTERPRISE
    )
    colleague = old.get_model("identity", "Person").objects.create(pk=COLLEAGUE, handle="bo", name="Bo")
    old.get_model("identity", "Capacity").objects.create(
        person=colleague, role="entrepreneur", enterprise_number=ENTERPRISE
    )
    old.get_model("identity", "EnterpriseProfile").objects.create(
        enterprise_number=ENTERPRISE, iban="BE68539007547034", email="", size="small", turnover_cents=1
    )
    old.get_model("register", "Enterprise").objects.create(
        number=ENTERPRISE, status="AC", situation="000", kind="2", start_date=date(2020, 1, 1)
    )
    old.get_model("register", "Denomination").objects.create(
        entity_number=ENTERPRISE, language="2", kind="001", name="Houtatelier Vonk"
    )
    account = old.get_model("bank", "BankAccount").objects.create(iban="BE68539007547034", holder="Beheer")
    old.get_model("bank", "PaymentRun").objects.create(
        account=account,
        made_at=AT,
        made_by=CLERK,
        execute_on=AT.date(),
        payment_count=1,
        total_cents=1,
        handed_over_at=AT,
    )
    old.get_model("applications", "Application").objects.create(
        state="submitted",
        scheme="gids",
        enterprise_number=ENTERPRISE,
        enterprise_name="Houtatelier Vonk",
        started_at=AT,
        started_by=PERSON,
        project_number="2026-000001",
        submitted_at=AT,
        submitted_by=PERSON,
    )


def load_extract(old: Any) -> None:
    """The register is of an extract."""
    old.get_model("register", "Extract").objects.create(
        number=127, kind="full", snapshot_on=AT.date(), loaded_at=AT, rows={}
    )


def test_what_was_done_before_comes_along(old: Any) -> None:
    fill(old)
    call_command("prepare_database", verbosity=0)
    held = identity.capacities_of(PERSON)
    assert [(one.role, one.enterprise) for one in held] == [(Role.ENTERPRISE_ADMIN, ENTERPRISE)]
    assert [one.role for one in identity.capacities_of(COLLEAGUE)] == [Role.ENTREPRENEUR], (
        "one lets others in"
    )
    assert identity.profile(ENTERPRISE).people_hundredths is None
    assert Case.objects.get().term_on == date(2026, 10, 15), "what waited for the office waits in its queue"
    assert [one.number for one in register.search("houtateleir")] == [ENTERPRISE], "and is found by name"
    assert not Enterprise.objects.get().from_extract, "no extract brought it, so none that lacks it ends it"


def test_a_register_that_an_extract_brought_stays_of_that_extract(old: Any) -> None:
    fill(old)
    load_extract(old)
    call_command("prepare_database", verbosity=0)
    assert Enterprise.objects.get().from_extract


def test_a_payment_file_that_one_person_handed_over_stays_what_it_was(old: Any) -> None:
    fill(old)
    call_command("prepare_database", verbosity=0)
    run = PaymentRun.objects.get()
    assert (run.handed_over_at, run.released_at, run.released_by) == (AT, None, None)
    run.pk = None
    with pytest.raises(IntegrityError, match="payment_run_released_before_handed_over"):
        run.save()


@pytest.fixture
def former_role() -> Iterator[str]:
    """The one role as which web and worker connected, before there were walls between enterprises."""
    (role,) = FORMER
    with psycopg.connect(os.environ[SERVER], autocommit=True) as server:
        server.execute(f"CREATE ROLE {role}")
        yield role
        server.execute(f"DROP ROLE {role}")


def test_the_role_of_before_the_walls_finds_nothing_any_more(former_role: str, old: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {former_role}")
        cursor.execute(f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO {former_role}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {former_role}")
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {former_role}")
    call_command("prepare_database", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT relname FROM pg_class JOIN pg_namespace AS schema ON schema.oid = relnamespace
            WHERE nspname = 'public' AND relkind IN ('r', 'v')
            AND has_table_privilege(%s, pg_class.oid, 'SELECT, INSERT')""",
            [former_role],
        )
        assert cursor.fetchall() == []
