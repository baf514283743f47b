"""A card is lost: it is blocked at once, and another one is written."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from portefeuille.cases.kinds import Kind
from portefeuille.cases.operations import close_case
from portefeuille.core.errors import Invalid
from portefeuille.history.operations import record
from portefeuille.identity import queries as identity
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.operations.end_sessions import end_sessions
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages
from portefeuille.signin import letters
from portefeuille.signin.attempts import LockedOut, note
from portefeuille.signin.models import CodeCard
from portefeuille.signin.operations.order_card import (
    TOO_OFTEN,
    expected_on,
    may_order,
    number_of,
    order_for,
    ordered_too_often,
)


def lose_card(*, national_number: str, source: str, at: datetime) -> date:
    """Block the card of whoever has this number and order another; the day on which that one is there at the latest.

    It needs no sign-in: whoever lost the card may have no other means. The answer is the same when there is no card.
    Raises Invalid, and LockedOut: from an address that asked too often nothing is done; after too many cards for one
    person the card is blocked, and no other is ordered.
    """
    number = number_of(national_number)
    with transaction.atomic():
        trying = may_order(number, source, at)
        _block(trying.who, Actor.system(), at)
        until = ordered_too_often(trying.who, at)
        if until is None:
            order_for(number, trying.who, at=at)
            note(trying, "right", at=at)
    if until is not None:  # raised only now: the card stays blocked
        raise LockedOut(f"Een kaart die er was, is nu geblokkeerd. {TOO_OFTEN}", until=until)
    return expected_on(at)


def replace_own_card(*, actor: Actor, national_number: str, at: datetime) -> date:
    """The same, by somebody who is signed in: for their own number only.

    Raises Invalid, NotAllowed, StrongerSignInNeeded, ProofNeeded.
    """
    number = number_of(national_number)
    who = hash_of(number)
    with transaction.atomic():
        actor.must("change_sign_in", at=at)
        if identity.national_number_hash_of(actor.person_id or 0) != who:
            raise Invalid(
                "Dit is niet het rijksregisternummer waarmee we je kennen.", field="national_number"
            )
        _block(who, actor, at)
        order_for(number, who, at=at)
    return expected_on(at)


@transaction.atomic
def block_own_card(*, actor: Actor, at: datetime) -> None:
    """Block it at once, without another. No proof of just now is asked: who is afraid must not have to wait.

    Raises NotAllowed.
    """
    actor.must("manage_oneself")
    if who := identity.national_number_hash_of(actor.person_id or 0):
        _block(who, actor, at)


def _block(who: str, actor: Actor, at: datetime) -> None:
    card = CodeCard.objects.select_for_update().exclude(state="blocked").filter(who=who).first()
    if card is None:
        return
    card.state, card.blocked_at, card.blocked_because = "blocked", at, "lost"
    card.sealed_national_number = None
    card.save()
    if card.person_id is not None:  # nobody was ever let in by a card that was not used yet
        end_sessions(person=card.person_id, at=at)
    close_case(kind=Kind.CARD_ADDRESS, subject_id=card.pk, actor=actor, outcome="withdrawn", at=at)
    record(
        actor=actor,
        verb="block_card",
        subject="code_card",
        subject_id=card.pk,
        at=at,
        facts={"because": "lost"},
    )
    messages.write(letters.card_blocked(card), at=at)
