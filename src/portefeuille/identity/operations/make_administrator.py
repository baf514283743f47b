"""Make a colleague administrator: somebody who decides who else acts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portefeuille.core.errors import WrongState
from portefeuille.history.operations import record
from portefeuille.identity import letters
from portefeuille.identity.operations.load import lock_capacity
from portefeuille.identity.operations.locking import must_still_be_administrator
from portefeuille.identity.roles import ADMINISTRATORS, Actor, Role
from portefeuille.messages import operations as messages

_ABOVE = {Role.ENTREPRENEUR: Role.ENTERPRISE_ADMIN, Role.PROVIDER: Role.PROVIDER_ADMIN}


@transaction.atomic
def make_administrator(*, actor: Actor, capacity: int, at: datetime) -> None:
    """Give the person of this capacity the say over who acts. Raises NotFound, NotAllowed, WrongState."""
    row = lock_capacity(capacity)
    actor.must("make_administrator", enterprise=row.enterprise_number, provider=row.provider_id)
    must_still_be_administrator(actor)
    if row.ended_at is not None:
        raise WrongState("Deze persoon treedt niet meer op. Nodig hem of haar opnieuw uit.")
    if row.role in ADMINISTRATORS:
        raise WrongState("Deze persoon is al beheerder.")
    row.role = _ABOVE[Role(row.role)]
    row.save(update_fields=["role"])
    record(
        actor=actor,
        verb="make_administrator",
        subject="capacity",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        facts={"person": row.person_id, "provider": row.provider_id},
    )
    whom = letters.name_of_firm(enterprise=row.enterprise_number, provider=row.provider_id)
    messages.write(
        letters.to_administrators(
            kind="administrator_made",
            once=f"{row.pk}:{at.isoformat()}",
            subject=f"{row.person.name} is nu beheerder voor {whom}",
            text=f"{letters.by_whom(actor)} maakte {row.person.name} beheerder. Een beheerder beslist wie mag "
            f"optreden voor {whom}.",
            enterprise=row.enterprise_number,
            provider=row.provider_id,
        ),
        at=at,
    )
