"""Scheduled work on applications."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from portefeuille.applications.operations.lapse_overdue import lapse_overdue


@app.periodic(cron="15 4 * * *")
@app.task(queueing_lock="lapse_overdue", pass_context=False)
def lapse_overdue_applications(timestamp: int) -> None:
    """Every night, and again after each statement that was booked."""
    lapse_overdue(at=datetime.fromtimestamp(timestamp, tz=UTC))
