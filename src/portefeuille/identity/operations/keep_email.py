"""Keep the mail address that a person proved to be theirs."""

from __future__ import annotations

from datetime import datetime

from portefeuille.identity.models import Person


def keep_email(*, person: int, email: str, at: datetime) -> None:
    """The address replaces an earlier one. Callers have seen the proof: a code that was sent there came back."""
    Person.objects.filter(pk=person).update(email=email, email_confirmed_at=at)
