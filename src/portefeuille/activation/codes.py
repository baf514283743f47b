"""Making codes, keeping only their hash, and comparing what comes back."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

from portefeuille.activation.models import SentCode
from portefeuille.activation.terms import MOST_WRONG, is_over
from portefeuille.core import secret_codes
from portefeuille.core.errors import Invalid, Refusal
from portefeuille.database.sealing import keyed_hash


class WrongCode(Refusal):
    """The code is not the one that was sent. ``attempts_left`` is how often one may still try."""

    def __init__(self, sentence: str, *, attempts_left: int = 0) -> None:
        super().__init__(sentence, field="code")
        self.attempts_left = attempts_left


def issue(row: SentCode, *, purpose: str, owner: str, signs: int, expires_at: datetime, at: datetime) -> str:
    """Put a new code on the (unsaved) row in place of any earlier one; the code, which is kept nowhere."""
    code = secret_codes.make(signs, secrets.choice)
    row.code_hash = _hash(purpose, owner, code)
    row.sent_at, row.expires_at = at, expires_at
    row.wrong_attempts = 0
    row.times_sent += 1
    return code


def read(typed: str, signs: int) -> str:
    """The bare code. Raises Invalid for a slip of the pen, which counts as no attempt."""
    try:
        return secret_codes.read(typed, signs)
    except secret_codes.NotACode:
        raise Invalid(
            f"Dit is geen code van ons: ze telt {signs} tekens. Kijk na of je alles goed overtikte.",
            field="code",
        ) from None


def is_right(row: SentCode, *, purpose: str, owner: str, code: str, at: datetime) -> bool:
    """Whether this is the code of the row and may still be used; compared in constant time."""
    same = hmac.compare_digest(row.code_hash, _hash(purpose, owner, code))
    return same and can_be_used(row, at)


def can_be_used(row: SentCode, at: datetime) -> bool:
    """Whether a code is out, in time and not mistaken too often."""
    return bool(row.code_hash) and not is_over(row.expires_at, at) and not is_blocked(row)


def is_blocked(row: SentCode) -> bool:
    """Whether it was mistaken too often."""
    return row.wrong_attempts >= MOST_WRONG


def count_wrong(row: SentCode) -> None:
    """One attempt more, as far as they are counted."""
    row.wrong_attempts = min(row.wrong_attempts + 1, MOST_WRONG)
    row.save(update_fields=["wrong_attempts"])


def answered[Answer](outcome: Answer | WrongCode) -> Answer:
    """What came of an attempt. A refusal is raised only here, after the commit that counted it for good."""
    if isinstance(outcome, WrongCode):
        raise outcome
    return outcome


def refusal(row: SentCode, at: datetime, *, way_back: str) -> WrongCode:
    """What to say after an attempt that was counted."""
    if is_blocked(row):
        return WrongCode(f"Er is te vaak een verkeerde code ingevuld. Deze code werkt niet meer. {way_back}")
    if is_over(row.expires_at, at):
        return WrongCode(f"De tijd voor deze code is voorbij. {way_back}")
    left = MOST_WRONG - row.wrong_attempts
    times = "één keer" if left == 1 else f"{left} keer"
    return WrongCode(f"Deze code klopt niet. Je kunt het nog {times} proberen.", attempts_left=left)


def _hash(purpose: str, owner: str, code: str) -> str:
    return keyed_hash(purpose, f"{owner}:{code}")
