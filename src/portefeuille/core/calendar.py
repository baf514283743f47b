"""Belgian legal days: calendar days in Europe/Brussels, working days that know the public holidays, and terms.

Instants are stored in UTC; a legal day is the calendar day that a clock in Brussels shows at that instant.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")

MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december".split()  # noqa: SIM905
)


def legal_day(instant: datetime) -> date:
    """The day in Brussels at that instant (which must know its time zone)."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone has no legal day")
    return instant.astimezone(BRUSSELS).date()


def in_words(day: date) -> str:
    """``2 maart 2026``, as people write it."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def start_of_day(day: date) -> datetime:
    """The instant, in UTC, at which that legal day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=BRUSSELS).astimezone(UTC)


def after_days(day: date, days: int) -> date:
    """The last day of a term of that many calendar days which starts the day after ``day``."""
    return day + timedelta(days=days)


@cache
def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (Meeus, Jones and Butcher's algorithm)."""
    century, year_of_century = divmod(year, 100)
    golden = year % 19
    leap_centuries, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    leap_years, year_rest = divmod(year_of_century, 4)
    weekday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """The ten public holidays of Belgium. Source: Royal Decree of 18 April 1974, article 1."""
    sunday = easter(year)
    return frozenset(
        {
            date(year, 1, 1),
            sunday + timedelta(days=1),  # Easter Monday
            date(year, 5, 1),
            sunday + timedelta(days=39),  # Ascension Day
            sunday + timedelta(days=50),  # Whit Monday
            date(year, 7, 21),
            date(year, 8, 15),
            date(year, 11, 1),
            date(year, 11, 11),
            date(year, 12, 25),
        }
    )


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no public holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)


def after_working_days(day: date, days: int) -> date:
    """The day on which that many working days have passed since ``day`` (which itself does not count)."""
    if days < 0:
        raise ValueError("a term of working days runs forward")
    while days > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            days -= 1
    return day


def after_years(day: date, years: int) -> date:
    """The last day of a term of that many whole years which starts on ``day``: the day before its anniversary."""
    try:
        anniversary = day.replace(year=day.year + years)
    except ValueError:  # 29 February of a year that has none
        anniversary = date(day.year + years, 3, 1)
    return anniversary - timedelta(days=1)
