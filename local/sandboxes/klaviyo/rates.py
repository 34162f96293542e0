"""Klaviyo's rate limits: for each endpoint a burst window, a steady window and sometimes a daily cap."""

import math
from dataclasses import dataclass

from local.sandboxes.windows import Window

DAY = 86_400


@dataclass(frozen=True)
class Tier:
    """Calls allowed a second, a minute and a day."""

    burst: int
    steady: int
    daily: int | None = None

    def windows(self) -> list[Window]:
        """Fresh windows, the steady one in the middle."""
        daily = [Window(self.daily, DAY)] if self.daily else []
        return [Window(self.burst, 1), Window(self.steady, 60), *daily]


XL = Tier(350, 3500)
L = Tier(75, 750)
M = Tier(10, 150)
LIST_CREATE = Tier(10, 150, 150)
S = Tier(3, 60)
XS = Tier(1, 15)
REPORT = Tier(1, 2, 225)


class Rates:
    """What each endpoint has left."""

    def __init__(self) -> None:
        self._windows: dict[str, list[Window]] = {}

    def wait(self, endpoint: str, tier: Tier, now: float) -> int:
        """Whole seconds to wait, or 0 after counting the call."""
        windows = self._windows.setdefault(endpoint, tier.windows())
        wait = max(window.wait(now) for window in windows)
        if wait > 0:
            return max(1, math.ceil(wait))
        for window in windows:
            window.take(now)
        return 0

    def headers(self, endpoint: str, now: float) -> dict[str, str]:
        """The steady window as ``RateLimit-*`` headers."""
        window = self._windows[endpoint][1]
        return {
            "RateLimit-Limit": str(window.most),
            "RateLimit-Remaining": str(window.remaining(now)),
            "RateLimit-Reset": str(math.ceil(window.seconds)),
        }

    def reset(self) -> None:
        """Start over."""
        self._windows.clear()
