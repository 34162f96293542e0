"""Exchange rates in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from commerce_sync.currency.rates import Rates


@dataclass
class RatesInMemory:
    """Days by date. ``kept`` lists the days in the order in which they were kept; ``looks`` counts reads."""

    days: dict[date, Rates] = field(default_factory=dict)
    kept: list[date] = field(default_factory=list)
    looks: int = 0

    def newest(self) -> date | None:
        """The newest day."""
        self.looks += 1
        return max(self.days, default=None)

    def between(self, first: date, last: date) -> Mapping[date, Rates]:
        """The days from one to another, both included."""
        self.looks += 1
        return {day: rates for day, rates in self.days.items() if first <= day <= last}

    def keep(self, day: date, rates: Mapping[str, Decimal]) -> None:
        """Keep one day."""
        self.days[day] = dict(rates)
        self.kept.append(day)
