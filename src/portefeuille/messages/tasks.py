"""Scheduled work on messages."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from portefeuille.messages.operations import send_waiting


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_messages")
def send_messages(timestamp: int) -> None:
    """Every minute: send what the outbox holds."""
    send_waiting(at=datetime.fromtimestamp(timestamp, tz=UTC))
