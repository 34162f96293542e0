"""Where a vendor's answers name another limit than limits.toml does."""

from collections.abc import Iterable, Mapping

from commerce_sync.budgets.asking import calls_of, daily_of
from commerce_sync.budgets.at_a_glance import tiers_of
from commerce_sync.budgets.state import State, read_state
from commerce_sync.contracts.budgets import Tier, VendorLimits


def limits_at_odds(rows: Iterable[tuple[str, str]], limits: Mapping[str, VendorLimits]) -> list[str]:
    """In words, by account and tier. ``rows`` are the budgets' documents: every function's answers taught them.

    The account's word counts already; what is said here is what limits.toml should say before anything was heard.
    """
    found = []
    for name, text in sorted(rows):
        vendor = limits.get(name.partition(" ")[0].partition(":")[0])
        if vendor is not None:
            account, state = name.partition(" ")[0], read_state(text)
            found += [line for tier in tiers_of(vendor, name) for line in _of_tier(account, state, tier)]
    return list(dict.fromkeys(found))


def _of_tier(account: str, state: State, tier: Tier) -> list[str]:
    lines = [
        f"{account}: limits.toml says {window.calls} calls in {window.seconds} s ({tier.name}), "
        f"the account allows {calls}"
        for window in tier.windows
        if (calls := calls_of(state, tier, window)) != window.calls
    ]
    if tier.daily and (calls := daily_of(state, tier)) != tier.daily.calls:
        lines.append(f"{account}: limits.toml says {tier.daily.calls} calls a day, the account allows {calls}")
    return lines
