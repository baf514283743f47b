"""A mail address counts once a code that was sent there came back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portefeuille.activation import codes, letters, terms
from portefeuille.activation.codes import WrongCode
from portefeuille.activation.models import EmailConfirmation
from portefeuille.core.errors import WrongState
from portefeuille.history.operations import record
from portefeuille.identity import queries as identity
from portefeuille.identity.mail_address import mail_address
from portefeuille.identity.operations.keep_email import keep_email
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages

_PURPOSE = "email-code"
WAY_BACK = "Vraag een nieuwe code."


@transaction.atomic
def send_email_code(*, actor: Actor, email: str, at: datetime) -> None:
    """Mail a code to this address, in place of any earlier code.

    Raises NotAllowed, Invalid with the field, and WrongState when too many were sent.
    """
    actor.must("confirm_email")
    address = mail_address(email)
    row = _row(actor, address, at)
    _throttle(row, at)
    row.email = address
    code = codes.issue(
        row,
        purpose=_PURPOSE,
        owner=_owner(row),
        signs=terms.EMAIL_SIGNS,
        expires_at=at + terms.EMAIL_CODE_LASTS,
        at=at,
    )
    row.save()
    messages.write([letters.email_code(row, code=code, name=actor.name)], at=at)


def confirm_email(*, actor: Actor, code: str, at: datetime) -> str:
    """The code came back: the address is kept, and returned.

    Raises NotAllowed, Invalid (a slip of the pen), WrongCode (which was counted) and WrongState when none was sent.
    """
    actor.must("confirm_email")
    return codes.answered(_confirm(actor, codes.read(code, terms.EMAIL_SIGNS), at))


@transaction.atomic
def _confirm(actor: Actor, code: str, at: datetime) -> str | WrongCode:
    row = EmailConfirmation.objects.select_for_update().filter(person_id=actor.person_id).first()
    if row is None or not row.code_hash:
        raise WrongState("Er is geen code onderweg. Vul eerst je e-mailadres in.")
    if not codes.is_right(row, purpose=_PURPOSE, owner=_owner(row), code=code, at=at):
        codes.count_wrong(row)
        return codes.refusal(row, at, way_back=WAY_BACK)
    row.code_hash = ""
    row.save(update_fields=["code_hash"])
    assert actor.person_id is not None, "its row was found by it"
    before = identity.person(actor.person_id)
    keep_email(person=actor.person_id, email=row.email, at=at)
    record(actor=actor, verb="confirm_email", subject="person", subject_id=actor.person_id, at=at)
    if before.confirmed_email not in ("", row.email):
        told = letters.email_replaced(row, name=before.name, email=before.confirmed_email, at=at)
        messages.write([told], at=at)
    return row.email


def _row(actor: Actor, email: str, at: datetime) -> EmailConfirmation:
    EmailConfirmation.objects.get_or_create(
        person_id=actor.person_id, defaults={"email": email, "first_sent_at": at}
    )
    return EmailConfirmation.objects.select_for_update().get(person_id=actor.person_id)


def _throttle(row: EmailConfirmation, at: datetime) -> None:
    if at >= row.first_sent_at + terms.EMAIL_ROUND:
        row.first_sent_at, row.times_sent = at, 0
    if row.times_sent >= terms.MOST_EMAILS:
        raise WrongState("Je vroeg vandaag al te veel codes. Probeer het morgen opnieuw, of bel 1700.")
    if row.times_sent and row.sent_at is not None and at < row.sent_at + terms.EMAIL_AGAIN_AFTER:
        raise WrongState("We stuurden je net een code. Wacht een minuut, en kijk ook bij ongewenste mails.")


def _owner(row: EmailConfirmation) -> str:
    """A code for one address confirms no other."""
    return f"{row.person_id}:{row.email}"
