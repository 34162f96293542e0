"""Budgets without DynamoDB: rows with the same atomicity, clocks that stand until told, and an account that refuses."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from commerce_sync.budgets.spending import Clocks, SharedBudget
from commerce_sync.config.limits import vendor_limits
from commerce_sync.contracts.budgets import Heard, Lane, VendorLimits
from commerce_sync.errors import RetriableError

START = 1_780_000_000.0
"""2026-05-28T20:26:40Z."""


@dataclass
class Clock:
    """Seconds since 1970; sleeping takes none of anybody else's."""

    at: float = START

    def now(self) -> float:
        """What time it is."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.at += seconds

    def clocks(self, skew: float = 0.0) -> Clocks:
        """As a worker has them whose clock is fast by so many seconds."""
        return Clocks(lambda: self.at + skew, lambda: self.at, self.sleep)


@dataclass
class MemoryRows:
    """Rows that are written over the revision that was read, or not at all; ``is_away`` lets nothing be reached.

    ``overtaken`` writes of others come between a read and the write after it.
    """

    texts: dict[str, tuple[str, int]] = field(default_factory=dict)
    is_away: bool = False
    overtaken: int = 0
    reads: int = 0
    writes: int = 0

    def read(self, name: str) -> tuple[str, int]:
        """As it stands."""
        if self.is_away:
            raise RetriableError("away")
        self.reads += 1
        return self.texts.get(name, ("", 0))

    def write(self, name: str, text: str, revision: int) -> bool:
        """Over the revision that was read."""
        if self.is_away:
            raise RetriableError("away")
        known, stands = self.texts.get(name, ("", 0))
        if self.overtaken:
            self.overtaken -= 1
            self.texts[name] = (known, stands + 1)
            return False
        if stands != revision:
            return False
        self.writes += 1
        self.texts[name] = (text, revision + 1)
        return True


def budget(
    rows: MemoryRows,
    clock: Clock,
    account: str = "klaviyo",
    lane: Lane = "live",
    *,
    limits: VendorLimits | None = None,
    skew: float = 0.0,
    sleeps: float = 0.0,
) -> SharedBudget:
    """One worker's budget, by the shipped limits; it never sleeps unless told."""
    known = limits or vendor_limits()[account.partition(":")[0]]
    return SharedBudget(known, account, lane, rows, clock.clocks(skew), sleeps)


@dataclass
class RefusingAccount:
    """A vendor that counts the calls of each endpoint in rolling windows, and says when to come back.

    ``scripted`` waits are answered by the next calls of an endpoint, whatever is left.
    """

    windows: dict[str, tuple[tuple[int, float], ...]]
    clock: Callable[[], float]
    daily: dict[str, int] = field(default_factory=dict)
    scripted: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    calls: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    forbidden_until: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    within_pause: list[tuple[str, float]] = field(default_factory=list)
    refused: int = 0

    def call(self, endpoint: str) -> Heard | None:
        """None where it was taken; else what the refusal says."""
        now = self.clock()
        if now < self.forbidden_until[endpoint]:
            self.within_pause.append((endpoint, now))
        if self.scripted[endpoint]:
            return self._refused(endpoint, self.scripted[endpoint].pop(0))
        taken = self.calls[endpoint]
        for most, seconds in self.windows[endpoint]:
            if sum(1 for at in taken if at > now - seconds) >= most:
                return self._refused(endpoint, seconds)
        if len(taken) >= self.daily.get(endpoint, len(taken) + 1):
            self.refused += 1
            return Heard(3600.0, "day")
        taken.append(now)
        return None

    def _refused(self, endpoint: str, wait: float) -> Heard:
        self.refused += 1
        self.forbidden_until[endpoint] = self.clock() + wait
        return Heard(wait)
