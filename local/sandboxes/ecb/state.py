"""What the ECB has published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone
from typing import Any

from local.sandboxes.base import Clock
from local.sandboxes.ecb.published import FIRST, is_published, rates_of
from local.sandboxes.switches import switch

FIRST_ON_EARTH = timezone(timedelta(hours=14))
NINETY_DAYS = timedelta(days=90)


@dataclass
class Settings:
    """``until``: the newest day published (ISO), where it is not the day that has begun somewhere on Earth: the real
    ECB publishes in the afternoon, and a local stack should wait for nobody. ``without``: days passed over.
    ``corrected``: rates by currency of a day, by day. ``document``: what every file holds instead.
    """

    until: str = ""
    without: list[str] = field(default_factory=list)
    corrected: dict[str, dict[str, str]] = field(default_factory=dict)
    document: str = ""


class EcbState:
    """All days and their rates."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.reset()

    def reset(self) -> None:
        """As in the beginning."""
        self.settings = Settings()

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Change settings. An unknown name is a mistake of the test."""
        switch(self.settings, settings)

    def snapshot(self) -> dict[str, Any]:
        """The newest day, and its rates."""
        newest = next(self.days(FIRST))
        return {"newest": newest.isoformat(), "rates": self.rates(newest)}

    def days(self, since: date) -> Iterator[date]:
        """Days published, the newest first."""
        day = self.newest()
        while day >= since:
            if is_published(day) and day.isoformat() not in self.settings.without:
                yield day
            day -= timedelta(days=1)

    def newest(self) -> date:
        """Up to when days are published."""
        if self.settings.until:
            return date.fromisoformat(self.settings.until)
        return self.clock.moment().astimezone(FIRST_ON_EARTH).date()

    def rates(self, day: date) -> dict[str, str]:
        """A day's rates."""
        return rates_of(day) | self.settings.corrected.get(day.isoformat(), {})
