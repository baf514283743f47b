"""Somebody showed an identity card at the address that reads cards: a ticket brings them to the platform's own.

The two addresses share no cookies. The ticket is a secret that only the browser with the card receives. It works once,
within a minute, and only in the session that asked for the card: just the state, or just the ticket, is worth nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from portefeuille.database.sealing import keyed_hash
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.operations.recognise import recognise
from portefeuille.signin.attempts import Try, note
from portefeuille.signin.eid import Card, CardRefused
from portefeuille.signin.models import EidTicket

TICKET_LASTS = timedelta(minutes=1)


@transaction.atomic
def make_ticket(*, card: Card, state: str, source: str, at: datetime) -> str:
    """The ticket for whoever holds this card. Raises NotAllowed when the card names two people."""
    who = hash_of(card.national_number)
    person = recognise(name=card.name, national_number_hash=who)
    ticket = secrets.token_urlsafe(32)
    EidTicket.objects.create(
        digest=keyed_hash("eid-ticket", ticket),
        state_digest=_digest(state),
        person_id=person.pk,
        made_at=at,
    )
    EidTicket.objects.filter(made_at__lt=at - timedelta(days=1)).delete()
    note(Try("eid", who, source), "right", at=at, person=person.pk)
    return ticket


@transaction.atomic
def use_ticket(*, ticket: str, state: str, at: datetime) -> int:
    """The person of the ticket, once. Raises CardRefused."""
    row = EidTicket.objects.select_for_update().filter(digest=keyed_hash("eid-ticket", ticket)).first()
    if (
        row is None
        or row.used_at is not None
        or not row.made_at <= at <= row.made_at + TICKET_LASTS
        or not secrets.compare_digest(row.state_digest, _digest(state))
    ):
        raise CardRefused("late", "ticket")
    row.used_at = at
    row.save(update_fields=["used_at"])
    return row.person_id


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
