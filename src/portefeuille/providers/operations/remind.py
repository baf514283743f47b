"""The nightly round over recognitions: who nears the end is reminded, and who passed it is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from portefeuille.core.calendar import legal_day
from portefeuille.history.operations import record
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages
from portefeuille.providers import letters
from portefeuille.providers.models import Recognition, RecognitionRequest
from portefeuille.providers.terms import REMINDER_DAYS, notice_due


def remind_of_ends(*, actor: Actor, at: datetime) -> list[int]:
    """Write what is due, each in a transaction of its own; the recognitions. A second time in a day writes nothing.

    What is suspended or struck off is left alone, and so is what already asked to go on.
    """
    actor.must("remind_providers")
    horizon = legal_day(at) + timedelta(days=max(REMINDER_DAYS))
    near = Recognition.objects.filter(valid_to__lte=horizon, struck_off_on=None)
    numbers = near.exclude(last_notice=0).order_by("pk").values_list("pk", flat=True)
    return [number for number in numbers if _remind(actor, number, at)]


@transaction.atomic
def _remind(actor: Actor, recognition: int, at: datetime) -> bool:
    today = legal_day(at)
    untouched = Q(suspended_from=None) | Q(suspended_until__lt=today)
    row = (
        Recognition.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("provider")
        .filter(untouched, pk=recognition, struck_off_on=None)
        .first()
    )
    if row is None or row.valid_to is None:
        return False
    due = notice_due(row.valid_to, today)
    if due is None or (row.last_notice is not None and row.last_notice <= due) or _has_asked(row):
        return False
    row.last_notice = due
    row.save(update_fields=["last_notice"])
    record(
        actor=actor,
        verb="remind_provider" if due else "recognition_ended",
        subject="provider",
        subject_id=row.provider_id,
        enterprise=row.provider.enterprise_number,
        at=at,
        facts={"number": row.number, "days": due},
    )
    messages.write(letters.reminder(row, days=due), at=at)
    return True


def _has_asked(row: Recognition) -> bool:
    return RecognitionRequest.objects.filter(renews=row, state=RecognitionRequest.WAITS).exists()
