"""Reading which letters wait for the printer, and which it had; what is in them only as long as they wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from portefeuille.core.errors import NotFound, WrongState
from portefeuille.database.sealing import unseal
from portefeuille.identity.roles import Actor
from portefeuille.post.models import PURPOSE, PaperLetter


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


def pages(letter: int) -> bytes:
    """The PDF of a letter that was not printed yet: for who hands it over, and for the demo's mailbox.

    Raises NotFound, WrongState once its pages are wiped.
    """
    row = PaperLetter.objects.filter(pk=letter).first()
    if row is None:
        raise NotFound("Deze brief bestaat niet.")
    if row.sealed_pdf is None:
        raise WrongState("Deze brief is gedrukt. Wat erin stond, wordt daarna niet meer bewaard.")
    return unseal(PURPOSE, bytes(row.sealed_pdf))


def _views(rows: QuerySet[PaperLetter]) -> list[LetterView]:
    """Without the pages, which may be many and large."""
    return [
        LetterView(row.pk, row.kind, tuple(row.envelope.splitlines()), row.written_at, row.printed_at)
        for row in rows.defer("sealed_pdf")
    ]
