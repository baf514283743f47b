"""Entering the code from the letter links person and enterprise."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portefeuille.activation import codes, terms
from portefeuille.activation.codes import WrongCode
from portefeuille.activation.models import Activation
from portefeuille.activation.operations.ask_letter import PURPOSE, owner_of
from portefeuille.core.errors import WrongState
from portefeuille.database.locks import one_at_a_time
from portefeuille.history.operations import record
from portefeuille.identity.operations.give_capacity import give_capacity
from portefeuille.identity.roles import Actor

WAY_BACK = "Vraag een nieuwe brief."


def activate(*, actor: Actor, code: str, at: datetime) -> int:
    """Link the actor's person to the enterprise whose letter carries this code; the capacity's id.

    A wrong code counts against every letter that this person waits for. Raises NotAllowed, Invalid (a slip of the
    pen), WrongCode, and WrongState when no letter is underway. Source: guide 4.
    """
    actor.must("register")
    return codes.answered(_activate(actor, codes.read(code, terms.LETTER_SIGNS), at))


@transaction.atomic
def _activate(actor: Actor, code: str, at: datetime) -> int | WrongCode:
    assert actor.person_id is not None, "a newcomer is somebody"
    one_at_a_time(f"letters:{actor.person_id}")
    rows = list(
        Activation.objects.select_for_update()
        .filter(person_id=actor.person_id, state=Activation.SENT)
        .order_by("pk")
    )
    if not rows:
        raise WrongState("Er is geen brief met een code voor jou onderweg. Vraag er eerst een aan.")
    right = [
        row for row in rows if codes.is_right(row, purpose=PURPOSE, owner=owner_of(row), code=code, at=at)
    ]
    if not right:
        return _count(rows, actor, at)
    [row] = right
    row.state, row.code_hash, row.closed_at = Activation.DONE, "", at
    row.save(update_fields=["state", "code_hash", "closed_at"])
    _record(actor, "activate", row, at)
    return give_capacity(actor=actor, enterprise=row.enterprise_number, basis="letter", at=at)


def _count(rows: list[Activation], actor: Actor, at: datetime) -> WrongCode:
    """One guess is a guess at each of them; the kindest answer is given."""
    for row in rows:
        if codes.can_be_used(row, at):
            codes.count_wrong(row)
            verb = "activation_blocked" if codes.is_blocked(row) else "activation_code_wrong"
            _record(actor, verb, row, at)
    refusals = [codes.refusal(row, at, way_back=WAY_BACK) for row in rows]
    return max(refusals, key=lambda one: one.attempts_left)


def _record(actor: Actor, verb: str, row: Activation, at: datetime) -> None:
    record(
        actor=actor,
        verb=verb,
        subject="activation",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
    )
