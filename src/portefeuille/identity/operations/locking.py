"""One at a time among those who decide who acts for an enterprise or a provider."""

from __future__ import annotations

from portefeuille.core.errors import NotAllowed
from portefeuille.database.locks import one_at_a_time
from portefeuille.identity.queries import is_administrator
from portefeuille.identity.roles import Actor


def lock_people(*, enterprise: str = "", provider: int | None = None) -> None:
    """Wait for whoever else changes the people of this enterprise or provider, until the transaction ends.

    There may be no row to lock yet (the first person ever), so the lock is on the name.
    """
    one_at_a_time(f"people:{enterprise}:{provider or ''}")


def must_still_be_administrator(actor: Actor) -> None:
    """Under the lock: the actor was read before it, and may have been ended by somebody who was just earlier."""
    assert actor.person_id is not None, "the verbs that ask this are of people"
    if not is_administrator(actor.person_id, enterprise=actor.enterprise, provider=actor.provider):
        raise NotAllowed("Je bent hier geen beheerder meer. Vraag het aan een andere beheerder.")
