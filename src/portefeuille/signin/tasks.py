"""Scheduled work on sign-in."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.management import call_command
from procrastinate.contrib.django import app

from portefeuille.signin.operations.write_card import write_waiting_cards
from portefeuille.signin.person_register import person_register


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="write_cards")
def write_cards(timestamp: int) -> None:
    """Every minute: write the cards that were ordered, as far as the register answers."""
    write_waiting_cards(register=person_register(), at=datetime.fromtimestamp(timestamp, tz=UTC))


@app.periodic(cron="15 * * * *")
@app.task(queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Every hour: sweep sessions away that nobody can go on with."""
    call_command("clearsessions")
