"""HubSpot's rate limits: per ten seconds and per day, and for search per second in a bucket of its own."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from local.sandboxes.base import Clock
from local.sandboxes.hubspot.settings import Settings
from local.sandboxes.windows import Window

TEN_SECONDS = 10.0


@dataclass
class Limits:
    """The account's counters. A day ends at midnight in the account's time zone, which is UTC here."""

    clock: Clock
    _ten_seconds: Window = field(default_factory=lambda: Window(100, TEN_SECONDS))
    _search: Window = field(default_factory=lambda: Window(5, 1.0))
    _day: date | None = None
    used_today: int = 0

    def take(self, settings: Settings, *, search: bool) -> str | None:
        """Count a call, or name the policy that forbids it."""
        now = self.clock.now()
        self._ten_seconds.most, self._search.most = settings.ten_second_limit, settings.search_limit
        if self._day != self.clock.moment().date():
            self._day, self.used_today = self.clock.moment().date(), 0
        if self.used_today >= settings.daily_limit:
            return "DAILY"
        window = self._search if search else self._ten_seconds
        if window.wait(now):
            return "SECONDLY" if search else "TEN_SECONDLY_ROLLING"
        window.take(now)
        self.used_today += 1
        return None

    def headers(self, settings: Settings) -> dict[str, str]:
        """What every answer but a search's says about them."""
        return {
            "X-HubSpot-RateLimit-Max": str(settings.ten_second_limit),
            "X-HubSpot-RateLimit-Remaining": str(self._ten_seconds.remaining(self.clock.now())),
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(int(TEN_SECONDS * 1000)),
            "X-HubSpot-RateLimit-Daily": str(settings.daily_limit),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, settings.daily_limit - self.used_today)),
        }


def refusal(policy: str) -> dict[str, Any]:
    """The body of a 429; it names the policy and says nothing of when to come back."""
    return {
        "status": "error",
        "message": f"You have reached your {policy.lower()} limit.",
        "errorType": "RATE_LIMIT",
        "policyName": policy,
        "correlationId": str(uuid.uuid4()),
        "requestId": str(uuid.uuid4()),
    }
