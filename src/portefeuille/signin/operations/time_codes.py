"""An app that shows a code each half minute (RFC 6238): adding it, signing in with it, taking it away."""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction

from portefeuille.core.errors import Invalid, NotFound, WrongState
from portefeuille.database.sealing import seal, unseal
from portefeuille.history.operations import record
from portefeuille.identity import queries as identity
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.operations.end_sessions import end_sessions
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages
from portefeuille.signin import letters
from portefeuille.signin.attempts import Try, left_before_lock, locked_until, note, one_at_a_time
from portefeuille.signin.models import TimeCode
from portefeuille.signin.operations.order_card import number_of
from portefeuille.signin.operations.prove_by_card import refusal

_PURPOSE = "time-code"
STEP_SECONDS = 30
_DRIFT = (0, -1, 1)  # steps by which a clock may differ
SECRET_BYTES = 20


@dataclass(frozen=True, slots=True)
class NewApp:
    """What an app needs to show codes: as a text to type, and as an address to scan."""

    secret: str
    address: str


@transaction.atomic
def start_app(*, actor: Actor, at: datetime) -> NewApp:
    """Offer a secret to somebody's app; it counts once a code of it was typed. Asking again shows the same secret.

    Raises NotAllowed, StrongerSignInNeeded, ProofNeeded, Invalid, WrongState when an app is there already.
    """
    actor.must("change_sign_in", at=at)
    who = identity.national_number_hash_of(actor.person_id or 0)
    if who is None:
        raise Invalid(
            "We kennen je rijksregisternummer niet, en dat heb je nodig om je met de app aan te melden. "
            "Meld je eerst aan met je identiteitskaart."
        )
    row = TimeCode.objects.select_for_update().filter(who=who, removed_at=None).first()
    if row is None:
        row = TimeCode.objects.create(
            person_id=actor.person_id,
            who=who,
            sealed_secret=seal(_PURPOSE, secrets.token_bytes(SECRET_BYTES)),
            added_at=at,
        )
    if row.confirmed_at is not None:
        raise WrongState("Je hebt al een app. Verwijder die eerst als je een andere wilt.")
    secret = base64.b32encode(unseal(_PURPOSE, bytes(row.sealed_secret))).decode()
    return NewApp(secret, f"otpauth://totp/{quote(_LABEL)}?secret={secret}&issuer={quote(_LABEL)}")


_LABEL = "kmo-portefeuille"


@transaction.atomic
def confirm_app(*, actor: Actor, code: str, at: datetime) -> None:
    """The first code of a new app, which proves that it holds the secret.

    Raises NotAllowed, StrongerSignInNeeded, ProofNeeded, NotFound, Invalid.
    """
    actor.must("change_sign_in", at=at)
    row = (
        TimeCode.objects.select_for_update()
        .filter(person_id=actor.person_id, removed_at=None, confirmed_at=None)
        .first()
    )
    if row is None:
        raise NotFound("Er is geen app die op bevestiging wacht. Begin opnieuw.")
    step = _step_of(row, code, at)
    if step is None:
        raise Invalid("Deze code klopt niet. Kijk of de klok van je toestel juist staat.", field="code")
    row.confirmed_at, row.last_step = at, step
    row.save(update_fields=["confirmed_at", "last_step"])
    record(actor=actor, verb="add_app", subject="time_code", subject_id=row.pk, at=at)
    messages.write(letters.app_added(row), at=at)


@transaction.atomic
def remove_app(*, actor: Actor, at: datetime) -> None:
    """It opens nothing from now on, its secret is wiped, and all sessions end. Raises NotAllowed, NotFound."""
    actor.must("manage_oneself")
    row = TimeCode.objects.select_for_update().filter(person_id=actor.person_id, removed_at=None).first()
    if row is None:
        raise NotFound("Je hebt geen app die je kunt verwijderen.")
    row.removed_at, row.sealed_secret = at, b""
    row.save(update_fields=["removed_at", "sealed_secret"])
    end_sessions(person=row.person_id, at=at)
    record(actor=actor, verb="remove_app", subject="time_code", subject_id=row.pk, at=at)


def prove_by_app(*, national_number: str, code: str, source: str, at: datetime) -> int:
    """The person whose app shows this code now; a code is believed once, and so is every code before it.

    Every attempt is written down, also when this raises: Invalid, LockedOut, WrongCode.
    """
    trying = Try("app", hash_of(number_of(national_number)), source)
    with transaction.atomic():
        one_at_a_time(trying)
        until = locked_until(trying, at=at)
        row = (
            TimeCode.objects.select_for_update()
            .filter(who=trying.who, removed_at=None, confirmed_at__isnull=False)
            .first()
        )
        step = _step_of(row, code, at)
        outcome = "locked" if until else "wrong" if step is None else "right"
        person = row.person_id if row is not None and outcome == "right" else None
        note(trying, outcome, at=at, person=person)
        if row is not None and person is not None:
            TimeCode.objects.filter(pk=row.pk).update(last_step=step)
            return person
        left = left_before_lock(trying)
        until = until or locked_until(trying, at=at)
    raise refusal(left, until)


_NOBODYS_SECRET = bytes(SECRET_BYTES)


def _step_of(row: TimeCode | None, code: str, at: datetime) -> int | None:
    """The half minute whose code this is, when it was not used yet; as much work for somebody without an app."""
    secret = unseal(_PURPOSE, bytes(row.sealed_secret)) if row is not None else _NOBODYS_SECRET
    typed = "".join(code.split()).encode()
    now = int(at.timestamp()) // STEP_SECONDS
    found = None
    for step in (now + drift for drift in _DRIFT):
        if hmac.compare_digest(code_at(secret, step), typed) and found is None:
            found = step
    return found if row is not None and found is not None and found > row.last_step else None


def code_at(secret: bytes, step: int) -> bytes:
    """The six digits of a half minute."""
    return TOTP(secret, 6, SHA1(), STEP_SECONDS).generate(step * STEP_SECONDS)  # noqa: S303 - what apps speak
