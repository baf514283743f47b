"""The graph: what may be registered, and what one evaluation computes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portefeuille.core.rules import load_scheme
from portefeuille.core.rules.graph import QUANTITIES, RULES, Evaluation, rule
from portefeuille.core.rules.named_facts import NAMED_FACTS
from portefeuille.core.rules.quantities import end_of_year
from portefeuille.core.rules.terms import Form, Service, Unit, coded, spoken
from portefeuille.core.rules.words import contains, covers, greatest, least, nearest_share, no, share, where

GIDS = load_scheme("gids").on(date(2026, 3, 2))


def evaluation(**facts: int) -> Evaluation:
    return Evaluation({**dict.fromkeys(NAMED_FACTS), **facts}, GIDS)


def test_a_quantity_is_computed_from_what_it_names() -> None:
    known = evaluation(amount=1_200_000, granted_this_year=0)
    assert [known.value(name) for name in ("subsidy_at_rate", "room", "subsidy", "own_share")] == [
        480_000,
        400_000,
        400_000,
        800_000,
    ]


def test_one_unknown_input_makes_all_that_rests_on_it_unknown() -> None:
    known = evaluation(amount=1_200_000)
    assert known.value("subsidy_at_rate") == 480_000
    assert known.value("subsidy") is None
    assert list(known.unknown_facts("own_share")) == ["granted_this_year"]


def test_the_facts_on_the_axes_of_a_table_count_as_inputs() -> None:
    minimum = RULES["amount_reaches_minimum"]
    assert evaluation().needs(minimum) == ("amount", "service")
    assert evaluation(service=Service.ADVICE).parameter("minimum_amount") == 50_000
    assert evaluation().parameter("minimum_amount") is None


def test_two_rules_of_one_name_are_refused() -> None:
    def vat(amount: int) -> bool:
        return amount > 0

    with pytest.raises(ValueError, match="vat"):
        rule()(vat)


def test_the_graph_has_no_cycles() -> None:
    def beneath(name: str, above: tuple[str, ...]) -> None:
        assert name not in above
        if name in QUANTITIES:
            for need in QUANTITIES[name].inputs:
                beneath(need, (*above, name))

    for item in RULES.values():
        for need in (*item.inputs, *item.when):
            beneath(need, (item.name,))


@given(st.dates(date(1990, 1, 1), date(2199, 12, 31)))
def test_the_end_of_a_year_is_its_last_day(day: date) -> None:
    assert end_of_year(day.year) == date(day.year, 12, 31).toordinal()


@given(st.integers(), st.integers())
def test_least_and_greatest_part_two_numbers(one: int, other: int) -> None:
    assert {least(one, other), greatest(one, other)} == {one, other}
    assert least(one, other) <= greatest(one, other)
    assert where(one < other, one, other) == least(one, other)


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_sets_as_bits_behave_like_sets(members: set[int], others: set[int]) -> None:
    bits, other_bits = (sum(1 << code for code in group) for group in (members, others))
    assert covers(bits, other_bits) == (others <= members)
    assert all(contains(bits, code) == (code in members) for code in range(31))
    assert no(contains(0, 3))


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_shares_are_rounded_down_and_the_nearest_one_differs_by_a_cent_at_most(
    cents: int, points: int
) -> None:
    exact = cents * points
    assert 0 <= exact - share(cents, points) * 10_000 < 10_000
    assert abs(2 * (exact - nearest_share(cents, points) * 10_000)) <= 10_000


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("4000.00", Unit.CENTS, 400_000),
        ("40.00", Unit.BASIS_POINTS, 4_000),
        (14, Unit.DAYS, 14),
        (True, Unit.FLAG, True),
        ("exact", Unit.WORD, "exact"),
    ],
)
def test_a_figure_goes_into_a_rule_and_comes_out_as_it_was(raw: object, unit: Unit, value: object) -> None:
    assert coded(raw, unit) == value
    assert spoken(coded(raw, unit), unit) == raw


@given(st.sets(st.sampled_from(Form.words())))
def test_a_set_of_choices_comes_out_as_it_was(words: set[str]) -> None:
    shown = spoken(coded(sorted(words), Unit.SET, Form), Unit.SET, Form)
    assert isinstance(shown, list)
    assert set(shown) == words
    assert len(shown) == len(words)


def test_a_day_that_never_comes_is_shown_as_nothing() -> None:
    assert spoken(date(2026, 3, 2).toordinal(), Unit.DAY) == "2026-03-02"
    assert spoken(date.max.toordinal(), Unit.DAY) is None
    assert spoken(None, Unit.CENTS) is None
