"""When the ECB publishes: at about 16:00 in Frankfurt on every working day but TARGET's closing days.

From the ECB's page on its euro foreign exchange reference rates, and its calendar of TARGET closing days (in
force since 2002): 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

FRANKFURT = ZoneInfo("Europe/Berlin")
FIRST_ON_EARTH = timezone(timedelta(hours=14))
PUBLISHED = time(16, 0)
USUALLY_READ = timedelta(minutes=30)
SLACK = timedelta(hours=3)
"""How late a publication may be before anybody is told."""
SATURDAY = 5
ONE_DAY = timedelta(days=1)


def is_open(day: date) -> bool:
    """Whether the ECB publishes rates of that day."""
    return day.weekday() < SATURDAY and day not in closing_days(day.year)


def closing_days(year: int) -> frozenset[date]:
    """The year's TARGET closing days."""
    sunday = easter(year)
    fixed = ((1, 1), (5, 1), (12, 25), (12, 26))
    return frozenset({sunday - 2 * ONE_DAY, sunday + ONE_DAY, *(date(year, month, day) for month, day in fixed)})


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden, century, of_century = year % 19, year // 100, year % 100
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def expected_by(day: date) -> datetime:
    """Until when a day's rates are waited for, in UTC."""
    return datetime.combine(day, PUBLISHED, FRANKFURT).astimezone(UTC) + SLACK


def next_look(day: date, now: datetime) -> datetime | None:
    """When to look for a day's rates again; None where they should have been there."""
    last = expected_by(day)
    if now >= last:
        return None
    return min(max(last - SLACK, now) + USUALLY_READ, last)


def latest_begun(now: datetime) -> date:
    """The latest day that has begun somewhere on Earth."""
    return now.astimezone(FIRST_ON_EARTH).date()


def newest_expected(now: datetime) -> date:
    """The last day whose rates should be known by now."""
    day = now.astimezone(FRANKFURT).date()
    while not is_open(day) or expected_by(day) > now:
        day -= ONE_DAY
    return day
