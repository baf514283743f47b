"""Reading history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portefeuille.history.models import Event


@dataclass(frozen=True, slots=True)
class Past:
    """One thing that happened; ``mandate`` is the one by which an accountant did it for the enterprise."""

    at: datetime
    verb: str
    role: str
    person_id: int | None
    reason: str
    facts: dict[str, Any]
    mandate: int | None = None


def events_of(subject: str, subject_id: int) -> list[Past]:
    """Everything that happened to something, oldest first."""
    found = Event.objects.filter(subject=subject, subject_id=subject_id).order_by("id")
    return [Past(e.at, e.verb, e.role, e.person_id, e.reason, e.facts, e.mandate_id) for e in found]
