"""What limits.toml says and accounts do not allow, in words."""

from collections.abc import Mapping

from commerce_sync.budgets.at_odds import limits_at_odds
from commerce_sync.budgets.learning import learned
from commerce_sync.budgets.state import State, written
from commerce_sync.config.limits import vendor_limits
from commerce_sync.contracts.budgets import Heard, Quota


def rows(**heard: Quota) -> Mapping[str, str]:
    """The documents of accounts whose answers said these."""
    limits, found = vendor_limits(), {}
    for account, quota in heard.items():
        vendor = limits[account]
        tier = vendor.tiers[vendor.default]
        found[account] = written(learned(State(), tier, Heard(quotas=(quota,)), now=1_800_000_000.0))
    return found


def test_an_account_that_allows_another_number_is_named_with_both() -> None:
    """More or fewer."""
    heard = rows(hubspot=Quota(190, 189, 10, 1.0), bigcommerce=Quota(60, 59, 30, 1.0))

    assert limits_at_odds(heard.items(), vendor_limits()) == [
        "bigcommerce: limits.toml says 150 calls in 30 s (all), the account allows 60",
        "hubspot: limits.toml says 100 calls in 10 s (general), the account allows 190",
    ]


def test_a_day_is_compared_too() -> None:
    """HubSpot's headers name it."""
    assert limits_at_odds(rows(hubspot=Quota(625_000, 600_000, 86_400, 1.0)).items(), vendor_limits()) == [
        "hubspot: limits.toml says 250000 calls a day, the account allows 625000"
    ]


def test_endpoints_of_one_tier_are_one_line() -> None:
    """Klaviyo counts each by itself, and names the tier's number to all."""
    state = learned(State(), vendor_limits()["klaviyo"].tiers["XS"], Heard(quotas=(Quota(60, 59, 60, 1.0),)), now=1.0)

    rows_of_both = [(f"klaviyo {name}", written(state)) for name in ("other", "GET /api/accounts")]
    assert limits_at_odds(rows_of_both, vendor_limits()) == [
        "klaviyo: limits.toml says 15 calls in 60 s (XS), the account allows 60"
    ]


def test_what_agrees_or_was_never_heard_is_not_said() -> None:
    """Nor what is of a vendor that is gone from the file, nor what is no window of calls."""
    agreeing = {**rows(hubspot=Quota(100, 99, 10, 1.0), shopify=Quota(1000, 999, 0, 1.0)), "klaviyo": "", "old:x": "{}"}

    assert limits_at_odds(agreeing.items(), vendor_limits()) == []
