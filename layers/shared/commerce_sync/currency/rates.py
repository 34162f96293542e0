"""Which day's reference rates an order's day has.

A day without rates of its own (a weekend, a closing day, a day that the ECB passed over) takes those of the last
earlier day. A day whose rates may still come is held: whatever is answered once is answered for ever, however many
days become known later. What is kept has no gaps, so a later day proves that one before it was passed over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from commerce_sync.contracts.revenue import Held
from commerce_sync.currency.calendar import ONE_DAY, is_open, latest_begun, next_look

EURO = "EUR"
Rates = Mapping[str, Decimal]
"""What one euro was worth, by ISO 4217 code."""


@dataclass(frozen=True, slots=True)
class RateBook:
    """The days that are known, as far as anybody asks for them, and the newest of all (None where there is none)."""

    days: Mapping[date, Rates] = field(default_factory=dict)
    newest: date | None = None

    def of_day(self, day: date, most_days_back: int, now: datetime) -> tuple[date, Rates] | Held:
        """The rates that hold on a day, and the day they are of."""
        if day > latest_begun(now) + ONE_DAY:
            return Held(f"the order's own day, {day}, is to come")
        for back in range(most_days_back + 1):
            candidate = day - back * ONE_DAY
            if candidate in self.days:
                return candidate, self.days[candidate]
            if is_open(candidate) and not self._passed(candidate):
                return _not_yet(candidate, now)
        return Held(f"no ECB rates within {most_days_back} days before {day}")

    def _passed(self, day: date) -> bool:
        return self.newest is not None and self.newest > day


def _not_yet(day: date, now: datetime) -> Held:
    look = next_look(day, now)
    return Held(f"the ECB rates of {day} are {'not published yet' if look else 'missing'}", look)
