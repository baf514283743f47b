"""Killing the process in the middle: nothing is lost, and nothing is there twice after a restart."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.world import World

from portefeuille.bank.models import Statement, StatementFile
from portefeuille.bank.operations.import_statement import hand_in, import_file
from portefeuille.core.formats import pain001
from portefeuille.core.money import Money
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.models import Payment, Transfer

ROOT = Path(__file__).resolve().parents[2]

# Imports a file and stops for ever at a place that the test names, so that it can be killed right there.
PROGRAM = """
import os, sys, time
import django
django.setup()
from datetime import UTC, datetime
from portefeuille.bank.operations import import_statement
from portefeuille.identity.roles import Actor, Assurance, Role

def stop(*args, **kwargs):
    print("here", flush=True)
    time.sleep(600)

OPERATOR = Actor(role=Role.OPERATOR, assurance=Assurance.HIGH)
place, file = sys.argv[1], int(sys.argv[2])
if place == "after the commit":
    import_statement.import_file(actor=OPERATOR, file=file, at=datetime.now(tz=UTC))
    stop()
real = getattr(import_statement, place)
def after(*args, **kwargs):
    answer = real(*args, **kwargs)
    stop()
    return answer
setattr(import_statement, place, after)
import_statement.import_file(actor=OPERATOR, file=file, at=datetime.now(tz=UTC))
"""


@pytest.fixture
def real(committed_db: str) -> World:
    return World()


def kill_at(place: str, file: int, database: str) -> None:
    """Run the import in a process of its own and kill it without warning once it got to the place."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, place, str(file)],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "portefeuille.settings.story",
            "KMO_DATABASE_URL": database,
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "here\n"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()


PLACES = [
    "_read",
    "_stage",
    "post_statement",
    "_post_known",
    "_raise_exceptions",
    "_settle",
    "after the commit",
]


@pytest.mark.parametrize("place", PLACES)
def test_a_kill_during_an_import_loses_nothing_and_books_nothing_twice(
    real: World, committed_db: str, place: str
) -> None:
    application = real.apply()
    real.government_pays_in()
    for _ in range(20):
        real.deposit(application, "100.00")
    real.transfer("7.00", text="wie ben ik")
    content = real.bank.close_day(real.day)
    file = hand_in(actor=real.operator, name="x", content=content, at=real.now)

    kill_at(place, file, committed_db)
    _wait_for_the_servers_end_of_it()
    booked = place == "after the commit"
    assert Statement.objects.count() == booked
    assert Transfer.objects.exists() == booked

    import_file(actor=real.operator, file=file, at=real.now)
    assert StatementFile.objects.get(pk=file).state == "booked"
    assert Statement.objects.count() == 1
    figures = real.figures(application)
    assert (figures.deposited, figures.topped_up) == (Money.euros("2000.00"), Money.euros("1333.33"))
    real.prove()


def _wait_for_the_servers_end_of_it() -> None:
    """Until the server noticed that its client is gone, and gave up its locks."""
    from django.db import connection

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT count(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"""
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the killed process's transaction is still there")


def test_a_kill_between_making_a_payment_file_and_keeping_it_pays_once(real: World, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """F5: the file was made, the transaction was not committed: after a restart exactly one payment goes out."""
    application = real.apply()
    real.government_pays_in()
    real.deposit(application, "6000.00")
    real.statement()
    real.order(application)

    class Killed(BaseException):
        """What a kill looks like from inside: nothing after it runs."""

    written = pain001.write

    def killed(file: pain001.PaymentFile) -> bytes:
        written(file)
        raise Killed

    monkeypatch.setattr(pain001, "write", killed)
    with pytest.raises(Killed):
        real.pay()
    monkeypatch.setattr(pain001, "write", written)
    assert len(wallets.waiting_payments()) == 1
    real.pay()
    real.statement()
    assert Payment.objects.filter(state="paid").count() == 1
    real.prove()
