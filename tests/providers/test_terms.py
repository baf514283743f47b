"""The terms of a recognition, on the days around each of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portefeuille.providers.terms import last_day, may_renew, notice_due, renewed_until

END = date(2031, 3, 1)


def test_five_years_two_for_a_starter_and_three_after_it() -> None:
    assert last_day(date(2026, 3, 2), is_starter=False) == END
    assert last_day(date(2026, 3, 2), is_starter=True) == date(2028, 3, 1)
    assert renewed_until(date(2028, 3, 1), was_starter=True) == END
    assert renewed_until(END, was_starter=False) == date(2036, 3, 1)
    assert last_day(date(2028, 2, 29), is_starter=False) == date(2033, 2, 28)


@pytest.mark.parametrize(("left", "may"), [(181, False), (180, True), (0, True), (-1, False)])
def test_more_time_is_asked_in_the_last_half_year(left: int, may: bool) -> None:
    assert may_renew(END, END - timedelta(days=left)) is may
    assert may_renew(None, END) is False


@pytest.mark.parametrize(
    ("left", "notice"),
    [
        (181, None),
        (180, 180),
        (91, 180),
        (90, 90),
        (31, 90),
        (30, 30),
        (0, 30),
        (-1, 0),
        (-30, 0),
        (-31, None),
    ],
)
def test_a_reminder_belongs_to_the_days_until_the_next(left: int, notice: int | None) -> None:
    assert notice_due(END, END - timedelta(days=left)) == notice
