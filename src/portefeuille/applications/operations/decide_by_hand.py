"""The office decides what the rules could not."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portefeuille.applications.models import Decision
from portefeuille.applications.operations.load import lock
from portefeuille.applications.operations.submit import approve, judge, refuse
from portefeuille.applications.queries import asked_of
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import Invalid, WrongState
from portefeuille.core.lifecycle import State
from portefeuille.identity.roles import Actor


@transaction.atomic
def decide_by_hand(*, actor: Actor, application: int, grant: bool, reasons: str, at: datetime) -> State:
    """Approve or refuse an application that waits, with reasons.

    The amounts are those that the rules compute now, with the room that the year's ceiling still has.
    Raises NotAllowed, Invalid (no reasons), WrongState, CannotDecide (the amounts are unknown), BudgetExhausted.
    """
    row = lock(application)
    actor.must("decide")
    if not reasons.strip():
        raise Invalid("Schrijf waarom je zo beslist: de ondernemer leest het, en een collega later ook.", field="reasons")
    if row.state != State.SUBMITTED:
        raise WrongState("Deze aanvraag wacht niet meer op een beslissing. Laad de pagina opnieuw.")
    assert row.submitted_at is not None, "it was submitted"
    applied_on = legal_day(row.submitted_at)
    decision = judge(row, asked_of(row), applied_on)
    Decision.objects.create(
        application=row,
        at=at,
        outcome="approved" if grant else "refused",
        record=decision.record,
        digest=decision.digest,
        decided_by=actor.person_id,
        reasons=reasons.strip(),
    )
    if grant:
        approve(row, decision, applied_on, actor=actor, at=at, reason=reasons.strip())
    else:
        refuse(row, reasons=[reasons.strip()], actor=actor, at=at)
    return State(row.state)
