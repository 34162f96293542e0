"""When marketing may be sent, in the recipient's local time, as a table (``quiet_hours.toml``) for counsel to edit.

Places are ISO 3166 codes: ``US-TX``, ``US``, ``CA``, ``FR``. Which place and which zone an address has is for others to
find; a place that the table does not know gets what every row allows.
"""

from functools import cache
from itertools import pairwise
from typing import Literal, get_args

from pydantic import Field, model_validator

from commerce_sync.consent.rules import read_table
from commerce_sync.contracts.base import Contract

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = get_args(Day)
MINUTES = 24 * 60
Week = dict[Day, tuple[tuple[int, int], ...]]


class Span(Contract):
    """An interval of some weekdays, open at its end: ``08:00`` to ``21:00`` allows 20:59 and not 21:00."""

    days: tuple[Day, ...] = Field(min_length=1)
    start: str = Field(alias="from", pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")
    until: str = Field(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")

    @model_validator(mode="after")
    def _is_one(self) -> "Span":
        if self.minutes[0] >= self.minutes[1]:
            raise ValueError(f"it ends at {self.until}, not after its start at {self.start}")
        if len(set(self.days)) != len(self.days):
            raise ValueError("a day is named twice")
        return self

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes of the day."""
        return _minute(self.start), _minute(self.until)


Spans = tuple[Span, ...]


class Row(Contract):
    """What some places allow. ``no_holidays``: nothing on their public holidays, which this table does not know."""

    places: tuple[str, ...] = Field(min_length=1)
    spans: Spans = Field(min_length=1)
    no_holidays: bool = False
    doubt: str = Field(min_length=1)


class UnitedStates(Contract):
    """What every state allows, and what is allowed where the state is not known.

    ``stricter`` are the states whose own law allows less: each must have a row, or it would have the federal one alone.
    """

    federal: Spans = Field(min_length=1)
    unknown_state: Spans = Field(min_length=1)
    states: tuple[str, ...] = Field(min_length=1)
    stricter: tuple[str, ...] = ()
    doubt: str = Field(min_length=1)


class QuietHoursFile(Contract):
    """quiet_hours.toml."""

    version: str = Field(min_length=1)
    us: UnitedStates
    row: tuple[Row, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _agrees(self) -> "QuietHoursFile":
        places = [place for row in self.row for place in row.places]
        known = {f"US-{state}" for state in self.us.states}
        wrong = [
            one for one in places if not (one in known or (len(one) == len("FR") and one.isupper() and one != "US"))
        ]
        if wrong:
            raise ValueError(f"no such place: {', '.join(wrong)}")
        if len(set(places)) != len(places):
            raise ValueError("a place has two rows")
        if bare := [state for state in self.us.stricter if f"US-{state}" not in places]:
            raise ValueError(f"a stricter state has no row: {', '.join(bare)}")
        for spans in (self.us.federal, self.us.unknown_state, *(row.spans for row in self.row)):
            _week(spans)
        return self


class QuietHours:
    """The table, ready to ask."""

    def __init__(self, file: QuietHoursFile) -> None:
        rows = {place: _week(row.spans) for row in file.row for place in row.places}
        federal = _week(file.us.federal)
        states = {f"US-{state}": (federal,) for state in file.us.states}
        self._weeks: dict[str, tuple[Week, ...]] = {
            **states,
            **{place: (*states.get(place, ()), week) for place, week in rows.items()},
            "US": (_week(file.us.unknown_state), federal),
        }
        self._anywhere = (*rows.values(), federal)

    def allowed(self, place: str, weekday: int, minute: int) -> bool:
        """Whether every row of a place allows a minute of the day on a weekday (Monday is 0)."""
        if not (0 <= weekday < len(DAYS) and 0 <= minute < MINUTES):
            raise ValueError(f"no such minute of a week: {weekday}, {minute}")
        code = place.strip().upper()
        if code not in self._weeks and code.startswith("US-"):
            code = "US"
        weeks = self._weeks.get(code, self._anywhere)
        return all(_is_in(week[DAYS[weekday]], minute) for week in weeks)


@cache
def shipped_quiet_hours() -> QuietHours:
    """The table that ships.

    :raises ConfigurationError: the file is broken; says where.
    """
    return QuietHours(read_table(QuietHoursFile, "quiet_hours"))


def allowed(place: str, weekday: int, minute: int) -> bool:
    """Whether marketing may be sent to a place at its own weekday (Monday is 0) and minute of the day.

    A US state counts with the federal row. A place that is not known gets the intersection of all rows.

    :raises ValueError: there is no such minute of a week.
    """
    return shipped_quiet_hours().allowed(place, weekday, minute)


def _week(spans: Spans) -> Week:
    """Each day's intervals, in order."""
    week = {day: tuple(sorted(span.minutes for span in spans if day in span.days)) for day in DAYS}
    overlapping = [day for day, day_spans in week.items() if any(one[1] > two[0] for one, two in pairwise(day_spans))]
    if overlapping:
        raise ValueError(f"intervals overlap on {', '.join(overlapping)}")
    return week


def _is_in(spans: tuple[tuple[int, int], ...], minute: int) -> bool:
    return any(start <= minute < until for start, until in spans)


def _minute(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)
