"""How a recognition stands on a day, and the periods that the rules are told, which must never disagree."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portefeuille.providers.queries import RecognitionFacts, Standing

START = date(2026, 1, 1)
DAYS = st.integers(0, 40).map(lambda days: START + timedelta(days=days))


def recognition(**more: date | None) -> RecognitionFacts:
    return RecognitionFacts("DV.O000001", "training", START, START + timedelta(days=30), **more)


def test_each_standing_has_its_days() -> None:
    one = recognition(
        suspended_from=date(2026, 1, 10),
        suspended_until=date(2026, 1, 12),
        struck_off_on=date(2026, 1, 20),
    )
    told = [
        (date(2025, 12, 31), Standing.TO_COME),
        (START, Standing.RECOGNISED),
        (date(2026, 1, 9), Standing.RECOGNISED),
        (date(2026, 1, 10), Standing.SUSPENDED),
        (date(2026, 1, 12), Standing.SUSPENDED),
        (date(2026, 1, 13), Standing.RECOGNISED),
        (date(2026, 1, 19), Standing.RECOGNISED),
        (date(2026, 1, 20), Standing.STRUCK_OFF),
        (date(2026, 3, 1), Standing.STRUCK_OFF),
    ]
    assert [(day, one.standing(day)) for day, _ in told] == told
    assert recognition().standing(date(2026, 2, 1)) is Standing.EXPIRED
    assert recognition(suspended_from=date(2026, 1, 5)).standing(date(2026, 1, 31)) is Standing.SUSPENDED


@given(
    last=st.none() | DAYS,
    suspended=st.none() | st.tuples(DAYS, st.none() | st.integers(0, 10)),
    struck=st.none() | DAYS,
    day=DAYS,
)
def test_the_periods_hold_exactly_the_days_on_which_it_is_in_force(
    last: date | None, suspended: tuple[date, int | None] | None, struck: date | None, day: date
) -> None:
    first, more = suspended or (None, None)
    until = first + timedelta(days=more) if first and more is not None else None
    one = RecognitionFacts(
        "DV.O000001",
        "training",
        START,
        last,
        suspended_from=first,
        suspended_until=until,
        struck_off_on=struck,
    )
    in_a_period = any(begin <= day and (end is None or day <= end) for begin, end in one.periods)
    assert in_a_period == one.holds_on(day)
    assert all(end is None or begin <= end for begin, end in one.periods)
