"""What an operator is told of budgets: what is used and left, and until when nothing goes and why."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from commerce_sync.budgets.asking import calls_of, daily_of
from commerce_sync.budgets.counting import counted, day_of, name_of
from commerce_sync.budgets.state import State, read_state
from commerce_sync.contracts.budgets import Tier, VendorLimits


def budgets_at_a_glance(
    rows: Iterable[tuple[str, str]], limits: Mapping[str, VendorLimits], now: float
) -> dict[str, dict[str, Any]]:
    """By account, or account and endpoint: each tier's windows, the day, pauses and holds. ``now`` since 1970."""
    shown = {}
    for name, text in sorted(rows):
        vendor = limits.get(name.partition(" ")[0].partition(":")[0])
        if vendor is not None:
            shown[name] = _row(read_state(text), tiers_of(vendor, name), now)
    return shown


def tiers_of(vendor: VendorLimits, name: str) -> list[Tier]:
    """The tiers that one document counts: all of an account's, or that of an endpoint."""
    if not vendor.is_by_endpoint:
        return list(vendor.tiers.values())
    pattern = name.partition(" ")[2]
    return [vendor.tiers[dict(vendor.endpoints).get(pattern, vendor.default)]]


def _row(state: State, tiers: list[Tier], now: float) -> dict[str, Any]:
    windows = {}
    for tier in tiers:
        for window in tier.windows:
            calls = calls_of(state, tier, window)
            drawn = counted(window, tier.life, state.drawn.get(name_of(tier, window), {}), now)
            left = max(0, calls - sum(drawn.values()))
            windows[f"{tier.name}: {calls} in {window.seconds} s"] = {"left": left}
    row: dict[str, Any] = {"windows": windows}
    by_day = next((tier for tier in tiers if tier.daily), None)
    if by_day and by_day.daily:
        used, most = (state.used if state.day == day_of(by_day.daily, now) else 0), daily_of(state, by_day)
        row["today"] = {"used": used, "left": max(0, most - used), "time_zone": by_day.daily.time_zone}
    for kind, waits in (("paused", state.pauses), ("held", state.holds)):
        stands = {name: {"until": _moment(one.until), "why": one.why} for name, one in waits.items() if one.until > now}
        row |= {kind: stands} if stands else {}
    return row


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
