"""Budgets without DynamoDB: rows with the same atomicity, clocks that stand until told, and an account that refuses."""

import heapq
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from commerce_sync.budgets.spending import Clocks, SharedBudget
from commerce_sync.config.limits import vendor_limits
from commerce_sync.contracts.budgets import Heard, Lane, VendorLimits
from commerce_sync.errors import PausedError, RetriableError

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
    scripted: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    calls: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: int = 0

    def call(self, endpoint: str) -> Heard | None:
        """None where it was taken; else what the refusal says."""
        now, taken = self.clock(), self.calls[endpoint]
        if self.scripted[endpoint]:
            return self._refused(self.scripted[endpoint].pop(0))
        for most, seconds in self.windows[endpoint]:
            if len(taken) - bisect_right(taken, now - seconds) >= most:
                return self._refused(seconds)
        taken.append(now)
        return None

    def _refused(self, wait: float) -> Heard:
        self.refused += 1
        return Heard(wait)


@dataclass
class Errand:
    """One call that must be made, by whose lane, since when."""

    endpoint: str
    since: float


@dataclass
class Worker:
    """A worker with its budget and what it still has to do, the oldest first."""

    budget: SharedBudget
    todo: deque[Errand] = field(default_factory=deque)


@dataclass
class Simulation:
    """Workers that take turns in simulated time: each asks its budget, calls, and hears the answer while others go on.

    What is refused or must wait stays to be done (a due row), and is tried again when it was told to. A pause is
    recorded when its answer was told to the budget: ``within_pause`` are calls that began after that and before its
    end.
    """

    account: RefusingAccount
    clock: Clock
    workers: list[Worker]
    takes: float = 0.15
    delays: dict[Lane, list[float]] = field(default_factory=lambda: {"urgent": [], "live": [], "backfill": []})
    reasons: set[str] = field(default_factory=set)
    recorded: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    within_pause: list[tuple[str, float]] = field(default_factory=list)

    def run(self, stop: float = float("inf")) -> None:
        """Until nothing is left to be done, or time is up."""
        turns: list[tuple[float, int, Heard | None, bool]] = [(START, n, None, False) for n in range(len(self.workers))]
        while turns and (turn := heapq.heappop(turns))[0] < stop:
            at, number, heard, was_called = turn
            self.clock.at = at
            worker = self.workers[number]
            next_at = self._heard(worker, heard) if was_called else at
            if next_at > at:
                heapq.heappush(turns, (next_at, number, None, False))
            elif worker.todo:
                heapq.heappush(turns, self._turn(number, worker))

    def _turn(self, number: int, worker: Worker) -> tuple[float, int, Heard | None, bool]:
        """The worker's next turn: when its errand begins, when it may ask again, or when its answer is there."""
        errand, now = worker.todo[0], self.clock.at
        if errand.since > now:
            return errand.since, number, None, False
        try:
            worker.budget.before(*errand.endpoint.split())
        except PausedError as error:
            self.reasons.add(str(error))
            return now + (error.retry_after or 1.0), number, None, False
        if now < self.recorded[errand.endpoint]:
            self.within_pause.append((errand.endpoint, now))
        return now + self.takes, number, self.account.call(errand.endpoint), True

    def _heard(self, worker: Worker, heard: Heard | None) -> float:
        """When the worker goes on after an answer."""
        errand, now = worker.todo[0], self.clock.at
        if heard is None:
            worker.todo.popleft()
            self.delays[worker.budget.lane].append(now - errand.since)
            return now
        method, path = errand.endpoint.split()
        wait = worker.budget.after(method, path, heard)
        self.recorded[errand.endpoint] = max(self.recorded[errand.endpoint], now + (heard.wait or 0.0))
        return now + (wait or 1.0)
