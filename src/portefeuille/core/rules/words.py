"""The few words in which rules are written, beside the ordinary comparisons.

A rule uses these instead of ``if``, ``and``, ``or``, ``not``, ``min`` and ``max``, so that its one text can
run for a single application (here: plain Python scalars) and, with the same names bound to an engine's own
functions, over whole columns. Every branch is evaluated, so what is handed to ``where`` must be total. Join
conditions with ``&`` and ``|``.
"""

from __future__ import annotations


def where[T](condition: bool, yes: T, otherwise: T) -> T:
    """``yes`` where the condition holds, else ``otherwise``; both have been computed."""
    return yes if condition else otherwise


def least(one: int, other: int) -> int:
    """The smaller of two numbers of one unit."""
    return one if one <= other else other


def greatest(one: int, other: int) -> int:
    """The larger of two numbers of one unit."""
    return one if one >= other else other


def no(condition: bool) -> bool:
    """The opposite of a condition."""
    return not condition


def contains(members: int, code: int) -> bool:
    """Whether a set, written as bits, holds the choice with that code."""
    return (members >> code) & 1 == 1


def covers(members: int, others: int) -> bool:
    """Whether every member of the set ``others`` is in the set ``members`` (both as bits)."""
    return others & ~members == 0


def share(cents: int, basis_points: int) -> int:
    """That many hundredths of a percent of an amount, rounded down to the cent (see ``core.money``)."""
    return cents * basis_points // 10_000


def nearest_share(cents: int, basis_points: int) -> int:
    """The same, rounded half up: the way in which an invoice rounds its VAT, and used for nothing else."""
    return (cents * basis_points + 5_000) // 10_000
