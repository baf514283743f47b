"""Where the letter goes when nothing that the KBO says gives an address: one of the office proposes, one confirms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from portefeuille.activation import letters
from portefeuille.activation.models import Activation
from portefeuille.activation.operations.ask_letter import registered, send
from portefeuille.cases import operations as cases
from portefeuille.cases.kinds import Kind
from portefeuille.cases.queries import CaseView, must_wait_about
from portefeuille.core.errors import NotFound, WrongState
from portefeuille.history.operations import record
from portefeuille.identity import queries as identity
from portefeuille.identity.letters import name_of_firm
from portefeuille.identity.operations.locking import lock_people
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages
from portefeuille.post.envelopes import address_lines


@transaction.atomic
def propose_address(
    *, actor: Actor, activation: int, address: Sequence[str] | None, reasons: str, at: datetime
) -> None:
    """Propose to send the letter to this address (lines below the name: street, then town), or to none.

    Raises NotFound, NotAllowed, Invalid with the field, WrongState when it does not wait for the office.
    """
    _row, case = _lock(activation, actor)
    proposal = {"address": None if address is None else address_lines(address)}
    cases.propose(actor=actor, case=case.id, proposal=proposal, reasons=reasons, at=at)


@transaction.atomic
def confirm_address(*, actor: Actor, activation: int, at: datetime) -> bool:
    """A second person agrees with what was proposed, and it is done; whether a letter left.

    Raises NotFound, NotAllowed (whoever proposed it, or asked for the letter), WrongState.
    """
    row, case = _lock(activation, actor)
    agreed = cases.confirm(actor=actor, case=case.id, outcome="settled", at=at)
    row.decided_by, row.reasons = actor.person_id, case.reasons
    if agreed["address"] is None:
        _refuse(row, actor, at)
        return False
    known = registered(row.enterprise_number)
    row.address_basis = "office"
    _record(actor, "settle_address", row, at)
    send(row, known, [known.name, *agreed["address"]], actor=actor, at=at)
    return True


def _lock(activation: int, actor: Actor) -> tuple[Activation, CaseView]:
    """The locked activation and its case, for somebody who may decide on it while it waits."""
    actor.must("settle_address")  # first: the database locks a row only for who may change it
    found = Activation.objects.filter(pk=activation).first()
    if found is None:
        raise NotFound("Deze aanvraag om een brief bestaat niet.")
    lock_people(enterprise=found.enterprise_number)
    row = Activation.objects.select_for_update().get(pk=activation)
    if row.state != Activation.WAITS:
        raise WrongState("Hierover is al beslist. Laad de pagina opnieuw.")
    return row, must_wait_about(Kind.LETTER_ADDRESS, row.pk, actor=actor)


def _refuse(row: Activation, actor: Actor, at: datetime) -> None:
    row.state, row.closed_at = Activation.REFUSED, at
    row.save()
    _record(actor, "refuse_address", row, at)
    person = identity.person(row.person_id)
    if person.confirmed_email:
        name = name_of_firm(enterprise=row.enterprise_number)
        messages.write(
            [letters.address_refused(row, name=person.name, email=person.confirmed_email, enterprise=name)],
            at=at,
        )


def _record(actor: Actor, verb: str, row: Activation, at: datetime) -> None:
    record(
        actor=actor,
        verb=verb,
        subject="activation",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        reason=row.reasons,
    )
