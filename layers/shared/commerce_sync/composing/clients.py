"""Vendor clients that draw on the account's shared budget. Whoever calls a vendor makes its client here.

Where no table is named there is no budget, and only the vendor's own answers hold a call up. One budget a process for
each account and lane, whatever the number of clients: what one of them is told, all of them keep to.
"""

import time
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from commerce_sync.aws.budget_table import BudgetTable
from commerce_sync.budgets.spending import Clocks, SharedBudget
from commerce_sync.config.limits import vendor_limits
from commerce_sync.contracts.budgets import LANES, Budget, Lane
from commerce_sync.errors import ConfigurationError
from commerce_sync.vendors import factory
from commerce_sync.vendors.bigcommerce import BigCommerce
from commerce_sync.vendors.factory import RechargeAddresses, StoreAddresses, StoreUrls, VendorAddresses
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.recharge import Recharge
from commerce_sync.vendors.shopify import Shopify
from commerce_sync.vendors.woocommerce import WooCommerce

Tokens = Mapping[str, Any]


class BudgetSettings(Protocol):
    """Where budgets are kept, whose calls these are, and how long one may sleep (seconds)."""

    @property
    def budget_table(self) -> str: ...  # noqa: D102
    @property
    def budget_lane(self) -> str: ...  # noqa: D102
    @property
    def budget_patience(self) -> float: ...  # noqa: D102


class AccountSettings(VendorAddresses, BudgetSettings, Protocol):
    """Where the accounts and their budgets are."""


class ShopSettings(StoreAddresses, BudgetSettings, Protocol):
    """Where the stores and their budgets are."""


class UrlSettings(StoreUrls, BudgetSettings, Protocol):
    """The same for stores whose API has no version."""


class RechargeSettings(RechargeAddresses, BudgetSettings, Protocol):
    """The same for Recharge."""


def klaviyo(settings: AccountSettings, tokens: Tokens, lane: Lane | None = None) -> VendorHttp:
    """A session with Klaviyo; in another lane than the function's, where one is named."""
    return factory.klaviyo(settings, tokens, budget_of(settings, "klaviyo", lane))


def hubspot(settings: AccountSettings, tokens: Tokens, lane: Lane | None = None) -> HubSpot:
    """A session with HubSpot."""
    return factory.hubspot(settings, tokens, budget_of(settings, "hubspot", lane))


def shopify(settings: ShopSettings, tokens: Tokens, store: str, lane: Lane | None = None) -> Shopify:
    """A session with one Shopify store; errors as the factory's."""
    return factory.shopify(settings, tokens, store, budget_of(settings, f"shopify:{store}", lane))


def bigcommerce(settings: UrlSettings, tokens: Tokens, store: str, lane: Lane | None = None) -> BigCommerce:
    """A session with one BigCommerce store; errors as the factory's."""
    return factory.bigcommerce(settings, tokens, store, budget_of(settings, f"bigcommerce:{store}", lane))


def recharge(settings: RechargeSettings, tokens: Tokens, store: str, lane: Lane | None = None) -> Recharge:
    """A session with one Recharge account; errors as the factory's."""
    return factory.recharge(settings, tokens, store, budget_of(settings, f"recharge:{store}", lane))


def woocommerce(settings: UrlSettings, tokens: Tokens, store: str, lane: Lane | None = None) -> WooCommerce:
    """A session with one WooCommerce shop; errors as the factory's."""
    return factory.woocommerce(settings, tokens, store, budget_of(settings, f"woocommerce:{store}", lane))


def budget_of(settings: BudgetSettings, account: str, lane: Lane | None = None) -> Budget | None:
    """The budget of an account, or None where no table is named.

    :raises ConfigurationError: the function's lane is none of the three.
    """
    if not settings.budget_table:
        return None
    named = lane or next((one for one in LANES if one == settings.budget_lane), None)
    if named is None:
        raise ConfigurationError(f"BUDGET_LANE is one of {', '.join(LANES)}")
    return _budget(settings.budget_table, account, named, settings.budget_patience)


@cache
def _budget(table: str, account: str, lane: Lane, patience: float) -> SharedBudget:
    limits = vendor_limits()[account.partition(":")[0]]
    clocks = Clocks(time.time, time.monotonic, time.sleep)
    return SharedBudget(limits, account, lane, BudgetTable(table), clocks, patience)


def forget_budgets() -> None:
    """Forget what this process holds of budgets and heard of pauses."""
    _budget.cache_clear()
