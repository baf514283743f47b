"""What can keep the platform from starting: one line that says what, why, and the way out."""

from __future__ import annotations

from portefeuille.core.errors import Refusal


class CannotStart(Refusal):
    """The machine does not allow what was asked; the sentence says what to do about it."""
