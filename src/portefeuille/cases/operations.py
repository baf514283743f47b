"""Opening, taking, proposing and closing cases. What a decision does to its subject is that subject's own operation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from portefeuille.cases.kinds import HABITS, Kind
from portefeuille.cases.models import Case
from portefeuille.core.calendar import after_working_days, legal_day
from portefeuille.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portefeuille.history.operations import record
from portefeuille.identity.roles import Actor


def open_case(
    *, kind: Kind, subject_id: int, enterprise: str, at: datetime, person: int | None = None
) -> int:
    """Put something in the office's queue, in the transaction that can't go on without a person; the case's id.

    ``person``: whose own request it is, who may not decide on it. What waits already is left as it is.
    """
    row, _is_new = Case.objects.get_or_create(
        kind=kind,
        subject_id=subject_id,
        closed_at=None,
        defaults={
            "enterprise_number": enterprise,
            "about_person": person,
            "opened_at": at,
            "term_on": after_working_days(legal_day(at), HABITS[kind].term_working_days),
        },
    )
    return row.pk


@transaction.atomic
def take(*, actor: Actor, case: int, at: datetime) -> None:
    """Work on a case, also on one that a colleague took: the history shows it.

    Raises NotAllowed, NotFound, WrongState.
    """
    actor.must("take_case")  # first: the database locks a row only for who may change it
    row = _lock(case)
    _must_wait(row)
    _must_be_anothers(row, actor)
    if row.owner == actor.person_id:
        return
    facts = {"from": row.owner}
    row.owner = actor.person_id
    row.save(update_fields=["owner"])
    record(
        actor=actor,
        verb="take_case",
        subject="case",
        subject_id=case,
        enterprise=row.enterprise_number,
        at=at,
        facts=facts,
    )


@transaction.atomic
def propose(*, actor: Actor, case: int, proposal: Mapping[str, Any], reasons: str, at: datetime) -> None:
    """Answer a case of a kind that takes two people: kept until a second one confirms or sends it back.

    ``proposal`` must be JSON. Raises NotAllowed, NotFound, WrongState, Invalid (no reasons).
    """
    actor.must("take_case")
    row = _lock(case)
    _must_wait(row)
    _must_be_anothers(row, actor)
    if row.proposal is not None:
        raise WrongState("Een collega was je voor met een voorstel. Kijk het na.")
    assert HABITS[Kind(row.kind)].takes_two, f"one person decides a case of kind {row.kind}"
    _must_say_why(reasons)
    row.proposal, row.proposed_by, row.proposed_at = dict(proposal), actor.person_id, at
    row.owner, row.reasons = actor.person_id, reasons.strip()
    row.save(update_fields=["proposal", "proposed_by", "proposed_at", "owner", "reasons"])
    record(
        actor=actor,
        verb="propose",
        subject="case",
        subject_id=case,
        enterprise=row.enterprise_number,
        at=at,
        reason=reasons.strip(),
    )


@transaction.atomic
def send_back(*, actor: Actor, case: int, reasons: str, at: datetime) -> None:
    """A second person does not agree with a proposal: it is gone, and the case waits again.

    Raises NotAllowed, NotFound, WrongState, Invalid.
    """
    row = _lock_proposed(case, actor)
    _must_say_why(reasons)
    row.proposal = row.proposed_by = row.proposed_at = row.owner = None
    row.reasons = ""
    row.save(update_fields=["proposal", "proposed_by", "proposed_at", "owner", "reasons"])
    record(
        actor=actor,
        verb="send_back_proposal",
        subject="case",
        subject_id=case,
        enterprise=row.enterprise_number,
        at=at,
        reason=reasons.strip(),
    )


@transaction.atomic
def confirm(*, actor: Actor, case: int, outcome: str, at: datetime) -> dict[str, Any]:
    """A second person agrees: the case is closed, and its proposal returned for the operation that carries it out.

    Raises NotAllowed (whoever proposed it), NotFound, WrongState.
    """
    row = _lock_proposed(case, actor)
    proposal = row.proposal
    assert isinstance(proposal, dict), "it was just seen to be there"
    _close(row, actor, outcome, row.reasons, at)
    return proposal


def close_case(
    *, kind: Kind, subject_id: int, actor: Actor, outcome: str, at: datetime, reasons: str = ""
) -> None:
    """Take something out of the queue, in the transaction that decided it or that made a decision needless."""
    row = Case.objects.select_for_update().filter(kind=kind, subject_id=subject_id, closed_at=None).first()
    if row is not None:
        _close(row, actor, outcome, reasons, at)


def _close(row: Case, actor: Actor, outcome: str, reasons: str, at: datetime) -> None:
    row.closed_at, row.closed_by, row.outcome, row.reasons = at, actor.person_id, outcome, reasons
    row.save(update_fields=["closed_at", "closed_by", "outcome", "reasons"])
    record(
        actor=actor,
        verb="close_case",
        subject="case",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        reason=reasons,
        facts={"outcome": outcome},
    )


def _lock(case: int) -> Case:
    row = Case.objects.select_for_update().filter(pk=case).first()
    if row is None:
        raise NotFound("Deze zaak bestaat niet.")
    return row


def _lock_proposed(case: int, actor: Actor) -> Case:
    actor.must("take_case")
    row = _lock(case)
    _must_wait(row)
    if row.proposal is None:
        raise WrongState("Er is nog geen voorstel voor deze zaak. Laad de pagina opnieuw.")
    if row.proposed_by == actor.person_id:
        raise NotAllowed("Jij deed dit voorstel. Een collega moet het nakijken.")
    _must_be_anothers(row, actor)
    return row


def _must_be_anothers(row: Case, actor: Actor) -> None:
    if row.about_person is not None and row.about_person == actor.person_id:
        raise NotAllowed("Dit is je eigen aanvraag. Een collega moet ze behandelen.")


def _must_wait(row: Case) -> None:
    if row.closed_at is not None:
        raise WrongState("Deze zaak wacht niet meer: ze is al beslist. Laad de pagina opnieuw.")


def _must_say_why(reasons: str) -> None:
    if not reasons.strip():
        raise Invalid("Schrijf waarom: een collega leest het later ook.", field="reasons")
