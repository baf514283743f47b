"""The table of verbs and states, whole: what is in it, what is not, and the picture of it in the documentation."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from portefeuille.core.lifecycle import (
    STOPPED,
    TABLE,
    USED,
    OutOfOrder,
    State,
    Verb,
    allows,
    diagram,
    funding_state,
    must,
)
from portefeuille.core.money import Money

PAIRS = list(product(Verb, State))


def test_every_verb_has_a_row() -> None:
    assert set(TABLE) == set(Verb)


def test_every_state_but_the_first_has_a_way_in() -> None:
    reached = {state for step in TABLE.values() for state in step.leads}
    assert reached | {State.DRAFT} == set(State)


def test_every_state_that_is_not_an_end_has_a_way_out() -> None:
    left = {state for step in TABLE.values() for state in step.starts}
    assert set(State) - left == STOPPED


@pytest.mark.parametrize(("verb", "state"), [pair for pair in PAIRS if pair[1] not in TABLE[pair[0]].starts])
def test_a_verb_outside_the_table_is_refused(verb: Verb, state: State) -> None:
    assert not allows(verb, state)
    with pytest.raises(OutOfOrder, match=f"{verb} does not start from {state}"):
        must(verb, state)


@pytest.mark.parametrize(("verb", "state"), [pair for pair in PAIRS if pair[1] in TABLE[pair[0]].starts])
def test_a_verb_inside_the_table_is_allowed(verb: Verb, state: State) -> None:
    assert allows(verb, state)
    must(verb, state)


def test_nothing_that_was_used_has_stopped() -> None:
    assert not USED & STOPPED


@pytest.mark.parametrize(
    ("deposited", "paid", "state"),
    [
        ("0.00", "0.00", State.APPROVED),
        ("0.01", "0.00", State.PARTLY_FUNDED),
        ("599.99", "0.00", State.PARTLY_FUNDED),
        ("600.00", "0.00", State.FUNDED),
        ("600.00", "0.01", State.PARTLY_PAID),
        ("300.00", "500.00", State.PARTLY_PAID),
        ("600.00", "999.99", State.PARTLY_PAID),
        ("600.00", "1000.00", State.PAID),
    ],
)
def test_the_wallets_figures_say_the_state(deposited: str, paid: str, state: State) -> None:
    said = funding_state(
        own_share=Money.euros("600.00"),
        subsidy=Money.euros("400.00"),
        deposited=Money.euros(deposited),
        paid=Money.euros(paid),
    )
    assert said is state


def test_the_documentation_shows_the_table_as_it_is() -> None:
    page = Path(__file__).parents[2] / "docs" / "lifecycle.md"
    assert diagram() in page.read_text(encoding="utf-8")
