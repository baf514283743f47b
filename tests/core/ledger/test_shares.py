"""The top-up and the split of a payment, as laws over all amounts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portefeuille.core.ledger import split_payment, top_up
from portefeuille.core.ledger.figures import Figures
from portefeuille.core.ledger.shares import topped_up_at
from portefeuille.core.money import Money

cents = st.integers(min_value=1, max_value=3_000_000_000)


def euros(text: str) -> Money:
    return Money.euros(text)


def test_the_guides_first_deposit_of_4000_earns_2666_66() -> None:
    earned = top_up(
        euros("4000.00"), already=Money.ZERO, own_share=euros("6000.00"), subsidy=euros("4000.00")
    )
    assert earned == euros("2666.66")


def test_the_last_deposit_completes_the_subsidy_to_the_cent() -> None:
    earned = top_up(
        euros("2000.00"), already=euros("4000.00"), own_share=euros("6000.00"), subsidy=euros("4000.00")
    )
    assert earned == euros("1333.34")


def test_a_wallet_without_an_own_share_gets_no_top_up() -> None:
    with pytest.raises(ValueError, match="no top-up"):
        topped_up_at(Money.ZERO, own_share=Money.ZERO, subsidy=euros("1.00"))


@given(own=cents, subsidy=cents, parts=st.lists(cents, min_size=1, max_size=12))
def test_no_cent_is_won_by_splitting_a_deposit(own: int, subsidy: int, parts: list[int]) -> None:
    already, earned = Money.ZERO, Money.ZERO
    for part in map(Money, parts):
        earned += top_up(part, already=already, own_share=Money(own), subsidy=Money(subsidy))
        already += part
    assert earned == top_up(already, already=Money.ZERO, own_share=Money(own), subsidy=Money(subsidy))


@given(own=cents, subsidy=cents, deposited=cents)
def test_the_top_up_never_exceeds_its_share_of_what_was_deposited(
    own: int, subsidy: int, deposited: int
) -> None:
    held = topped_up_at(Money(deposited), own_share=Money(own), subsidy=Money(subsidy)).cents
    assert held * own <= subsidy * min(deposited, own)
    assert (held + 1) * own > subsidy * min(deposited, own)
    assert (held == subsidy) or deposited < own


@st.composite
def filled_wallets(draw: st.DrawFn) -> Figures:
    own, subsidy = draw(cents), draw(cents)
    deposited = draw(st.integers(min_value=1, max_value=own))
    held = topped_up_at(Money(deposited), own_share=Money(own), subsidy=Money(subsidy))
    return Figures(own_share=Money(own), subsidy=Money(subsidy), deposited=Money(deposited), topped_up=held)


def _after(figures: Figures, amount: Money, sign: int = 1) -> Figures:
    split = figures.split(amount)
    return Figures(
        own_share=figures.own_share,
        subsidy=figures.subsidy,
        deposited=figures.deposited,
        topped_up=figures.topped_up,
        own_out=figures.own_out + split.own,
        subsidy_out=figures.subsidy_out + split.subsidy,
        ordered=figures.ordered + split.total,
    )


@given(figures=filled_wallets(), data=st.data())
def test_every_payment_that_the_wallet_holds_fits_in_both_its_parts(
    figures: Figures, data: st.DataObject
) -> None:
    for _ in range(5):
        if not figures.held:
            break
        amount = Money(data.draw(st.integers(min_value=1, max_value=figures.held.cents)))
        split = figures.split(amount)
        assert split.own + split.subsidy == amount
        figures = _after(figures, amount)
        assert figures.own_held >= Money.ZERO
        assert figures.subsidy_held >= Money.ZERO


@given(figures=filled_wallets())
def test_paying_all_that_is_held_empties_both_parts(figures: Figures) -> None:
    emptied = _after(figures, figures.held)
    assert emptied.own_held == Money.ZERO
    assert emptied.subsidy_held == Money.ZERO


@given(figures=filled_wallets(), data=st.data())
def test_a_payment_that_bounced_can_be_ordered_again(figures: Figures, data: st.DataObject) -> None:
    """Two payments, the first comes back in the parts it was made of; what is held can still be paid out in full."""
    if figures.held.cents < 2:
        return
    first = Money(data.draw(st.integers(min_value=1, max_value=figures.held.cents - 1)))
    split = figures.split(first)
    second = _after(_after(figures, first), Money(figures.held.cents - first.cents))
    bounced = Figures(
        own_share=second.own_share,
        subsidy=second.subsidy,
        deposited=second.deposited,
        topped_up=second.topped_up,
        own_out=second.own_out - split.own,
        subsidy_out=second.subsidy_out - split.subsidy,
        ordered=second.ordered - first,
    )
    emptied = _after(bounced, bounced.held)
    assert emptied.own_held == Money.ZERO
    assert emptied.subsidy_held == Money.ZERO


def test_a_payment_above_what_is_held_is_refused() -> None:
    figures = Figures(
        own_share=euros("600.00"),
        subsidy=euros("400.00"),
        deposited=euros("300.00"),
        topped_up=euros("200.00"),
    )
    with pytest.raises(ValueError, match=r"holds 500\.00"):
        figures.split(euros("500.01"))


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1000.01"])
def test_a_payment_outside_the_total_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        split_payment(
            Money.euros(amount),
            ordered=Money.ZERO,
            subsidy_out=Money.ZERO,
            own_share=euros("600.00"),
            subsidy=euros("400.00"),
        )
