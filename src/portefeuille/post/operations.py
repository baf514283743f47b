"""Writing letters on paper, and handing them to the printer."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from portefeuille.core.errors import Invalid, NotAllowed
from portefeuille.database.sealing import seal
from portefeuille.history.operations import record
from portefeuille.identity.roles import Actor
from portefeuille.post.models import PURPOSE, PaperLetter
from portefeuille.post.queries import pages


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to write. ``key`` names what caused it: the same key is written once. ``envelope``: a line each."""

    key: str
    kind: str
    envelope: Sequence[str]
    pdf: bytes
    person: int
    enterprise: str = ""


def write(letter: Letter, *, at: datetime) -> int:
    """Put a letter in the tray of the printer; its id. One that was written before is left as it is.

    Raises Invalid when there is no address to send it to.
    """
    if len(letter.envelope) < 2 or not all(line.strip() for line in letter.envelope):
        raise Invalid("Er is geen volledig adres voor deze brief. Een medewerker moet ernaar kijken.")
    row, _is_new = PaperLetter.objects.get_or_create(
        key=letter.key,
        defaults={
            "kind": letter.kind,
            "person_id": letter.person,
            "enterprise_number": letter.enterprise,
            "envelope": "\n".join(letter.envelope),
            "sealed_pdf": seal(PURPOSE, letter.pdf),
            "digest": hashlib.sha256(letter.pdf).hexdigest(),
            "written_at": at,
        },
    )
    return row.pk


@transaction.atomic
def hand_over(*, actor: Actor, letter: int, at: datetime) -> bytes:
    """Give the printer a letter, once: its pages are wiped here. Raises NotAllowed (also for a letter to
    whoever asks: its code proves that it came by post), NotFound, WrongState.
    """
    actor.must("print_letters")
    row = PaperLetter.objects.select_for_update().filter(pk=letter).first()
    if row is not None and row.person_id == actor.person_id:
        raise NotAllowed(
            "Deze brief is aan jou gericht, en er staat een geheim in. Een collega moet hem drukken."
        )
    pdf = pages(letter)
    assert row is not None, "it has pages"
    PaperLetter.objects.filter(pk=letter).update(sealed_pdf=None, printed_at=at)
    record(
        actor=actor,
        verb="print_letter",
        subject="paper_letter",
        subject_id=letter,
        enterprise=row.enterprise_number,
        at=at,
        facts={"kind": row.kind},
    )
    return pdf
