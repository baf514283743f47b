"""Reading messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portefeuille.core.errors import NotFound
from portefeuille.messages.models import Message


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as its reader sees it."""

    id: int
    kind: str
    to_address: str
    to_name: str
    subject: str
    text: str
    written_at: datetime
    application: int | None


def _view(row: Message) -> MessageView:
    return MessageView(
        row.pk,
        row.kind,
        row.to_address,
        row.to_name,
        row.subject,
        row.text,
        row.written_at,
        row.application_id,
    )


def newest(limit: int = 200) -> list[MessageView]:
    """The latest messages to anybody: for the demo's mailbox."""
    return [_view(row) for row in Message.objects.order_by("-id")[:limit]]


def message(number: int) -> MessageView:
    """One message. Raises NotFound."""
    row = Message.objects.filter(pk=number).first()
    if row is None:
        raise NotFound("Dit bericht bestaat niet.")
    return _view(row)


def to_enterprise(application: int) -> list[MessageView]:
    """What the enterprise itself was written about an application, oldest first: not what its provider was told."""
    return [one for one in of_application(application) if one.kind != "provider_notice"]


def of_application(application: int) -> list[MessageView]:
    """Everything that was written about an application, oldest first."""
    return [_view(row) for row in Message.objects.filter(application_id=application).order_by("id")]
