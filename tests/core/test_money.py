"""Money: exact cents, two notations, one rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portefeuille.core.money import LARGEST_CENTS, Money, NotAnAmount

AMOUNTS = st.integers(-LARGEST_CENTS, LARGEST_CENTS).map(Money)
POSITIVE = st.integers(0, LARGEST_CENTS).map(Money)


@given(AMOUNTS)
def test_both_notations_read_back_to_the_same_amount(money: Money) -> None:
    assert Money.euros(str(money)) == money
    assert Money.parse(money.belgian) == money
    assert Money.parse(str(money)) == money
    assert Money.euros(Decimal(str(money))) == money


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1.250,00", 125_000),
        ("1250,5", 125_050),
        ("€ 1 250", 125_000),
        ("1250.00", 125_000),
        ("1.250", 125_000),
        ("1250", 125_000),
        (" 1.250,00 EUR ", 125_000),
        ("1.250,00€", 125_000),
        ("1\u00a0250,00", 125_000),
        ("1250 euro", 125_000),
        ("1.250,-", 125_000),
        ("€ 1.250,--", 125_000),
        ("1250,\u2013 EUR", 125_000),
        ("1\u202f250,00", 125_000),
        ("12.50", 1_250),
        ("-3,10", -310),
        ("0", 0),
    ],
)
def test_what_a_belgian_types_is_understood(typed: str, cents: int) -> None:
    assert Money.parse(typed).cents == cents


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "€",
        "1,234",
        "1.25,00",
        "1,250.00",
        "1250-",
        ",-",
        "12€34",
        "12EUR34",
        "1..250",
        "--1",
        "1e3",
        "٣",
        "1." + "000." * 9_999,
    ],
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(NotAnAmount):
        Money.parse(typed)


@pytest.mark.parametrize("text", ["1.250,00", "1.234", "", "1.", ".5", "+1", "1_000", "NaN", "1\n"])
def test_a_program_writes_one_notation_only(text: str) -> None:
    with pytest.raises(NotAnAmount):
        Money.euros(text)


@pytest.mark.parametrize(
    "number",
    [Decimal("NaN"), Decimal("Infinity"), Decimal("1.234"), Decimal("1E+999999999"), Decimal("1E-999999999")],
)
def test_a_decimal_that_is_no_amount_of_cents_is_refused(number: Decimal) -> None:
    with pytest.raises(NotAnAmount):
        Money.euros(number)


@pytest.mark.parametrize("wrong", [1.5, "100", True, None])
def test_cents_are_an_int_and_nothing_else(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money(wrong)  # type: ignore[arg-type]


def test_true_is_no_euro() -> None:
    with pytest.raises(TypeError):
        Money.euros(True)


@pytest.mark.parametrize(
    "cents", [LARGEST_CENTS + 1, -LARGEST_CENTS - 1, 10**6_000], ids=["over", "under", "far"]
)
def test_an_amount_beyond_the_books_is_refused(cents: int) -> None:
    with pytest.raises(NotAnAmount):
        Money(cents)


@given(POSITIVE, st.integers(0, 10_000))
def test_a_share_is_rounded_down_and_the_rest_makes_the_whole(money: Money, points: int) -> None:
    part = money.basis_points(points)
    assert part + (money - part) == money
    assert part.cents * 10_000 <= money.cents * points < (part.cents + 1) * 10_000


@given(POSITIVE, POSITIVE, st.integers(1, 100), st.integers(1, 100))
def test_a_share_grows_with_the_amount(one: Money, other: Money, numerator: int, denominator: int) -> None:
    low, high = sorted((one, other))
    if high.cents * numerator // denominator <= LARGEST_CENTS:
        assert low.share(numerator, denominator) <= high.share(numerator, denominator)


@pytest.mark.parametrize(("cents", "numerator", "denominator"), [(100, 1, 0), (100, -1, 2), (-100, 1, 2)])
def test_a_share_without_meaning_is_refused(cents: int, numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        Money(cents).share(numerator, denominator)


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_amounts_add_order_and_negate_like_their_cents(one: int, other: int) -> None:
    assert (Money(one) + Money(other)).cents == one + other
    assert (Money(one) - Money(other)).cents == one - other
    assert (-Money(one)).cents == -one
    assert (Money(one) < Money(other)) == (one < other)
    assert (Money(one) >= Money(other)) == (one >= other)
    assert bool(Money(one)) == (one != 0)


def test_the_belgian_notation_separates_thousands() -> None:
    assert Money(123_456_789).belgian == "1.234.567,89"
    assert Money(-5).belgian == "-0,05"
    assert str(Money(-5)) == "-0.05"
