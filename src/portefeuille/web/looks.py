"""That somebody opened a page with something of an enterprise: kept, so that its people can see who looked."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils import timezone

from portefeuille.history import operations as history
from portefeuille.identity.roles import Actor


def look(request: HttpRequest, subject: str, subject_id: int, enterprise: str) -> None:
    """Note it, once for each page that is shown. The enterprise's own people leave no trace by looking."""
    look_at_each(request, subject, [(subject_id, enterprise)])


def look_at_each(request: HttpRequest, subject: str, each: Iterable[tuple[int, str]]) -> None:
    """The same for a page that shows something of several: ``each`` holds (subject id, enterprise)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    history.look_many(actor=actor, subject=subject, each=[one for one in each if one[1]], at=timezone.now())
