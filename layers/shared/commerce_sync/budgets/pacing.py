"""How long calls take at an account's budget, for whoever plans them."""

import math
from collections import Counter
from collections.abc import Mapping

from commerce_sync.budgets.counting import SLOTS, ceiling
from commerce_sync.contracts.budgets import Lane, Tier, VendorLimits
from commerce_sync.contracts.plans import Call

DAY = 86400.0


def seconds_of(calls: Mapping[Call, int], limits: VendorLimits, lane: Lane = "live") -> float:
    """The least seconds that these calls take when nobody else makes any, by the configured limits.

    What fits in one window takes no time; each further one waits for a whole window, as it is counted. Calls of several
    buckets go side by side, so the slowest bucket says how long all of it takes.
    """
    buckets: Counter[str] = Counter()
    tiers: dict[str, Tier] = {}
    for call, times in calls.items():
        bucket, tier = limits.place(limits.vendor, call.method, call.path)
        buckets[f"{bucket} {tier.name}"] += times
        tiers[f"{bucket} {tier.name}"] = tier
    return max((_seconds(times, tiers[bucket], lane) for bucket, times in buckets.items()), default=0.0)


def _seconds(times: int, tier: Tier, lane: Lane) -> float:
    periods = [(one.calls, one.seconds * (1 + 1 / SLOTS)) for one in tier.windows]
    periods += [(tier.daily.calls, DAY)] if tier.daily else []
    return max((_waits(times, ceiling(tier, lane, calls)) * seconds for calls, seconds in periods), default=0.0)


def _waits(times: int, most: int) -> int:
    return max(0, math.ceil(times / most) - 1)
