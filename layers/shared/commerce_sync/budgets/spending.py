"""One worker's way of spending a shared budget: it reads before every call, and writes once for several.

Before every call the shared state is read, strongly consistent: a pause that is recorded before the read is answered
holds the call back, whoever recorded it. Calls are drawn in allotments that grow while they are used up in time (1, 2,
4, ... up to half a second's worth), each by one conditional write; between two of them a call costs a read. What is not
used within the allotment's life is lost, which is what lets a worker that dies take nothing along.

Where the shared state does not answer, what takes consent back goes, and keeps to what this worker heard itself; all
others wait for a moment, because calls that nobody counts would use up the reserved share.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

from commerce_sync.budgets.asking import Grant, Wait, ask, halted
from commerce_sync.budgets.learning import learned, paused
from commerce_sync.budgets.state import State, believed, read_state, written
from commerce_sync.contracts.budgets import Heard, Lane, Tier, VendorLimits
from commerce_sync.errors import PausedError, RetriableError

LONGEST_SLEEP: Final = 1.5
"""Seconds that a call may wait within an invocation; what waits longer becomes a due row."""
WHILE_UNREADABLE: Final = 5.0
ATTEMPTS: Final = 5
ATTEMPTS_TO_TELL: Final = 30
"""A pause must be known to all: with each attempt that fails, somebody else has written."""
UNREADABLE: Final = "the shared budget cannot be read"
CONTESTED: Final = "many workers draw at once"
A_MOMENT: Final = 0.05


class Rows(Protocol):
    """Where states are kept. Both raise :class:`RetriableError` where there is no answer in time."""

    def read(self, name: str) -> tuple[str, int]:
        """A state's text and its revision, strongly consistent; ``("", 0)`` where there is none."""

    def write(self, name: str, text: str, revision: int) -> bool:
        """Write over the revision that was read. False where somebody else was faster."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Seconds since 1970, seconds that never go back, and how to sleep for some."""

    now: Callable[[], float]
    steady: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class _Allotment:
    drawn: int
    left: int
    until: float


@dataclass
class SharedBudget:
    """The budget of one account as one worker of one lane spends it; see :class:`contracts.budgets.Budget`."""

    limits: VendorLimits
    account: str
    lane: Lane
    rows: Rows
    clocks: Clocks
    longest_sleep: float = LONGEST_SLEEP
    _allotments: dict[tuple[str, str], _Allotment] = field(default_factory=dict)
    _own: dict[str, State] = field(default_factory=dict)
    _seen: dict[str, State] = field(default_factory=dict)

    def before(self, method: str, path: str) -> None:
        """Draw one call; sleeps where that is soon enough.

        :raises PausedError: not now.
        """
        name, tier = self.limits.place(self.account, method, path)
        slept = 0.0
        while wait := self._drawn(name, tier):
            seconds = max(wait.until - self.clocks.now(), A_MOMENT)
            if slept + seconds > self.longest_sleep:
                raise PausedError(f"{name}: {wait.why}", retry_after=seconds)
            self.clocks.sleep(seconds)
            slept += seconds

    def after(self, method: str, path: str, heard: Heard) -> float | None:
        """Record what an answer says, where it is news; returns the seconds to wait where it asked for that.

        A pause is kept to here from now on, even where it cannot be recorded. What one endpoint of several that are
        counted together is allowed, says nothing of the others.
        """
        name, tier = self.limits.place(self.account, method, path)
        if self.limits.is_of_many(name):
            heard = Heard(heard.wait, heard.scope)
        now = self.clocks.now()
        self._own[name] = own = paused(self._heard(name), tier, heard, now)
        with suppress(RetriableError):
            self._record(name, tier, heard, now)
        wait = halted(own, tier, "urgent", now) if heard.wait is not None else None
        return wait.until - now if wait else None

    def _heard(self, name: str) -> State:
        """What this worker itself was asked to wait for."""
        return believed(self._own.get(name, State()), self.clocks.now())

    def _drawn(self, name: str, tier: Tier) -> Wait | None:
        """None where a call is drawn, else what to wait for."""
        if wait := halted(self._heard(name), tier, self.lane, self.clocks.now()):
            return wait
        try:
            return self._draw(name, tier)
        except RetriableError:
            return self._unless_urgent(WHILE_UNREADABLE, UNREADABLE)

    def _draw(self, name: str, tier: Tier) -> Wait | None:
        for _ in range(ATTEMPTS):
            state, revision = self._read(name)
            if wait := halted(state, tier, self.lane, self.clocks.now()):
                return wait
            if not tier.is_counted or self._spent(name, tier):
                return None
            began = self.clocks.steady()
            verdict = ask(state, tier, self.lane, self._wanted(name, tier), self.clocks.now())
            if isinstance(verdict, Wait):
                return verdict
            if self._taken(name, tier, verdict, revision, began):
                return None
        return self._unless_urgent(A_MOMENT, CONTESTED)

    def _taken(self, name: str, tier: Tier, grant: Grant, revision: int, began: float) -> bool:
        """Whether the grant was written, and in time to be used."""
        if not self.rows.write(name, written(grant.state), revision):
            return False
        self._seen[name] = grant.state
        self._allotments[name, tier.name] = _Allotment(grant.calls, grant.calls, began + tier.life)
        return self._spent(name, tier)

    def _spent(self, name: str, tier: Tier) -> bool:
        """Take one of the calls that this worker holds, if it holds one that is not too old."""
        held = self._allotments.get((name, tier.name))
        if held is None or not held.left or self.clocks.steady() >= held.until:
            return False
        self._allotments[name, tier.name] = _Allotment(held.drawn, held.left - 1, held.until)
        return True

    def _wanted(self, name: str, tier: Tier) -> int:
        """Twice as many as last time where those were used up in time, else one."""
        held = self._allotments.get((name, tier.name))
        was_used = held is not None and not held.left and self.clocks.steady() < held.until
        return min(tier.block, 2 * held.drawn) if held and was_used else 1

    def _record(self, name: str, tier: Tier, heard: Heard, now: float) -> None:
        known = self._seen.get(name)
        if heard.wait is None and (known is None or learned(known, tier, heard, now) == known):
            return
        for _ in range(ATTEMPTS_TO_TELL):
            state, revision = self._read(name)
            new = learned(paused(state, tier, heard, now), tier, heard, now)
            if new == state or self.rows.write(name, written(new), revision):
                self._seen[name] = new
                return

    def _read(self, name: str) -> tuple[State, int]:
        text, revision = self.rows.read(name)
        self._seen[name] = believed(read_state(text), self.clocks.now())
        return self._seen[name], revision

    def _unless_urgent(self, seconds: float, why: str) -> Wait | None:
        return None if self.lane == "urgent" else Wait(self.clocks.now() + seconds, why)
