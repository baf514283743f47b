"""Ask for the letter with the code, and ask for it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from portefeuille.activation import codes, letters, terms
from portefeuille.activation.models import Activation, LetterSent
from portefeuille.activation.seats import Destination, destination
from portefeuille.cases.kinds import Kind
from portefeuille.cases.operations import open_case
from portefeuille.core.calendar import in_words, legal_day
from portefeuille.core.errors import Invalid, WrongState
from portefeuille.database.locks import one_at_a_time
from portefeuille.history.operations import record
from portefeuille.identity import queries as identity
from portefeuille.identity.operations.locking import lock_people
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages
from portefeuille.post import operations as post
from portefeuille.post.terms import letter_expected
from portefeuille.register import queries as register
from portefeuille.register.queries import EnterpriseFacts

PURPOSE = "activation-code"


def ask_letter(*, actor: Actor, enterprise: str, at: datetime) -> int:
    """Send a letter with a code to the seat of the enterprise, or let the office find its address; the activation's id.

    Asked again, a new letter replaces the old one and its code: at once when that code is blocked or expired, else
    once the day on which it was expected has passed. Raises NotAllowed, Invalid (no confirmed mail address, no such
    number), NotFound, WrongState (ceased, linked already, too early, too many). Source: guide 4.
    """
    actor.must("register")
    known = registered(enterprise)
    with transaction.atomic():  # what will be refused asks no look-up
        _must_be_free(actor, known, at)
        transaction.set_rollback(True)
    goes_to = destination(known)  # it may ask a slow outside service: never while others wait for our locks
    return _send_or_wait(actor, known, goes_to, at)


@transaction.atomic
def _send_or_wait(actor: Actor, known: EnterpriseFacts, goes_to: Destination, at: datetime) -> int:
    row = _must_be_free(actor, known, at)
    if not goes_to.lines:
        return _leave_to_office(row, goes_to.why_office, actor, at)
    row.address_basis = goes_to.basis
    send(row, known, goes_to.lines, actor=actor, at=at)
    return row.pk


def _must_be_free(actor: Actor, known: EnterpriseFacts, at: datetime) -> Activation:
    """The locked activation for which a letter may leave now, made when there is none. Raises Invalid, WrongState."""
    assert actor.person_id is not None, "a newcomer is somebody"
    one_at_a_time(f"letters:{actor.person_id}")  # the letters of a person are counted
    lock_people(enterprise=known.number)
    if not identity.person(actor.person_id).confirmed_email:
        raise Invalid("Bevestig eerst je e-mailadres.", field="email")
    if identity.acts_for(actor.person_id, enterprise=known.number) is not None:
        raise WrongState(f"Je mag al optreden voor {known.name}. Kies ze bij “wissel”.")
    row = _open_row(actor.person_id, known.number, at)
    _may_send(row, at)
    return row


def registered(number: str) -> EnterpriseFacts:
    """An enterprise that still exists. Raises Invalid, NotFound, WrongState with what to do."""
    known = register.enterprise(number)
    if not known.is_active:
        raise WrongState(
            f"{known.name} is volgens de Kruispuntbank gestopt ({known.situation_label.lower()}). "
            "Voor een gestopte onderneming kun je niets aanvragen. Klopt dit niet? Vraag je ondernemingsloket na."
        )
    return known


def send(
    row: Activation, known: EnterpriseFacts, envelope: Sequence[str], *, actor: Actor, at: datetime
) -> None:
    """Write the letter with a new code, under the locks of ``ask_letter``; ``actor`` is whoever caused it."""
    person = identity.person(row.person_id)
    row.state, row.why_office = Activation.SENT, ""
    row.envelope = "\n".join(envelope)
    row.expected_on = letter_expected(legal_day(at))
    code = codes.issue(
        row,
        purpose=PURPOSE,
        owner=owner_of(row),
        signs=terms.LETTER_SIGNS,
        expires_at=terms.end_of_days(at, terms.LETTER_CODE_DAYS),
        at=at,
    )
    row.save()
    post.write(
        letters.activation_letter(
            row, code=code, envelope=envelope, person=person.name, enterprise=known.name, at=at
        ),
        at=at,
    )
    LetterSent.objects.create(
        activation_id=row.pk, person_id=row.person_id, enterprise_number=row.enterprise_number, at=at
    )
    record(
        actor=actor,
        verb="send_letter",
        subject="activation",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        facts={"basis": row.address_basis, "times": row.times_sent},
    )
    if person.confirmed_email:
        messages.write(
            [
                letters.letter_underway(
                    row, name=person.name, email=person.confirmed_email, enterprise=known.name
                )
            ],
            at=at,
        )


def owner_of(row: Activation) -> str:
    """Whose code it is: of this person, for this enterprise, in this activation."""
    return f"{row.pk}:{row.person_id}:{row.enterprise_number}"


def _open_row(person: int, enterprise: str, at: datetime) -> Activation:
    """The activation that is open, or a new one: it needs its number before its code can be made."""
    found = (
        Activation.objects.select_for_update()
        .filter(person_id=person, enterprise_number=enterprise, closed_at=None)
        .first()
    )
    return found or Activation.objects.create(
        person_id=person, enterprise_number=enterprise, state=Activation.WAITS, asked_at=at
    )


def _may_send(row: Activation, at: datetime) -> None:
    if row.why_office:
        raise WrongState("Een medewerker bekijkt naar welk adres de brief mag. Je krijgt een mail.")
    is_underway = row.expected_on is not None and legal_day(at) <= row.expected_on
    if is_underway and codes.can_be_used(row, at):
        assert row.expected_on is not None, "it is underway"
        raise WrongState(
            f"Je brief is onderweg. Je hebt hem ten laatste op {in_words(row.expected_on)}. "
            "Is hij er dan niet? Vraag de dag erna een nieuwe."
        )
    since = at - terms.LETTERS_ROUND
    sent = LetterSent.objects.filter(at__gt=since)
    if sent.filter(person_id=row.person_id).count() >= terms.MOST_LETTERS_PER_PERSON:
        raise WrongState("Je vroeg de voorbije 30 dagen al te veel brieven. Bel gratis naar 1700.")
    to_enterprise = sent.filter(enterprise_number=row.enterprise_number)
    if to_enterprise.count() >= terms.MOST_LETTERS_PER_ENTERPRISE:
        raise WrongState("Er vertrokken al te veel brieven naar deze onderneming. Bel gratis naar 1700.")


def _leave_to_office(row: Activation, why: str, actor: Actor, at: datetime) -> int:
    row.state, row.why_office = Activation.WAITS, why
    row.code_hash = ""
    row.save()
    open_case(
        kind=Kind.LETTER_ADDRESS,
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        person=row.person_id,
        at=at,
    )
    record(
        actor=actor,
        verb="ask_address",
        subject="activation",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        facts={"why": why},
    )
    return row.pk
