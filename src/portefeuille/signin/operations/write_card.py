"""Write the letter with a card of codes: after this the codes exist on paper and as keyed hashes, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from portefeuille.cases.kinds import Kind
from portefeuille.cases.operations import open_case
from portefeuille.core.calendar import in_words, legal_day
from portefeuille.database.sealing import unseal
from portefeuille.history.operations import record
from portefeuille.identity.operations.recognise import recognise
from portefeuille.identity.roles import Actor
from portefeuille.post import operations as post
from portefeuille.post.pdf import render
from portefeuille.signin.codes import digest_of, new_codes
from portefeuille.signin.models import CardCode, CodeCard
from portefeuille.signin.operations.order_card import PURPOSE
from portefeuille.signin.person_register import PersonRegister, RegisterDown, RegisteredPerson


def write_waiting_cards(*, register: PersonRegister, at: datetime) -> int:
    """Write the letters of all cards that were ordered; how many. While the register is down they wait."""
    waiting = CodeCard.objects.filter(state="ordered").order_by("id").values_list("pk", flat=True)
    return sum(write_card(card=card, register=register, at=at) for card in list(waiting))


@transaction.atomic
def write_card(*, card: int, register: PersonRegister, at: datetime) -> bool:
    """Write one; whether a letter left. Who is not in the register gets none; without an address the office decides.

    Two workers never write the same card.
    """
    row = CodeCard.objects.select_for_update(skip_locked=True).filter(pk=card, state="ordered").first()
    if row is None:
        return False
    try:
        found = register.find(unseal(PURPOSE, bytes(row.sealed_national_number or b"")).decode())
    except RegisterDown:
        return False
    row.sealed_national_number = None
    if found is None:
        row.state, row.blocked_at, row.blocked_because = "blocked", at, "unknown_person"
        row.save()
        return False
    person = recognise(name=found.name, national_number_hash=row.who)
    row.person_id = person.pk
    if not found.address:
        row.state = "no_address"
        row.save()
        open_case(kind=Kind.CARD_ADDRESS, subject_id=row.pk, enterprise="", person=row.person_id, at=at)
        record(
            actor=Actor.system(), verb="card_has_no_address", subject="code_card", subject_id=row.pk, at=at
        )
        return False
    send(row, found, Actor.system(), at)
    return True


def send(row: CodeCard, to: RegisteredPerson, actor: Actor, at: datetime, *, reason: str = "") -> None:
    """Make the codes and write the letter, within the transaction that locked the card."""
    codes = new_codes()
    CardCode.objects.bulk_create(
        CardCode(card=row, number=number, digest=digest_of(row.pk, number, code))
        for number, code in enumerate(codes, start=1)
    )
    row.state, row.sent_at = "sent", at
    row.save()
    assert row.person_id is not None, "the person was found before the letter"
    envelope = (to.name, *to.address)
    post.write(
        post.Letter(
            key=f"code-card-{row.pk}",
            kind="code_card",
            envelope=envelope,
            pdf=card_pages(row, envelope, codes, at=at),
            person=row.person_id,
        ),
        at=at,
    )
    record(actor=actor, verb="send_card", subject="code_card", subject_id=row.pk, at=at, reason=reason)


def card_pages(row: CodeCard, envelope: Sequence[str], codes: Sequence[str], *, at: datetime) -> bytes:
    """The letter with the card, as PDF."""
    data = {
        "envelope": list(envelope),
        "name": envelope[0],
        "date": in_words(legal_day(at)),
        "card": row.pk,
        "codes": list(codes),
        "address": f"{settings.PUBLIC_ADDRESS}/aanmelden",
    }
    return render("code_card", data, at=at)
