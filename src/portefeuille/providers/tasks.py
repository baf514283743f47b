"""Scheduled work on recognitions."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from portefeuille.identity.roles import Actor
from portefeuille.providers.operations.remind import remind_of_ends


@app.periodic(cron="45 4 * * *")
@app.task(queueing_lock="remind_of_ends", pass_context=False)
def remind_of_ending_recognitions(timestamp: int) -> None:
    """Every night."""
    remind_of_ends(actor=Actor.system(), at=datetime.fromtimestamp(timestamp, tz=UTC))
