"""Work beside requests: a worker that is killed leaves nothing undone and nothing done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
import pytest
from tests.cli.commands import ROOT
from tests.world import World

from portefeuille.bank.models import StatementFile
from portefeuille.bank.operations.import_statement import hand_in
from portefeuille.bank.tasks import book_statement_file
from portefeuille.core.money import Money

PATIENCE_SECONDS = 60


class Workers:
    """Workers in processes of their own, on the test's database; they go when the test does."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """One more."""
        self.running.append(
            subprocess.Popen(
                [sys.executable, "-m", "portefeuille.cli.main", "manage", "work", *words],
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT / "src"),
                    "DJANGO_SETTINGS_MODULE": "portefeuille.settings.story",
                    "KMO_DATABASE_URL": self.url,
                },
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        return self.running[-1]


@pytest.fixture
def workers(committed_db: str) -> Iterator[Workers]:
    made = Workers(committed_db)
    yield made
    for one in made.running:
        one.kill()
        one.wait()


def until(database: str, question: str) -> None:
    """Wait until the answer is true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(database, autocommit=True) as connection:
        while connection.execute(question).fetchone() != (True,):
            assert time.monotonic() < deadline, question
            time.sleep(0.05)


def handed_in(world: World) -> tuple[int, int]:
    """An application with a deposit in a file that waits for a worker: its id, and the file's."""
    application = world.apply()
    world.deposit(application, "600.00")
    content = world.bank.close_day(world.day)
    file = hand_in(actor=world.operator, name="x.cod", content=content, at=world.now)
    book_statement_file.defer(file=file, person=world.operator.person_id)
    return application, file


@pytest.mark.slow
def test_a_job_of_a_worker_that_was_killed_is_done_by_the_next_one_once(
    committed_db: str, owner_connection: psycopg.Connection, workers: Workers
) -> None:
    world = World()
    application, file = handed_in(world)
    booked = f"SELECT state = 'booked' FROM bank_statementfile WHERE id = {file}"
    with psycopg.connect(
        committed_db
    ) as holding:  # the account, so that the import stands still in the middle
        holding.execute("SELECT 1 FROM bank_bankaccount FOR UPDATE")
        first = workers.start("--sole")
        until(
            committed_db,
            "SELECT count(*) = 1 FROM procrastinate_jobs WHERE status = 'doing' AND lock = 'bank'",
        )
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert StatementFile.objects.get(pk=file).state == "waiting"
    workers.start("--sole")
    until(committed_db, booked)
    assert world.figures(application).deposited == Money.euros("600.00")
    world.prove()


@pytest.mark.slow
def test_beside_other_workers_only_a_job_whose_worker_is_silent_is_given_back(
    committed_db: str, owner_connection: psycopg.Connection, workers: Workers
) -> None:
    world = World()
    _, file = handed_in(world)
    with psycopg.connect(committed_db, autocommit=True) as connection:
        [[silent]] = connection.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '46 seconds') RETURNING id"
        ).fetchall()
        [[alive]] = connection.execute(
            "INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id"
        ).fetchall()
        connection.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE lock = 'bank'", [silent]
        )
        [[other]] = connection.execute(
            """INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id, attempts)
               VALUES ('bank', 'portefeuille.bank.tasks.book_statement_file', '{"file": 0, "person": null}', 'doing',
                       %s, 1) RETURNING id""",
            [alive],
        ).fetchall()
    # The minute is not waited for: the job that every minute brings is brought by hand.
    from portefeuille.bank.tasks import rescue_stalled

    rescue_stalled.defer(timestamp=0)
    workers.start()
    until(committed_db, f"SELECT state = 'booked' FROM bank_statementfile WHERE id = {file}")
    with psycopg.connect(committed_db) as connection:
        assert connection.execute(
            "SELECT status FROM procrastinate_jobs WHERE id = %s", [other]
        ).fetchone() == ("doing",)
