"""Where a card of codes goes when the national register gives no address: one of the office proposes, one confirms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from portefeuille.cases import operations as cases
from portefeuille.cases.kinds import Kind
from portefeuille.cases.queries import CaseView, must_wait_about
from portefeuille.core.errors import NotFound, WrongState
from portefeuille.history.operations import record
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages
from portefeuille.post.envelopes import address_lines
from portefeuille.signin import letters
from portefeuille.signin.models import CodeCard
from portefeuille.signin.operations.write_card import send
from portefeuille.signin.person_register import RegisteredPerson


@transaction.atomic
def propose_card_address(
    *, actor: Actor, card: int, address: Sequence[str] | None, reasons: str, at: datetime
) -> None:
    """Propose to send the card to this address (lines below the name: street, then town), or to send none.

    Raises NotFound, NotAllowed, Invalid with the field, WrongState when it does not wait for the office.
    """
    _row, case = _lock(card, actor)
    proposal = {"address": None if address is None else address_lines(address)}
    cases.propose(actor=actor, case=case.id, proposal=proposal, reasons=reasons, at=at)


@transaction.atomic
def confirm_card_address(*, actor: Actor, card: int, at: datetime) -> bool:
    """A second person agrees with what was proposed, and it is done; whether a card left.

    Raises NotFound, NotAllowed (whoever proposed it, or ordered the card), WrongState.
    """
    row, case = _lock(card, actor)
    agreed = cases.confirm(actor=actor, case=case.id, outcome="settled", at=at)
    assert row.person_id is not None, "the person was found before the address was missed"
    if agreed["address"] is None:
        _refuse(row, case.reasons, actor, at)
        return False
    name = identity.person(row.person_id).name
    send(row, RegisteredPerson(name, tuple(agreed["address"])), actor, at, reason=case.reasons)
    return True


def _lock(card: int, actor: Actor) -> tuple[CodeCard, CaseView]:
    """The locked card and its case, for somebody who may decide on it while it waits."""
    actor.must("send_card")  # first: the database locks a row only for who may change it
    row = CodeCard.objects.select_for_update().filter(pk=card).first()
    if row is None:
        raise NotFound("Deze kaart bestaat niet.")
    if row.state != "no_address":
        raise WrongState("Deze kaart wacht niet op een adres. Laad de pagina opnieuw.")
    return row, must_wait_about(Kind.CARD_ADDRESS, row.pk, actor=actor)


def _refuse(row: CodeCard, reasons: str, actor: Actor, at: datetime) -> None:
    row.state, row.blocked_at, row.blocked_because = "blocked", at, "address_refused"
    row.save()
    record(actor=actor, verb="refuse_card", subject="code_card", subject_id=row.pk, at=at, reason=reasons)
    messages.write(letters.card_refused(row, reasons), at=at)
