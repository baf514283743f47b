"""The office decides what the rules could not."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from portefeuille.applications.models import Application, Decision
from portefeuille.applications.operations.load import lock
from portefeuille.applications.operations.submit import approve, judge, refuse
from portefeuille.applications.queries import asked_of
from portefeuille.cases.kinds import Kind
from portefeuille.cases.operations import close_case
from portefeuille.core import rules
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import CannotDecide, Invalid, NotAllowed, WrongState
from portefeuille.core.lifecycle import State
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor

LONGEST_REASON = 300  # in the decision's record; the full text is kept beside it


@transaction.atomic
def decide_by_hand(*, actor: Actor, application: int, grant: bool, reasons: str, at: datetime) -> State:
    """Approve or refuse an application that waits, with reasons.

    The amounts are those that the rules compute now, with the room that the year's ceiling still has.
    Raises NotAllowed (also for whoever has a hand in it), Invalid (no reasons), WrongState, CannotDecide (the amounts
    are unknown), BudgetExhausted.
    """
    row = lock(application)
    actor.must("decide")
    if not reasons.strip():
        raise Invalid(
            "Schrijf waarom je zo beslist: de ondernemer leest het, en een collega later ook.",
            field="reasons",
        )
    _must_be_impartial(actor, row)
    if row.state != State.SUBMITTED:
        raise WrongState("Deze aanvraag wacht niet meer op een beslissing. Laad de pagina opnieuw.")
    assert row.submitted_at is not None, "it was submitted"
    applied_on = legal_day(row.submitted_at)
    decision = _with_findings(row, applied_on, grant=grant, reasons=reasons.strip())
    Decision.objects.create(
        application=row,
        at=at,
        outcome=decision.outcome,
        record=decision.record,
        digest=decision.digest,
        decided_by=actor.person_id,
        reasons=reasons.strip(),
    )
    close_case(
        kind=Kind.APPLICATION,
        subject_id=row.pk,
        actor=actor,
        outcome="approve" if grant else "refuse",
        reasons=reasons.strip(),
        at=at,
    )
    if grant:
        approve(row, decision, applied_on, actor=actor, at=at, reason=reasons.strip())
    else:
        refuse(row, reasons=[reasons.strip()], actor=actor, at=at)
    return State(row.state)


def _must_be_impartial(actor: Actor, row: Application) -> None:
    """Somebody of the office may be an entrepreneur too: of what concerns their own firm, a colleague decides."""
    person = actor.person_id
    if person is not None and identity.ever_had_a_hand_in(
        person, enterprise=row.enterprise_number, provider=row.provider_id
    ):
        raise NotAllowed(
            "Je trad zelf op voor deze onderneming of haar dienstverlener. Een collega moet beslissen."
        )


def _with_findings(row: Application, applied_on: date, *, grant: bool, reasons: str) -> rules.Decision:
    """Decide again with a finding of the office on each rule that the facts leave open.

    The office settles what is unknown; what the rules know not to be met it can't overrule.
    """
    asked = asked_of(row)
    first = judge(row, asked, applied_on)
    findings = [
        {"rule": verdict.rule, "met": grant, "reason": reasons[:LONGEST_REASON]}
        for verdict in first.rules
        if verdict.verdict == "unknown"
    ]
    decision = judge(row, asked, applied_on, findings=findings)
    if grant and decision.outcome == "refused":
        not_met = "; ".join(verdict.title for verdict in decision.rules if verdict.verdict == "not met")
        raise WrongState(f"Deze aanvraag kan niet goedgekeurd worden, want dit is niet in orde: {not_met}.")
    if grant and decision.outcome != "approved":
        raise CannotDecide(
            "Er ontbreken nog gegevens: " + "; ".join(one.question for one in decision.missing)
        )
    return decision
