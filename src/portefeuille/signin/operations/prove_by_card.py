"""Sign in with a card: one code is asked by its number, and stays asked until it is answered rightly."""

from __future__ import annotations

import hmac
from datetime import datetime

from django.db import transaction

from portefeuille.history.operations import record
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.roles import Actor
from portefeuille.signin.attempts import (
    LockedOut,
    Try,
    WrongCode,
    left_before_lock,
    locked_until,
    note,
    one_at_a_time,
)
from portefeuille.signin.codes import digest_of, new_number
from portefeuille.signin.models import CardCode, CodeCard
from portefeuille.signin.operations.order_card import number_asked_of, number_of

USABLE = ("sent", "active")


def challenge(*, national_number: str) -> int:
    """The number of the code to type. Loading the page again, or starting anew, does not change it.

    Who has no card is asked a number too. Raises Invalid when it is no national number.
    """
    who = hash_of(number_of(national_number))
    return number_asked_of(who)


def prove_by_card(*, national_number: str, code: str, source: str, at: datetime) -> int:
    """The person whose card holds this code at the number that was asked; its first right code activates a card.

    Every attempt is written down, also when this raises: Invalid, LockedOut, WrongCode.
    """
    trying = Try("card", hash_of(number_of(national_number)), source)
    with transaction.atomic():
        one_at_a_time(trying)
        until = locked_until(trying, at=at)
        card = CodeCard.objects.select_for_update().filter(who=trying.who, state__in=USABLE).first()
        is_right = _matches(card, trying.who, code)
        outcome = "locked" if until else "right" if is_right else "wrong"
        person = card.person_id if card is not None and outcome == "right" else None
        note(trying, outcome, at=at, person=person)
        if card is not None and person is not None:
            _follow(card, at)
            return person
        left = left_before_lock(trying)
        until = until or locked_until(trying, at=at)
    raise refusal(left, until)


def refusal(left: int, until: datetime | None) -> WrongCode | LockedOut:
    """What somebody is told who was not let in."""
    if until is not None:
        return LockedOut("Er is te vaak een foute code ingevuld.", until=until)
    return WrongCode("Deze code klopt niet. Kijk goed naar het nummer dat we vragen.", left=left)


def _matches(card: CodeCard | None, who: str, code: str) -> bool:
    """Whether the code is the one at that number; as much work for somebody without a card."""
    asked = number_asked_of(who)
    key = card.pk if card is not None else 0
    kept = CardCode.objects.filter(card_id=key, number=asked).values_list("digest", flat=True).first()
    return hmac.compare_digest(kept or "0" * 64, digest_of(key, asked, code))


def _follow(card: CodeCard, at: datetime) -> None:
    """Another code next time; the first right one makes the card work."""
    card.asked_number = new_number()
    if card.state == "sent":
        card.state, card.activated_at = "active", at
        record(actor=Actor.system(), verb="activate_card", subject="code_card", subject_id=card.pk, at=at)
    card.save(update_fields=["asked_number", "state", "activated_at"])
