"""Reading which letters wait for the printer, and which it had: never what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from portefeuille.identity.roles import Actor
from portefeuille.post.models import PaperLetter


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter from the outside."""

    id: int
    kind: str
    envelope: tuple[str, ...]
    written_at: datetime
    printed_at: datetime | None


def in_the_tray(*, actor: Actor) -> list[LetterView]:
    """The letters that no printer has yet, oldest first. Raises NotAllowed."""
    actor.must("see_addresses")
    return _views(PaperLetter.objects.filter(printed_at=None).order_by("id"))


def handed_over(*, actor: Actor, limit: int = 10) -> list[LetterView]:
    """The latest that a printer got, newest first. Raises NotAllowed."""
    actor.must("see_addresses")
    return _views(PaperLetter.objects.filter(printed_at__isnull=False).order_by("-printed_at", "-id")[:limit])


def unprinted(limit: int = 50) -> list[LetterView]:
    """The latest that no printer has yet, newest first: for the demo's mailbox."""
    return _views(PaperLetter.objects.filter(printed_at=None).order_by("-id")[:limit])


def _views(rows: QuerySet[PaperLetter]) -> list[LetterView]:
    """Without the pages, which may be many and large."""
    return [
        LetterView(row.pk, row.kind, tuple(row.envelope.splitlines()), row.written_at, row.printed_at)
        for row in rows.defer("sealed_pdf")
    ]
