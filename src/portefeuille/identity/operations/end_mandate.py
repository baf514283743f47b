"""End a mandate: from the next request on, the office can no longer act for the enterprise."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portefeuille.core.errors import WrongState
from portefeuille.history.operations import record
from portefeuille.identity import letters
from portefeuille.identity.operations.load import lock_mandate
from portefeuille.identity.operations.locking import must_still_be_administrator
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages


@transaction.atomic
def end_mandate(*, actor: Actor, mandate: int, at: datetime) -> None:
    """End a mandate: the enterprise that gave it may, and the office may give it back.

    Raises NotFound, NotAllowed, WrongState.
    """
    row = lock_mandate(mandate)
    gives_back = actor.enterprise == row.office_number
    actor.must("end_mandate", enterprise=row.office_number if gives_back else row.enterprise_number)
    must_still_be_administrator(actor)
    if row.ended_at is not None:
        raise WrongState("Dit mandaat was al beëindigd.")
    row.ended_at, row.ended_by = at, actor.person_id
    row.save(update_fields=["ended_at", "ended_by"])
    record(
        actor=actor,
        verb="end_mandate",
        subject="mandate",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        facts={"office": row.office_number, "given_back": gives_back},
    )
    client = letters.name_of_firm(enterprise=row.enterprise_number)
    office = letters.name_of_firm(enterprise=row.office_number)
    for side, number in (("client", row.enterprise_number), ("office", row.office_number)):
        messages.write(
            letters.to_administrators(
                kind=f"mandate_ended_{side}",
                once=str(row.pk),
                subject=f"Het mandaat van {client} aan {office} is beëindigd",
                text=f"{letters.by_whom(actor)} beëindigde het mandaat. {office} kan niet meer optreden voor {client}. "
                "Wat al gebeurd is, blijft gelden.",
                enterprise=number,
            ),
            at=at,
        )
