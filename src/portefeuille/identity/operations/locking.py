"""One at a time among those who decide who acts for an enterprise or a provider."""

from __future__ import annotations

from django.db import connection

from portefeuille.core.errors import NotAllowed
from portefeuille.identity.models import Capacity
from portefeuille.identity.roles import ADMINISTRATORS, Actor


def lock_people(*, enterprise: str = "", provider: int | None = None) -> None:
    """Wait for whoever else changes the people of this enterprise or provider, until the transaction ends.

    There may be no row to lock yet (the first person ever), so the lock is on the name.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"people:{enterprise}:{provider or ''}"]
        )


def must_still_be_administrator(actor: Actor) -> None:
    """Under the lock: the actor was read before it, and may have been ended by somebody who was just earlier."""
    still = Capacity.objects.filter(
        person_id=actor.person_id,
        role__in=ADMINISTRATORS,
        enterprise_number=actor.enterprise,
        provider_id=actor.provider,
        ended_at=None,
    )
    if not still.exists():
        raise NotAllowed("Je bent hier geen beheerder meer. Vraag het aan een andere beheerder.")
