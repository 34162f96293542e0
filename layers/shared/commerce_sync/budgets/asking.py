"""May calls go, or until when must they wait: the one rule, over a small state and a clock.

What a lane may draw depends on what all lanes have drawn. Live work leaves the reserved share of every window and of
the day alone, and history takes no more than its own share, so what takes consent back always finds its share. It
draws beyond it too: our count never holds it up, only what the vendor itself asks does, because a call within that
would be refused. What it draws beyond is missing to the others.

Clocks differ. The state's clock is the latest that wrote and never goes back, so a worker that is behind draws as of
it: where clocks are wrong by up to d seconds, no window that is 2d shorter than the vendor's sees more than it allows.
One that is ahead by more than ten minutes is not believed: see :func:`commerce_sync.budgets.state.believed`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import msgspec

from commerce_sync.budgets.counting import ceiling, counted, day_of, free_at, midnight_after, name_of, slot_of
from commerce_sync.budgets.state import ALL, State, hold_name
from commerce_sync.contracts.budgets import Lane, Tier, Window

CLOCKS_DIFFER: Final = 0.25
"""Seconds by which a pause is longer than asked, for workers whose clock is fast."""
SAYS_WHEN: Final = 600.0
"""Seconds from which on a reason says until when; shorter ones would each be a reason of their own."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not before ``until`` (seconds since 1970)."""

    until: float
    why: str


@dataclass(frozen=True, slots=True)
class Grant:
    """``calls`` may go, once ``state`` is written over the one that was read."""

    calls: int
    state: State


def halted(state: State, tier: Tier, lane: Lane, now: float) -> Wait | None:
    """What forbids a call to a lane even where calls are left: the vendor's word, and what it says is left."""
    waits = [Wait(one.until, one.why) for name in (tier.name, ALL) if (one := state.pauses.get(name))]
    for binds, history_only in ((lane != "urgent", False), (lane == "backfill", True)):
        hold = state.holds.get(hold_name(tier.name, history_only=history_only))
        waits += [Wait(hold.until, hold.why)] if hold and binds else []
    return max((one for one in waits if one.until > now), key=lambda one: one.until, default=None)


def ask(state: State, tier: Tier, lane: Lane, wanted: int, now: float) -> Grant | Wait:
    """Up to ``wanted`` calls, or when to ask again. ``now`` in seconds since 1970."""
    if wait := halted(state, tier, lane, now):
        return wait
    clock = max(now, state.at)
    drawn = {name_of(tier, one): counted(one, tier.life, _slots(state, tier, one), clock) for one in tier.windows}
    used = state.used if tier.daily and state.day == day_of(tier.daily, clock) else 0
    free = [
        ceiling(tier, lane, calls_of(state, tier, one)) - sum(drawn[name_of(tier, one)].values())
        for one in tier.windows
    ]
    if tier.daily:
        free.append(ceiling(tier, lane, daily_of(state, tier)) - used)
    calls = min([wanted, *free])
    if lane == "urgent":
        calls = max(1, calls)
    if calls < 1:
        return _full(state, tier, lane, used, clock)
    for window in tier.windows:
        slots, slot = drawn[name_of(tier, window)], slot_of(window, clock)
        slots[slot] = slots.get(slot, 0) + calls
    day = day_of(tier.daily, clock) if tier.daily else state.day
    kept = {**state.drawn, **drawn}
    state = msgspec.structs.replace(_without_past(state, now), at=clock, drawn=kept, day=day)
    return Grant(calls, msgspec.structs.replace(state, used=used + calls if tier.daily else state.used))


def calls_of(state: State, tier: Tier, window: Window) -> int:
    """What a window allows: as the vendor's answers say, else as configured."""
    return state.learned.get(name_of(tier, window), window.calls)


def daily_of(state: State, tier: Tier) -> int:
    """What a day allows: as the vendor's answers say, else as configured."""
    return state.learned.get("day", tier.daily.calls if tier.daily else 0)


def daily_reason(until: float) -> str:
    """Why nothing goes any more today, and until when."""
    return f"the daily quota is used up until {datetime.fromtimestamp(until, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _full(state: State, tier: Tier, lane: Lane, used: int, clock: float) -> Wait:
    if tier.daily and used >= ceiling(tier, lane, daily_of(state, tier)):
        until = midnight_after(tier.daily, clock)
        return Wait(until, daily_reason(until))
    frees = (
        free_at(one, tier.life, _slots(state, tier, one), ceiling(tier, lane, calls_of(state, tier, one)), clock)
        for one in tier.windows
    )
    return Wait(max(frees), "its calls are used up for the moment")


def _slots(state: State, tier: Tier, window: Window) -> dict[int, int]:
    return state.drawn.get(name_of(tier, window), {})


def _without_past(state: State, now: float) -> State:
    pauses = {name: one for name, one in state.pauses.items() if one.until > now}
    holds = {name: one for name, one in state.holds.items() if one.until > now}
    return msgspec.structs.replace(state, pauses=pauses, holds=holds)
