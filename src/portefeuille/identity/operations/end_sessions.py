"""End what was begun with a means of sign-in that is lost."""

from __future__ import annotations

from datetime import datetime

from portefeuille.identity.models import Person


def end_sessions(*, person: int, at: datetime) -> None:
    """Every session of this person ends at its next request: who has the lost means may be in one of them.

    The session in which they say so themselves may be kept (``web.session.keep``).
    """
    Person.objects.filter(pk=person).update(sessions_since=at)
