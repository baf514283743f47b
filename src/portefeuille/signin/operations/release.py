"""A way back from a lock-out that does not wait: by another means of one's own, or by the office."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portefeuille.core.errors import Invalid, NotAllowed
from portefeuille.history.operations import record
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor
from portefeuille.signin.attempts import Try, note, one_at_a_time
from portefeuille.signin.models import LOCKABLE


@transaction.atomic
def release(*, actor: Actor, person: int, means: str, reason: str, at: datetime) -> None:
    """The office counts anew for somebody whom the help desk has spoken to.

    Raises NotAllowed (also for one's own), Invalid.
    """
    actor.must("release_sign_in")
    if person == actor.person_id:
        raise NotAllowed("Je kunt jezelf niet vrijgeven. Vraag het aan een collega.")
    if not reason.strip():
        raise Invalid("Schrijf op hoe je weet dat deze persoon het zelf vraagt.", field="reason")
    _release(person, means, at)
    record(
        actor=actor,
        verb="release_sign_in",
        subject="person",
        subject_id=person,
        at=at,
        reason=reason,
        facts={"means": means},
    )


@transaction.atomic
def release_own(*, actor: Actor, means: str, at: datetime) -> None:
    """Somebody who just proved by another means who they are counts anew.

    Raises NotAllowed, StrongerSignInNeeded, ProofNeeded, Invalid.
    """
    actor.must("change_sign_in", at=at)
    assert actor.person_id is not None, "the verb is of somebody who is known"
    _release(actor.person_id, means, at)
    record(
        actor=actor,
        verb="release_sign_in",
        subject="person",
        subject_id=actor.person_id,
        at=at,
        facts={"means": means},
    )


def _release(person: int, means: str, at: datetime) -> None:
    who = identity.national_number_hash_of(person)
    if means not in LOCKABLE or who is None:
        raise Invalid("Hier valt niets vrij te geven.")
    trying = Try(means, who, source="")
    one_at_a_time(trying)
    note(trying, "released", at=at, person=person)
