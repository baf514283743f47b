"""Invite somebody by mail to act for the administrator's enterprise or provider; accept, or take it back."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from portefeuille.activation import codes, letters, terms
from portefeuille.activation.codes import WrongCode
from portefeuille.activation.models import Invitation
from portefeuille.core.errors import Invalid, NotFound, WrongState
from portefeuille.history.operations import record
from portefeuille.identity import queries as identity
from portefeuille.identity.letters import name_of_firm, to_administrators
from portefeuille.identity.mail_address import mail_address
from portefeuille.identity.operations.give_capacity import give_capacity
from portefeuille.identity.operations.locking import lock_people, must_still_be_administrator
from portefeuille.identity.roles import Actor, Role
from portefeuille.messages import operations as messages

_PURPOSE = "invitation-code"
_REFERENCE_BYTES = 18
MOST_OPEN = 20
# Withdrawn ones count: each mailed words of the inviter's own to an address of their choice, in our name.
MOST_A_DAY, MOST_TIMES = 40, 5
WAY_BACK = "Vraag om een nieuwe uitnodiging."


@transaction.atomic
def invite(*, actor: Actor, name: str, email: str, is_administrator: bool, at: datetime) -> int:
    """Mail a code and a link; the invitation's id. Invited again, the earlier code is worth nothing any more.

    Raises NotAllowed, Invalid with the field, WrongState when too many are open.
    """
    actor.must("invite", enterprise=actor.enterprise, provider=actor.provider)
    lock_people(enterprise=actor.enterprise, provider=actor.provider)
    must_still_be_administrator(actor)
    name = " ".join(name.split())  # a name of several lines would be a letter of its own in ours
    if not name:
        raise Invalid("Vul de naam in van wie je uitnodigt.", field="name")
    row = _open(actor, mail_address(email).lower(), at)
    row.name, row.role = name, _role(actor, is_administrator)
    row.invited_by, row.invited_at = actor.person_id or 0, at
    row.reference = secrets.token_urlsafe(_REFERENCE_BYTES)
    code = codes.issue(
        row,
        purpose=_PURPOSE,
        owner=row.reference,
        signs=terms.INVITATION_SIGNS,
        expires_at=terms.end_of_days(at, terms.INVITATION_DAYS),
        at=at,
    )
    row.save()
    _record(actor, "invite", row, at)
    _tell(row, code, actor, at)
    return row.pk


def _open(actor: Actor, email: str, at: datetime) -> Invitation:
    """The invitation of this address that is open already, or a new one."""
    mine = Invitation.objects.filter(
        enterprise_number=actor.enterprise, provider_id=actor.provider, closed_at=None
    )
    found = mine.select_for_update().filter(email=email).first()
    if found is not None:
        if found.sent_at is not None and at < found.sent_at + terms.EMAIL_AGAIN_AFTER:
            raise WrongState(
                "Deze uitnodiging is net verstuurd. Wacht een minuut voor je ze nog eens stuurt."
            )
        if found.times_sent >= MOST_TIMES:
            raise WrongState(
                "Je stuurde deze uitnodiging al te vaak. Trek ze in, en kijk het e-mailadres na."
            )
        return found
    today = Invitation.objects.filter(
        enterprise_number=actor.enterprise, provider_id=actor.provider, invited_at__gt=at - timedelta(days=1)
    )
    if today.count() >= MOST_A_DAY:
        raise WrongState("Je nodigde vandaag al veel mensen uit. Probeer het morgen opnieuw, of bel 1700.")
    if mine.filter(expires_at__gt=at).count() >= MOST_OPEN:
        raise WrongState("Er staan al veel uitnodigingen open. Trek er eerst enkele in.")
    return Invitation(enterprise_number=actor.enterprise, provider_id=actor.provider, email=email)


def _role(actor: Actor, is_administrator: bool) -> Role:
    if actor.provider is not None:
        return Role.PROVIDER_ADMIN if is_administrator else Role.PROVIDER
    return Role.ENTERPRISE_ADMIN if is_administrator else Role.ENTREPRENEUR


def _tell(row: Invitation, code: str, actor: Actor, at: datetime) -> None:
    firm = name_of_firm(enterprise=row.enterprise_number, provider=row.provider_id)
    messages.write(
        [
            letters.invitation(row, code=code, inviter=actor.name, firm=firm),
            *to_administrators(
                kind="person_invited",
                once=f"{row.pk}:{row.times_sent}",
                subject=f"{row.name} is uitgenodigd om op te treden voor {firm}",
                text=f"{actor.name} nodigde {row.name} ({row.email}) uit om op te treden voor {firm}. "
                "Een beheerder kan de uitnodiging intrekken op de pagina “Mensen”.",
                enterprise=row.enterprise_number,
                provider=row.provider_id,
            ),
        ],
        at=at,
    )


@transaction.atomic
def withdraw_invitation(*, actor: Actor, invitation: int, at: datetime) -> None:
    """Take an invitation back: its code is worth nothing from now on. Raises NotFound, NotAllowed, WrongState."""
    row = _lock(Invitation.objects.filter(pk=invitation).first())
    if row is None:
        raise NotFound("Deze uitnodiging bestaat niet.")
    actor.must("invite", enterprise=row.enterprise_number, provider=row.provider_id)
    must_still_be_administrator(actor)
    if row.closed_at is not None:
        raise WrongState("Deze uitnodiging is al aangenomen of ingetrokken.")
    row.closed_at, row.code_hash = at, ""
    row.save(update_fields=["closed_at", "code_hash"])
    _record(actor, "withdraw_invitation", row, at)


def accept_invitation(*, actor: Actor, reference: str, code: str, at: datetime) -> int:
    """Link the actor's person on the invitation's ground; the capacity's id.

    The inviter must still be administrator. Raises NotAllowed, NotFound, Invalid (a slip of the pen), WrongCode
    (which was counted), WrongState.
    """
    actor.must("accept_invitation")
    return codes.answered(_accept(actor, reference, codes.read(code, terms.INVITATION_SIGNS), at))


@transaction.atomic
def _accept(actor: Actor, reference: str, code: str, at: datetime) -> int | WrongCode:
    row = _lock(Invitation.objects.filter(reference=reference).first())
    if row is None:
        raise NotFound("Deze uitnodiging bestaat niet meer. Vraag om een nieuwe.")
    if row.closed_at is not None:
        raise WrongState("Deze uitnodiging is al aangenomen of ingetrokken. Vraag om een nieuwe.")
    inviter_decides = identity.is_administrator(
        row.invited_by, enterprise=row.enterprise_number, provider=row.provider_id
    )
    if not inviter_decides:
        raise WrongState("Wie je uitnodigde, is geen beheerder meer. Vraag om een nieuwe uitnodiging.")
    if not codes.is_right(row, purpose=_PURPOSE, owner=row.reference, code=code, at=at):
        codes.count_wrong(row)
        _record(actor, "invitation_code_wrong", row, at)
        return codes.refusal(row, at, way_back=WAY_BACK)
    row.closed_at, row.accepted_by, row.code_hash = at, actor.person_id, ""
    row.save(update_fields=["closed_at", "accepted_by", "code_hash"])
    _record(actor, "accept_invitation", row, at)
    return give_capacity(
        actor=actor,
        basis="invitation",
        at=at,
        enterprise=row.enterprise_number,
        provider=row.provider_id,
        role=Role(row.role),
        given_by=row.invited_by,
    )


def _lock(found: Invitation | None) -> Invitation | None:
    """The same invitation, locked after the people of whom it would be one."""
    if found is None:
        return None
    lock_people(enterprise=found.enterprise_number, provider=found.provider_id)
    return Invitation.objects.select_for_update().get(pk=found.pk)


def _record(actor: Actor, verb: str, row: Invitation, at: datetime) -> None:
    record(
        actor=actor,
        verb=verb,
        subject="invitation",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        facts={"role": row.role, "provider": row.provider_id},
    )
