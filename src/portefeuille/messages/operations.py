"""Writing messages in the transaction that causes them, and sending them after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction

from portefeuille.messages.models import Message

BATCH = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to write. ``key`` names what caused it: the same key is written once."""

    key: str
    kind: str
    to_address: str
    to_name: str
    subject: str
    text: str
    enterprise: str = ""
    application: int | None = None


def write(letters: Iterable[Letter], *, at: datetime) -> None:
    """Put messages in the outbox; one that was written before is left as it is."""
    columns = list(
        zip(
            *(
                (
                    letter.key,
                    letter.kind,
                    letter.to_address,
                    letter.to_name,
                    letter.subject,
                    letter.text,
                    letter.enterprise,
                    letter.application,
                )
                for letter in letters
            ),
            strict=True,
        )
    )
    if not columns:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO messages_message
                   (written_at, key, kind, to_address, to_name, subject, text, enterprise_number, application_id)
               SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                                        %s::text[], %s::bigint[])
               ON CONFLICT ON CONSTRAINT message_written_once DO NOTHING""",
            [at, *(list(column) for column in columns)],
        )


def send_waiting(*, at: datetime) -> int:
    """Send what the outbox holds, oldest first; returns how many left. Two senders never take the same message."""
    sent = 0
    while batch := _send_batch(at):
        sent += batch
    return sent


def _send_batch(at: datetime) -> int:
    with transaction.atomic():
        waiting = list(
            Message.objects.select_for_update(skip_locked=True).filter(sent_at=None).order_by("id")[:BATCH]
        )
        for message in waiting:
            EmailMessage(
                subject=message.subject,
                body=message.text,
                from_email=settings.DEFAULT_FROM_EMAIL,
                to=[message.to_address],
                headers={"Message-ID": f"<{message.key}@portefeuille>"},
            ).send()
        Message.objects.filter(pk__in=[message.pk for message in waiting]).update(sent_at=at)
    return len(waiting)
