"""For each unexplained deposit: to which applications it may belong, and why. A person decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portefeuille.bank.queries import ExceptionView
from portefeuille.core.formats import ogm
from portefeuille.core.money import Money

MOST = 3

# How much each sign weighs; a sum of these orders the suggestions.
_WEIGHTS = {"project_number": 8, "reference": 6, "account": 4, "amount": 3}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application that still expects money."""

    application: int
    project_number: str
    enterprise_name: str
    enterprise_iban: str
    reference: str
    still_due: Money


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An application, and the signs that speak for it (keys of ``_WEIGHTS``)."""

    candidate: Candidate
    signs: tuple[str, ...]


def suggest(exception: ExceptionView, candidates: Sequence[Candidate]) -> list[Suggestion]:
    """The best few, best first; empty when nothing speaks for any."""
    near = set(ogm.suggest(exception.communication, {candidate.reference for candidate in candidates}))
    found = [
        Suggestion(candidate, signs)
        for candidate in candidates
        if (signs := tuple(_signs(exception, candidate, near)))
    ]
    return sorted(found, key=lambda suggestion: -sum(_WEIGHTS[sign] for sign in suggestion.signs))[:MOST]


def suggest_all(
    exceptions: Iterable[ExceptionView], candidates: Sequence[Candidate]
) -> Mapping[int, list[Suggestion]]:
    """Suggestions by exception; none for money that left."""
    return {
        exception.id: suggest(exception, candidates) if exception.amount > Money.ZERO else []
        for exception in exceptions
    }


def _signs(exception: ExceptionView, candidate: Candidate, near: set[str]) -> Iterable[str]:
    if candidate.project_number.upper() in exception.communication.upper():
        yield "project_number"
    if candidate.reference in near or candidate.reference == exception.reference:
        yield "reference"
    if candidate.enterprise_iban and candidate.enterprise_iban == exception.counterparty_account:
        yield "account"
    if candidate.still_due == exception.left:
        yield "amount"
