"""End a capacity: from the next request on, the person can no longer act in it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portefeuille.core.errors import WrongState
from portefeuille.history.operations import record
from portefeuille.identity import letters
from portefeuille.identity.operations.load import lock_capacity
from portefeuille.identity.operations.locking import must_still_be_administrator
from portefeuille.identity.roles import ADMINISTRATORS, Actor
from portefeuille.messages import operations as messages


class LastAdministrator(WrongState):
    """Nobody would be left to decide who acts; it takes a second yes."""


@transaction.atomic
def end_capacity(*, actor: Actor, capacity: int, at: datetime, leaves_nobody: bool = False) -> None:
    """End a capacity, of somebody else or the administrator's own.

    The last administrator leaves only by saying so (``leaves_nobody``); the way back is a new letter to the seat, or
    the office for a provider. Of two administrators who end each other at once, the lock lets one be first.
    Raises NotFound, NotAllowed, WrongState, LastAdministrator.
    """
    row = lock_capacity(capacity)
    actor.must("end_capacity", enterprise=row.enterprise_number, provider=row.provider_id)
    must_still_be_administrator(actor)
    if row.ended_at is not None:
        raise WrongState("Dit was al beëindigd.")
    told = letters.administrators(enterprise=row.enterprise_number, provider=row.provider_id)
    is_last = row.role in ADMINISTRATORS and told == [row.person]
    if is_last and not leaves_nobody:
        raise LastAdministrator(
            "Er blijft dan geen beheerder over. Maak eerst iemand anders beheerder, of bevestig dat je dit wilt."
        )
    row.ended_at, row.ended_by = at, actor.person_id
    row.save(update_fields=["ended_at", "ended_by"])
    record(
        actor=actor,
        verb="end_capacity",
        subject="capacity",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        facts={"person": row.person_id, "role": row.role, "provider": row.provider_id},
    )
    whom = letters.name_of_firm(enterprise=row.enterprise_number, provider=row.provider_id)
    messages.write(
        letters.to_administrators(
            kind="capacity_ended",
            once=str(row.pk),
            subject=f"{row.person.name} treedt niet meer op voor {whom}",
            text=f"{letters.by_whom(actor)} beëindigde dat {row.person.name} mag optreden voor {whom}. "
            "Wat al gebeurd is, blijft gelden.",
            enterprise=row.enterprise_number,
            provider=row.provider_id,
            also=[*told, row.person],
        ),
        at=at,
    )
