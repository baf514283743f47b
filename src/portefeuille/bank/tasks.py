"""Work on statements that is too long for a request."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection
from procrastinate.contrib.django import app

from portefeuille.applications.operations.lapse_overdue import lapse_overdue
from portefeuille.bank.operations.import_statement import import_file
from portefeuille.core.errors import FileRefused
from portefeuille.identity.roles import Actor, Role

# A worker tells every ten seconds that it lives.
STALLED_SECONDS = 45


class ProgressNotes:
    """Writes an import's progress at once, over a connection of its own: the import's transaction shows nothing yet."""

    def __init__(self, file: int) -> None:
        self.file = file
        self.connection = connection.copy()

    def __enter__(self) -> ProgressNotes:
        return self

    def __exit__(self, *exc: object) -> None:
        self.connection.close()

    def __call__(self, done: int, total: int) -> None:
        """Note how many lines are done."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                """UPDATE bank_statementfile SET state = 'reading', done_lines = %s, total_lines = %s
                   WHERE id = %s AND state IN ('waiting', 'reading')""",
                [done, total, self.file],
            )


@app.task(queue="bank", lock="bank", retry=3)
def book_statement_file(file: int, person: int | None) -> None:
    """Book a file that was handed in. A refused file is an outcome, not a failure: its row says why."""
    actor = Actor(role=Role.OPERATOR, person_id=person)
    at = datetime.now(tz=UTC)
    try:
        with ProgressNotes(file) as progress:
            import_file(actor=actor, file=file, at=at, progress=progress)
    except FileRefused:
        return
    lapse_overdue(at=at)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="rescue_stalled", pass_context=True)
async def rescue_stalled(context, timestamp: int) -> None:  # type: ignore[no-untyped-def]
    """Give back the jobs of a worker that was killed; each job is harmless to run again."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await manager.retry_job(job)
