"""The European definition of small and medium enterprises: Recommendation 2003/361/EC, annex, articles 2, 3 and 6."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portefeuille.core.enterprise_size import Figures, Related, size, totals
from portefeuille.core.money import Money

MILLION = 100_000_000
ORDER = ("small", "medium", "large")


def figures(people: str, turnover_million: int, balance_million: int, *, cents: int = 0) -> Figures:
    """People as text with a point; amounts in millions of euro, and some cents on both."""
    return Figures(
        int(Fraction(people) * 100),
        Money(turnover_million * MILLION + cents),
        Money(balance_million * MILLION + cents),
    )


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (figures("0", 0, 0), "small"),
        (figures("49.99", 10, 10), "small"),
        (figures("50", 10, 10), "medium"),  # fewer than 50 people, not 50
        (figures("49", 10, 999), "small"),  # one of both amounts is enough
        (figures("49", 999, 10), "small"),
        (figures("49", 10, 10, cents=1), "medium"),  # one cent over both
        (figures("249.99", 50, 43), "medium"),
        (figures("250", 1, 1), "large"),
        (figures("249", 50, 999), "medium"),
        (figures("249", 999, 43), "medium"),
        (figures("249", 51, 44), "large"),
        (figures("10", 51, 44), "large"),  # few people do not make up for much money
    ],
)
def test_the_ceilings_of_article_2(own: Figures, expected: str) -> None:
    assert size(own) == expected


def test_a_partner_counts_by_its_share() -> None:
    own = figures("40", 4, 4)
    partner = Related("partner", figures("40", 40, 40), share=2500)  # a quarter: 10 people, 10 million
    assert totals(own, [partner]).people_hundredths == 5000
    assert size(own, [partner]) == "medium"
    small_partner = Related("partner", figures("36", 20, 20), share=2500)
    assert size(own, [small_partner]) == "small"


def test_a_linked_enterprise_counts_in_full() -> None:
    own = figures("1", 0, 0)
    assert size(own, [Related("linked", figures("249", 0, 0))]) == "large"
    assert size(own, [Related("linked", figures("48", 0, 0))]) == "small"


@pytest.mark.parametrize("share", [0, 2499, 5001, 10_000])
def test_a_partner_holds_a_quarter_to_a_half(share: int) -> None:
    with pytest.raises(ValueError, match="25 % to 50 %"):
        Related("partner", figures("1", 1, 1), share=share)


def test_a_linked_enterprise_has_no_share() -> None:
    with pytest.raises(ValueError, match="in full"):
        Related("linked", figures("1", 1, 1), share=2500)


any_figures = st.builds(
    Figures,
    st.integers(0, 60_000),
    st.integers(0, 100 * MILLION).map(Money),
    st.integers(0, 100 * MILLION).map(Money),
)
any_related = st.one_of(
    st.builds(Related, st.just("linked"), any_figures),
    st.builds(Related, st.just("partner"), any_figures, st.integers(2500, 5000)),
)
groups = st.lists(any_related, max_size=5)


@given(any_figures, groups, any_related)
def test_a_larger_group_never_makes_an_enterprise_smaller(
    own: Figures, group: list[Related], one_more: Related
) -> None:
    assert ORDER.index(size(own, [*group, one_more])) >= ORDER.index(size(own, group))


@given(any_figures, groups)
def test_the_order_of_the_group_does_not_matter(own: Figures, group: list[Related]) -> None:
    assert size(own, group) == size(own, group[::-1])
    assert totals(own, group) == totals(own, group[::-1])


@given(any_figures, any_figures, st.integers(2500, 5000))
def test_a_partner_adds_at_least_a_quarter_and_at_most_a_half(
    own: Figures, partner: Figures, share: int
) -> None:
    added = totals(own, [Related("partner", partner, share)]).turnover_cents - own.turnover.cents
    assert Fraction(partner.turnover.cents, 4) <= added <= Fraction(partner.turnover.cents, 2)


@given(any_figures, groups)
def test_linked_figures_might_as_well_be_ones_own(own: Figures, group: list[Related]) -> None:
    """Moving a linked enterprise's figures into one's own changes nothing."""
    linked = [one for one in group if one.tie == "linked"]
    partners = [one for one in group if one.tie == "partner"]
    merged = Figures(
        own.people_hundredths + sum(one.figures.people_hundredths for one in linked),
        Money(own.turnover.cents + sum(one.figures.turnover.cents for one in linked)),
        Money(own.balance_total.cents + sum(one.figures.balance_total.cents for one in linked)),
    )
    assert size(own, group) == size(merged, partners)
