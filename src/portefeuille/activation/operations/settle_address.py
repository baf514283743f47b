"""The office decides where the letter goes when nothing that the KBO says gives an address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from portefeuille.activation import letters
from portefeuille.activation.models import Activation
from portefeuille.activation.operations.ask_letter import registered, send
from portefeuille.core.errors import Invalid, NotFound, WrongState
from portefeuille.history.operations import record
from portefeuille.identity import queries as identity
from portefeuille.identity.letters import name_of_firm
from portefeuille.identity.operations.locking import lock_people
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages


@transaction.atomic
def office_settles_address(
    *, actor: Actor, activation: int, address: Sequence[str] | None, reasons: str, at: datetime
) -> None:
    """Send the letter to this address (lines below the name: street, then town), or to none, with the reasons.

    Raises NotFound, NotAllowed, Invalid with the field, WrongState when it does not wait for the office.
    """
    row = _lock(activation)
    actor.must("settle_address")
    if row.state != Activation.WAITS:
        raise WrongState("Hierover is al beslist. Laad de pagina opnieuw.")
    if not reasons.strip():
        raise Invalid("Schrijf waarom. De aanvrager en de controle lezen dit.", field="reasons")
    if row.person_id == actor.person_id:
        raise Invalid("Dit is je eigen aanvraag. Laat een collega beslissen.")
    row.decided_by, row.reasons = actor.person_id, reasons.strip()
    if address is None:
        _refuse(row, actor, at)
        return
    lines = [line.strip() for line in address if line.strip()]
    if len(lines) < 2:
        raise Invalid("Vul straat en nummer in, en eronder postcode en gemeente.", field="address")
    known = registered(row.enterprise_number)
    row.address_basis = "office"
    _record(actor, "settle_address", row, at)
    send(row, known, [known.name, *lines], actor=actor, at=at)


def _lock(activation: int) -> Activation:
    found = Activation.objects.filter(pk=activation).first()
    if found is None:
        raise NotFound("Deze aanvraag om een brief bestaat niet.")
    lock_people(enterprise=found.enterprise_number)
    return Activation.objects.select_for_update().get(pk=activation)


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
