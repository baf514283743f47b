"""Reading history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portefeuille.history.models import Event, Look


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


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody did or saw something in an enterprise's file. ``verb`` is ``look`` for who only saw it.

    ``mandate`` is the one by which an accountant did it; ``looked_for`` the enterprise for which somebody looked.
    """

    at: datetime
    verb: str
    role: str
    person_id: int | None
    subject: str
    subject_id: int
    mandate: int | None = None
    looked_for: str = ""


def of_enterprise(enterprise: str, *, limit: int = 200) -> list[Seen]:
    """The latest that was done and seen in the file of an enterprise, newest first."""
    done = Event.objects.filter(enterprise_number=enterprise).order_by("-id")[:limit]
    looks = Look.objects.filter(enterprise_number=enterprise).order_by("-id")[:limit]
    seen = [Seen(e.at, e.verb, e.role, e.person_id, e.subject, e.subject_id, e.mandate_id) for e in done]
    seen += [
        Seen(
            one.at,
            "look",
            one.role,
            one.person_id,
            one.subject,
            one.subject_id,
            looked_for=one.for_enterprise,
        )
        for one in looks
    ]
    return sorted(seen, key=lambda one: one.at, reverse=True)[:limit]


def events_of(subject: str, subject_id: int) -> list[Past]:
    """Everything that happened to something, oldest first."""
    found = Event.objects.filter(subject=subject, subject_id=subject_id).order_by("id")
    return [Past(e.at, e.verb, e.role, e.person_id, e.reason, e.facts, e.mandate_id) for e in found]
