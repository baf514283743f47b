"""Legal days, holidays, working days and terms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portefeuille.core.calendar import (
    after_days,
    after_working_days,
    after_years,
    easter,
    holidays,
    is_working_day,
    legal_day,
    start_of_day,
)

DAYS = st.dates(date(1990, 1, 1), date(2190, 12, 31))


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 1, 1, 22, 59, 59, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2026, 1, 1, 23, 0, tzinfo=UTC), date(2026, 1, 2)),
        (datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 7, 1, 23, 0, tzinfo=timezone(timedelta(hours=9))), date(2026, 7, 1)),
    ],
)
def test_a_legal_day_is_the_day_in_brussels(instant: datetime, day: date) -> None:
    assert legal_day(instant) == day


def test_an_instant_without_a_zone_has_no_legal_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        legal_day(datetime(2026, 1, 1))


@given(DAYS)
def test_a_day_starts_at_its_own_first_instant(day: date) -> None:
    start = start_of_day(day)
    assert legal_day(start) == day
    assert legal_day(start - timedelta(microseconds=1)) == day - timedelta(days=1)
    assert start.tzinfo is UTC


@pytest.mark.parametrize(
    ("change", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_the_day_the_clock_changes_has_another_length(change: date, hours: int) -> None:
    assert start_of_day(change + timedelta(days=1)) - start_of_day(change) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("days", "last"), [(0, date(2026, 2, 20)), (14, date(2026, 3, 6)), (30, date(2026, 3, 22))]
)
def test_a_term_of_days_ends_that_many_days_later(days: int, last: date) -> None:
    assert after_days(date(2026, 2, 20), days) == last


@pytest.mark.parametrize(
    "sunday",
    [
        date(1954, 4, 18),
        date(1981, 4, 19),
        date(2000, 4, 23),
        date(2008, 3, 23),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
        date(2285, 3, 22),
    ],
)
def test_easter_falls_where_the_almanac_says(sunday: date) -> None:
    assert easter(sunday.year) == sunday


def test_easter_is_the_sunday_after_the_ecclesiastical_full_moon() -> None:
    """The same day by the other road: golden number, epact and the paschal full moon (Clavius' tables)."""
    for year in range(1900, 2200):
        century = year // 100
        epact = (11 * (year % 19) - (century - century // 4 - (8 * century + 13) // 25) + 8 + 30) % 30
        epact = 25 + (year % 19 > 10) if epact == 25 else 25 if epact == 24 else epact
        moon = date(year, 3, 21) + timedelta(days=(23 - epact) % 30 if epact < 24 else 53 - epact)
        assert easter(year) == moon + timedelta(days=6 - moon.weekday() or 7)


def test_the_ten_holidays_of_2026() -> None:
    assert sorted(holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 21),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


@given(DAYS)
def test_a_weekend_is_never_a_working_day(day: date) -> None:
    assert is_working_day(day) == (day.isoweekday() <= 5 and day not in holidays(day.year))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 3, 2), 4, date(2026, 3, 6)),
        (date(2026, 3, 2), 5, date(2026, 3, 9)),
        (date(2026, 4, 2), 2, date(2026, 4, 7)),  # Good Friday is worked, Easter Monday is not
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_working_days_skip_weekends_and_holidays(start: date, days: int, end: date) -> None:
    assert after_working_days(start, days) == end


@given(DAYS, st.integers(1, 40))
def test_a_term_of_working_days_holds_exactly_that_many(day: date, days: int) -> None:
    end = after_working_days(day, days)
    passed = [day + timedelta(days=step) for step in range(1, (end - day).days + 1)]
    assert is_working_day(end)
    assert sum(map(is_working_day, passed)) == days


def test_a_term_of_working_days_runs_forward() -> None:
    with pytest.raises(ValueError, match="forward"):
        after_working_days(date(2026, 3, 2), -1)


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        (date(2026, 3, 2), 5, date(2031, 3, 1)),
        (date(2026, 1, 1), 1, date(2026, 12, 31)),
        (date(2028, 2, 29), 5, date(2033, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 28)),
        (date(2027, 3, 1), 1, date(2028, 2, 29)),
    ],
)
def test_a_term_of_years_ends_the_day_before_the_anniversary(first: date, years: int, last: date) -> None:
    assert after_years(first, years) == last
