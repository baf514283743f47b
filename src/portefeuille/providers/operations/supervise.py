"""What the office does about a provider after its recognition: suspend, end that, strike off, note a session.

What was approved before goes on, whatever happens here: a provider may finish it, and it is paid. That is our reading;
no source says what becomes of it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portefeuille.history.operations import record
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages
from portefeuille.providers import letters
from portefeuille.providers.models import Measure, Provider, Recognition


@transaction.atomic
def suspend(*, actor: Actor, recognition: int, reasons: str, at: datetime) -> None:
    """From today nobody can apply with it. Raises NotAllowed, NotFound, Invalid (no reasons), WrongState."""
    row = _lock(recognition, actor, reasons)
    today = legal_day(at)
    _must_hold(row, today)
    if _is_suspended(row, today):
        raise WrongState("Deze erkenning is al geschorst. Laad de pagina opnieuw.")
    row.suspended_from, row.suspended_until = today, None
    row.save(update_fields=["suspended_from", "suspended_until"])
    measure = _note(actor, row.provider, Measure.SUSPENDED, today, reasons, at, recognition=row)
    _record(actor, "suspend_recognition", row, reasons, at)
    messages.write(letters.suspended(row, measure=measure, reasons=reasons.strip()), at=at)


@transaction.atomic
def end_suspension(*, actor: Actor, recognition: int, reasons: str, at: datetime) -> None:
    """From today people can apply with it again. Raises NotAllowed, NotFound, Invalid (no reasons), WrongState."""
    row = _lock(recognition, actor, reasons)
    today = legal_day(at)
    if row.struck_off_on is not None or not _is_suspended(row, today):
        raise WrongState("Deze erkenning is niet geschorst. Laad de pagina opnieuw.")
    if row.suspended_from == today:
        row.suspended_from = None  # it began today: it never held a whole day
    else:
        row.suspended_until = today - timedelta(days=1)
    row.save(update_fields=["suspended_from", "suspended_until"])
    measure = _note(actor, row.provider, Measure.RESUMED, today, reasons, at, recognition=row)
    _record(actor, "end_suspension", row, reasons, at)
    messages.write(letters.resumed(row, measure=measure, reasons=reasons.strip()), at=at)


@transaction.atomic
def strike_off(*, actor: Actor, recognition: int, reasons: str, at: datetime) -> None:
    """From today it counts no more, for good. Raises NotAllowed, NotFound, Invalid (no reasons), WrongState."""
    row = _lock(recognition, actor, reasons)
    today = legal_day(at)
    _must_hold(row, today)
    row.struck_off_on = today
    row.save(update_fields=["struck_off_on"])
    measure = _note(actor, row.provider, Measure.STRUCK_OFF, today, reasons, at, recognition=row)
    _record(actor, "strike_off_recognition", row, reasons, at)
    messages.write(letters.struck_off(row, measure=measure, reasons=reasons.strip()), at=at)


@transaction.atomic
def attend_information_session(
    *, actor: Actor, provider: int, held_on: date, reasons: str, at: datetime
) -> None:
    """Note that a provider was at an information session. Raises NotAllowed, NotFound, Invalid, WrongState (noted)."""
    actor.must("supervise_provider")
    row = Provider.objects.select_for_update().filter(pk=provider).first()
    if row is None:
        raise NotFound("Deze dienstverlener bestaat niet.")
    _must_be_impartial(actor, row)
    _must_say_why(reasons)
    if held_on > legal_day(at):
        raise Invalid("Deze dag moet nog komen. Noteer de infosessie als ze voorbij is.", field="held_on")
    try:
        with transaction.atomic():
            _note(actor, row, Measure.SESSION, held_on, reasons, at)
    except IntegrityError:
        raise WrongState("Deze infosessie staat er al.") from None
    record(
        actor=actor,
        verb="attend_session",
        subject="provider",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        reason=reasons.strip(),
        facts={"held_on": held_on.isoformat()},
    )


def _lock(recognition: int, actor: Actor, reasons: str) -> Recognition:
    """The locked recognition, for somebody who may act on it and says why."""
    actor.must("supervise_provider")
    row = Recognition.objects.select_for_update(of=("self",)).select_related("provider")
    found = row.filter(pk=recognition).first()
    if found is None:
        raise NotFound("Deze erkenning bestaat niet.")
    _must_be_impartial(actor, found.provider)
    _must_say_why(reasons)
    return found


def _must_be_impartial(actor: Actor, provider: Provider) -> None:
    assert actor.person_id is not None, "only people are of the office"
    if identity.ever_had_a_hand_in(
        actor.person_id, enterprise=provider.enterprise_number, provider=provider.pk
    ):
        raise NotAllowed("Je trad zelf op voor deze dienstverlener. Een collega moet dit doen.")


def _must_say_why(reasons: str) -> None:
    if not reasons.strip():
        raise Invalid(
            "Schrijf waarom: de dienstverlener leest het, en een collega later ook.", field="reasons"
        )


def _must_hold(row: Recognition, today: date) -> None:
    if row.struck_off_on is not None:
        raise WrongState("Deze erkenning is al geschrapt. Laad de pagina opnieuw.")
    if row.valid_to is not None and row.valid_to < today:
        raise WrongState("Deze erkenning is al voorbij. Er valt niets te stoppen.")


def _is_suspended(row: Recognition, today: date) -> bool:
    return row.suspended_from is not None and (row.suspended_until is None or today <= row.suspended_until)


def _note(
    actor: Actor,
    provider: Provider,
    kind: str,
    on: date,
    reasons: str,
    at: datetime,
    *,
    recognition: Recognition | None = None,
) -> int:
    return Measure.objects.create(
        provider=provider,
        recognition=recognition,
        kind=kind,
        on=on,
        reasons=reasons.strip(),
        person_id=actor.person_id,
        at=at,
    ).pk


def _record(actor: Actor, verb: str, row: Recognition, reasons: str, at: datetime) -> None:
    record(
        actor=actor,
        verb=verb,
        subject="provider",
        subject_id=row.provider_id,
        enterprise=row.provider.enterprise_number,
        at=at,
        reason=reasons.strip(),
        facts={"number": row.number},
    )
