"""Write down that somebody signed in by a means that was proved elsewhere."""

from __future__ import annotations

from datetime import datetime

from portefeuille.signin.attempts import Try, note


def note_sign_in(*, means: str, person: int, source: str, at: datetime) -> None:
    """One line for the person's own page."""
    note(Try(means, "", source), "right", at=at, person=person)
