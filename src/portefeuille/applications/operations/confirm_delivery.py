"""The provider confirms that what was paid was also delivered, which closes a fully paid application."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portefeuille.applications.lifecycle import must
from portefeuille.applications.operations.load import lock
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import WrongState
from portefeuille.core.lifecycle import State, Verb
from portefeuille.history.operations import record
from portefeuille.identity.roles import Actor


@transaction.atomic
def confirm_delivery(*, actor: Actor, application: int, at: datetime) -> None:
    """Close. The provider declares that each participant was present long enough, or that the advice was given.

    Raises NotAllowed, WrongState (not fully paid, or the last day is still to come).
    """
    row = lock(application)
    actor.must("confirm_delivery", provider=row.provider_id)
    must(Verb.CLOSE, row)
    if row.ends_on is not None and legal_day(at) < row.ends_on:
        raise WrongState(
            f"Dit loopt nog tot {row.ends_on.day}/{row.ends_on.month}/{row.ends_on.year}. "
            "Bevestig het na de laatste dag."
        )
    row.state = State.CLOSED
    row.save(update_fields=["state"])
    record(
        actor=actor,
        verb="confirm_delivery",
        subject="application",
        subject_id=application,
        enterprise=row.enterprise_number,
        at=at,
    )
