"""How many calls of a window are drawn, counted in slots: never more than a window allows, wherever it begins.

A window of T seconds is counted in slots of T/10. A call that was drawn in a slot is made within the life of its
allotment, so it counts until the slot's end, and that life, and T have passed. That makes a window a little longer
than the vendor's: it costs a tenth, and keeps rolling and fixed windows alike, wherever they begin.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commerce_sync.contracts.budgets import Daily, Lane, Tier, Window

SLOTS: Final = 10


def name_of(tier: Tier, window: Window) -> str:
    """The name under which a window is counted."""
    return f"{tier.name}/{window.seconds}"


def ceiling(tier: Tier, lane: Lane, calls: int) -> int:
    """How many of a limit's calls may be drawn when somebody of a lane has drawn. A reserved share is rounded down."""
    if lane == "urgent":
        return calls
    live = calls - calls * tier.reserved // 100
    return live if lane == "live" else max(1, min(live, calls * tier.backfill // 100))


def slot_of(window: Window, now: float) -> int:
    """The slot of a moment."""
    return math.floor(now * SLOTS / window.seconds)


def counted(window: Window, life: float, drawn: Mapping[int, int], now: float) -> dict[int, int]:
    """The slots that still count."""
    return {slot: calls for slot, calls in drawn.items() if _ends(window, life, slot) > now}


def free_at(window: Window, life: float, drawn: Mapping[int, int], most: int, now: float) -> float:
    """When one call more may be drawn: as soon as enough of the oldest slots no longer count."""
    left = counted(window, life, drawn, now)
    total = sum(left.values())
    for slot in sorted(left):
        if total < most:
            break
        total -= left[slot]
        now = _ends(window, life, slot)
    return now


def day_of(daily: Daily, now: float) -> str:
    """The day of a moment in the account's time zone."""
    return datetime.fromtimestamp(now, ZoneInfo(daily.time_zone)).date().isoformat()


def midnight_after(daily: Daily, now: float) -> float:
    """When the account's day ends."""
    zone = ZoneInfo(daily.time_zone)
    tomorrow = datetime.fromtimestamp(now, zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, zone).astimezone(UTC).timestamp()


def _ends(window: Window, life: float, slot: int) -> float:
    return (slot + 1) * window.seconds / SLOTS + life + window.seconds
