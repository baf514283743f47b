"""How large an enterprise is, by the European definition, with its partners and those it is linked with.

Source: Commission Recommendation 2003/361/EC of 6 May 2003, annex, articles 2 (ceilings), 3 (autonomous, partner and
linked enterprises) and 6 (which figures count). Article 4(2), on figures that pass a ceiling in one year only, is not
applied here: it asks for two closed years, and the enterprise says itself when it counts on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from portefeuille.core.money import Money

Size = Literal["small", "medium", "large"]
Tie = Literal["partner", "linked"]

# Article 2. The Recommendation's micro enterprises (under 10 people, 2 million) are small ones here.
SMALL_BELOW_PEOPLE, SMALL_UP_TO = 50, Money.euros("10000000.00")
MEDIUM_BELOW_PEOPLE = 250
MEDIUM_UP_TO_TURNOVER, MEDIUM_UP_TO_BALANCE = Money.euros("50000000.00"), Money.euros("43000000.00")

# Article 3: a share of 25 % or more of capital or votes makes partners; more than half, by which one leads the other,
# makes them linked. Shares are in hundredths of a percent.
PARTNER_FROM, PARTNER_UP_TO = 2500, 5000
WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one financial year: people in hundredths of a full-time year (article 5), turnover and balance sheet total."""

    people_hundredths: int
    turnover: Money
    balance_total: Money


@dataclass(frozen=True, slots=True)
class Related:
    """A partner (``share`` is the larger of capital and votes) or a linked enterprise, whose share does not matter."""

    tie: Tie
    figures: Figures
    share: int = WHOLE

    def __post_init__(self) -> None:
        """A share outside article 3 would add figures that the article leaves out."""
        if self.tie == "partner" and not PARTNER_FROM <= self.share <= PARTNER_UP_TO:
            raise ValueError("a partner holds, or is held for, 25 % to 50 %")
        if self.tie == "linked" and self.share != WHOLE:
            raise ValueError("a linked enterprise counts in full")


@dataclass(frozen=True, slots=True)
class Totals:
    """What counts for the size: exact, in the same units as Figures."""

    people_hundredths: Fraction
    turnover_cents: Fraction
    balance_cents: Fraction


def totals(own: Figures, related: Iterable[Related] = ()) -> Totals:
    """The enterprise's own figures, those of partners pro rata, those of linked enterprises in full (article 6)."""
    parts = [(Fraction(1), own), *((Fraction(one.share, WHOLE), one.figures) for one in related)]
    return Totals(
        sum((share * figures.people_hundredths for share, figures in parts), Fraction(0)),
        sum((share * figures.turnover.cents for share, figures in parts), Fraction(0)),
        sum((share * figures.balance_total.cents for share, figures in parts), Fraction(0)),
    )


def size(own: Figures, related: Iterable[Related] = ()) -> Size:
    """Small, medium or large: few enough people, and turnover or balance sheet total within the ceiling (article 2)."""
    counted = totals(own, related)
    if _fits(counted, SMALL_BELOW_PEOPLE, SMALL_UP_TO, SMALL_UP_TO):
        return "small"
    fits_medium = _fits(counted, MEDIUM_BELOW_PEOPLE, MEDIUM_UP_TO_TURNOVER, MEDIUM_UP_TO_BALANCE)
    return "medium" if fits_medium else "large"


def _fits(counted: Totals, below_people: int, turnover: Money, balance: Money) -> bool:
    few = counted.people_hundredths < below_people * 100
    return few and (counted.turnover_cents <= turnover.cents or counted.balance_cents <= balance.cents)
