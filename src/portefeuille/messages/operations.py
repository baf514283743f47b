"""Writing messages in the transaction that causes them, and sending them after it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.db import connection, transaction

from portefeuille.messages.models import Message

log = logging.getLogger(__name__)

# About one message; a ValueError is an address or a header that can't be written.
_REFUSED = (SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused, ValueError)


# Of a code only a hash is kept: once such a mail has left, its words are wiped here, in every later backup too.
HOLDS_A_CODE = frozenset({"email_code", "invitation"})


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
    """Put messages in the outbox; one that was written before is left as it is.

    The conflict names no constraint: to look one up, the database wants the writer to see the row, and whoever is at
    the gate may write a message but see none.
    """
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
               ON CONFLICT DO NOTHING""",
            [at, *(list(column) for column in columns)],
        )


def send_waiting(*, at: datetime) -> int:
    """Send what the outbox holds, oldest first; returns how many left. Two senders never take the same message.

    Each message is marked in a transaction of its own, so that a failure never sends the ones before it again; a kill
    between sending and marking repeats one, under the same Message-ID. What the mail server refuses for good reasons of
    its own stays in the outbox and keeps nothing else waiting; without a server, all of it waits for the next time.
    """
    refused: set[int] = set()
    sent = 0
    server = mailers.default
    try:
        while (outcome := _send_next(server, at, passing_over=refused)) is not None:
            number, left = outcome
            sent += left
            if not left:
                refused.add(number)
    except (OSError, SMTPException) as problem:
        log.error("the mail server can't be used (%s); messages wait", type(problem).__name__)
    finally:
        with contextlib.suppress(OSError, SMTPException):
            server.close()
    return sent


def _send_next(server: Any, at: datetime, *, passing_over: set[int]) -> tuple[int, bool] | None:
    """The id of the oldest message that waits, and whether it left; None when none waits."""
    with transaction.atomic():
        waiting = Message.objects.select_for_update(skip_locked=True).filter(sent_at=None)
        message = waiting.exclude(pk__in=passing_over).order_by("id").first()
        if message is None:
            return None
        mail = EmailMessage(
            subject=message.subject,
            body=message.text,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[message.to_address],
            headers={
                "Message-ID": f"<{message.key.replace(':', '.')}@kmo-portefeuille>",
                "Auto-Submitted": "auto-generated",
            },
        )
        try:
            server.open()
            if not server.send_messages([mail]):
                raise ValueError("there is nobody to send it to")
        except _REFUSED as problem:  # logs carry ids, never addresses
            log.warning("message %s is not sent: %s", message.pk, type(problem).__name__)
            return message.pk, False
        message.sent_at = at
        if (
            message.kind in HOLDS_A_CODE and not settings.DEMO
        ):  # the demo's mailbox is all that its people have
            message.text = ""
        message.save(update_fields=["sent_at", "text"])
        return message.pk, True
