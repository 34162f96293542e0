"""What an answer teaches: a pause that all workers keep, how little is left, and what the account's plan allows.

Limits are shared with whoever else uses the account, so a count of our own calls is not enough: where a vendor says
that no more than the reserved share is left, only what takes consent back goes until there is more.
"""

from datetime import UTC, datetime
from typing import Final

import msgspec

from commerce_sync.budgets.asking import CLOCKS_DIFFER, SAYS_WHEN, calls_of, daily_of, daily_reason
from commerce_sync.budgets.counting import day_of, midnight_after, name_of
from commerce_sync.budgets.state import ALL, Hold, Pause, State, hold_name
from commerce_sync.contracts.budgets import Heard, Quota, Tier

DAY: Final = 86_400
MOST_WITHOUT_A_DAY: Final = 3600.0
"""Seconds that are waited where no window is longer than a minute. An answer that asks for more makes no sense, and
opt-outs wait for it."""
A_NEWS: Final = 1.0
"""Seconds by which a hold must be longer, to be worth a write."""


def paused(state: State, tier: Tier, heard: Heard, now: float) -> State:
    """The state with the pause that an answer asked for; a longer one that stands already stays."""
    if heard.wait is None:
        return state
    is_ours, wait = heard.scope == "endpoint", heard.wait
    if is_ours and tier.daily is None:
        wait = min(wait, MOST_WITHOUT_A_DAY)
    name, until = (tier.name if is_ours else ALL), now + wait + CLOCKS_DIFFER
    why = "the vendor asked to wait"
    if heard.scope == "day" and tier.daily:
        until = midnight_after(tier.daily, now) + CLOCKS_DIFFER
        why = daily_reason(until)
    elif wait > SAYS_WHEN:
        why += f" until {datetime.fromtimestamp(until, UTC):%Y-%m-%dT%H:%M:%SZ}"
    known = state.pauses.get(name)
    if known and known.until >= until:
        return state
    return msgspec.structs.replace(state, pauses={**state.pauses, name: Pause(until, why, now)})


def learned(state: State, tier: Tier, heard: Heard, now: float) -> State:
    """The state with what an answer says of limits; the same one where that is nothing new."""
    for quota in heard.quotas:
        state = _with_limit(state, tier, quota)
        state = _with_day(state, tier, quota, now)
        state = _with_hold(state, tier, quota, now)
    return state


def _with_limit(state: State, tier: Tier, quota: Quota) -> State:
    """The plan's own limit, where it is another than the configured one."""
    if quota.limit < 1:
        return state
    if quota.seconds == DAY and tier.daily:
        name, known = "day", daily_of(state, tier)
    else:
        window = next((one for one in tier.windows if one.seconds == quota.seconds), None)
        if window is None:
            return state
        name, known = name_of(tier, window), calls_of(state, tier, window)
    if known == quota.limit:
        return state
    return msgspec.structs.replace(state, learned={**state.learned, name: quota.limit})


def _with_day(state: State, tier: Tier, quota: Quota, now: float) -> State:
    """What others have used of the day too, to within a hundredth."""
    if quota.seconds != DAY or tier.daily is None:
        return state
    day, used = day_of(tier.daily, now), quota.limit - quota.remaining
    known = state.used if state.day == day else 0
    if used - known <= quota.limit // 100:
        return state
    return msgspec.structs.replace(state, day=day, used=used)


def _with_hold(state: State, tier: Tier, quota: Quota, now: float) -> State:
    """A hold on all but what takes consent back, or on history alone, until there is more."""
    left = quota.remaining * 100
    if quota.limit < 1 or left > quota.limit * (100 - tier.backfill):
        return state
    history_only = left > quota.limit * tier.reserved
    until, why = now + quota.resets_in, "little is left of the vendor's window"
    if quota.seconds == DAY and tier.daily:
        until = midnight_after(tier.daily, now)
        why = "the share of history is used up for today" if history_only else daily_reason(until)
    name = hold_name(tier.name, history_only=history_only)
    known = state.holds.get(name)
    if known and known.until > now and known.until + A_NEWS >= until:
        return state
    return msgspec.structs.replace(state, holds={**state.holds, name: Hold(until, why, now)})
