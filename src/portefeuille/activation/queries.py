"""Reading what waits for a code to come back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from portefeuille.activation import codes, terms
from portefeuille.activation.models import Activation, EmailConfirmation, Invitation
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import NotFound
from portefeuille.identity.roles import Actor, Role


@dataclass(frozen=True, slots=True)
class ActivationView:
    """A letter that somebody waits for. ``may_resend``: a new one can be asked for now."""

    id: int
    person: int
    enterprise: str
    state: str
    why_office: str
    address_basis: str
    envelope: tuple[str, ...]
    asked_at: datetime
    sent_at: datetime | None
    expected_on: date | None
    expires_at: datetime | None
    is_expired: bool
    is_blocked: bool
    may_resend: bool


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation that is open, or was when it was looked up."""

    id: int
    reference: str
    enterprise: str
    provider: int | None
    role: Role
    name: str
    email: str
    invited_by: int
    invited_at: datetime
    expires_at: datetime | None
    is_expired: bool
    is_blocked: bool
    is_closed: bool


def open_activations(*, actor: Actor, at: datetime) -> list[ActivationView]:
    """The letters that the actor's own person waits for, oldest first."""
    rows = Activation.objects.filter(person_id=actor.person_id, closed_at=None).order_by("pk")
    return [_activation(row, at) for row in rows]


def activations(numbers: Iterable[int], *, actor: Actor, at: datetime) -> dict[int, ActivationView]:
    """These requests for a letter, by number; one query however many. Raises NotAllowed."""
    actor.must("see_addresses")
    rows = Activation.objects.filter(pk__in=list(numbers))
    return {row.pk: _activation(row, at) for row in rows}


def email_underway(*, person: int, at: datetime) -> str:
    """The address to which a code was sent that may still come back; empty when there is none."""
    row = EmailConfirmation.objects.filter(person_id=person).first()
    return row.email if row is not None and codes.can_be_used(row, at) else ""


def open_invitations(*, actor: Actor, at: datetime) -> list[InvitationView]:
    """The invitations of the actor's own enterprise or provider that are open, oldest first. Raises NotAllowed."""
    actor.must("see_people", enterprise=actor.enterprise, provider=actor.provider)
    rows = Invitation.objects.filter(
        enterprise_number=actor.enterprise, provider_id=actor.provider, closed_at=None
    )
    return [_invitation(row, at) for row in rows.order_by("pk")]


def invitation(reference: str, *, at: datetime) -> InvitationView:
    """The invitation with this reference, which only its mail holds. Raises NotFound."""
    row = Invitation.objects.filter(reference=reference).first()
    if row is None:
        raise NotFound("Deze uitnodiging bestaat niet meer. Vraag om een nieuwe.")
    return _invitation(row, at)


def _activation(row: Activation, at: datetime) -> ActivationView:
    is_out = row.state == Activation.SENT
    is_usable = codes.can_be_used(row, at)
    is_late = row.expected_on is not None and legal_day(at) > row.expected_on
    return ActivationView(
        id=row.pk,
        person=row.person_id,
        enterprise=row.enterprise_number,
        state=row.state,
        why_office=row.why_office,
        address_basis=row.address_basis,
        envelope=tuple(row.envelope.splitlines()),
        asked_at=row.asked_at,
        sent_at=row.sent_at,
        expected_on=row.expected_on,
        expires_at=row.expires_at,
        is_expired=is_out and terms.is_over(row.expires_at, at),
        is_blocked=is_out and codes.is_blocked(row),
        may_resend=is_out and (is_late or not is_usable),
    )


def _invitation(row: Invitation, at: datetime) -> InvitationView:
    return InvitationView(
        id=row.pk,
        reference=row.reference,
        enterprise=row.enterprise_number,
        provider=row.provider_id,
        role=Role(row.role),
        name=row.name,
        email=row.email,
        invited_by=row.invited_by,
        invited_at=row.invited_at,
        expires_at=row.expires_at,
        is_expired=terms.is_over(row.expires_at, at),
        is_blocked=codes.is_blocked(row),
        is_closed=row.closed_at is not None,
    )
