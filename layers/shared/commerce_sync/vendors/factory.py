"""Vendor clients from settings and tokens, and from the budget that their calls draw on."""

from collections.abc import Mapping
from typing import Any, Protocol

from commerce_sync.contracts.budgets import Budget
from commerce_sync.errors import ConfigurationError
from commerce_sync.vendors.bigcommerce import BigCommerce
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.klaviyo import klaviyo_http
from commerce_sync.vendors.recharge import Recharge
from commerce_sync.vendors.shopify import Shopify
from commerce_sync.vendors.woocommerce import WooCommerce


class VendorAddresses(Protocol):
    """The settings that vendor clients need."""

    @property
    def klaviyo_base_url(self) -> str: ...  # noqa: D102
    @property
    def klaviyo_revision(self) -> str: ...  # noqa: D102
    @property
    def hubspot_base_url(self) -> str: ...  # noqa: D102
    @property
    def hubspot_api_version(self) -> str: ...  # noqa: D102
    @property
    def vendor_timeout(self) -> float: ...  # noqa: D102


class StoreUrls(Protocol):
    """The settings that every store's client needs. ``store_base_urls`` reads ``shopify:us=https://..., ...``."""

    @property
    def store_base_urls(self) -> str: ...  # noqa: D102
    @property
    def vendor_timeout(self) -> float: ...  # noqa: D102


class RechargeAddresses(StoreUrls, Protocol):
    """The settings that a client of Recharge needs."""

    @property
    def recharge_api_version(self) -> str: ...  # noqa: D102


class StoreAddresses(StoreUrls, Protocol):
    """The settings that clients of all kinds of stores need."""

    @property
    def shopify_api_version(self) -> str: ...  # noqa: D102


def klaviyo(settings: VendorAddresses, tokens: Mapping[str, str], budget: Budget | None = None) -> VendorHttp:
    """A session with Klaviyo."""
    return klaviyo_http(
        settings.klaviyo_base_url, tokens["klaviyo"], settings.klaviyo_revision, settings.vendor_timeout, budget
    )


def hubspot(settings: VendorAddresses, tokens: Mapping[str, str], budget: Budget | None = None) -> HubSpot:
    """A session with HubSpot."""
    return HubSpot(
        settings.hubspot_base_url, tokens["hubspot"], settings.hubspot_api_version, settings.vendor_timeout, budget
    )


def shopify(settings: StoreAddresses, tokens: Mapping[str, Any], store: str, budget: Budget | None = None) -> Shopify:
    """A session with one Shopify store; its token stands at ``{"shopify": {"us": "shpat_..."}}``.

    :raises ConfigurationError: the store has no base URL or no token.
    """
    token = _of_store(tokens, "shopify", store, "vendor tokens")
    return Shopify(
        store_url(settings, "shopify", store), token, settings.shopify_api_version, settings.vendor_timeout, budget
    )


def bigcommerce(
    settings: StoreUrls, tokens: Mapping[str, Any], store: str, budget: Budget | None = None
) -> BigCommerce:
    """A session with one BigCommerce store; its token stands at ``{"bigcommerce": {"outlet": "..."}}``.

    :raises ConfigurationError: the store has no base URL or no token.
    """
    token = _of_store(tokens, "bigcommerce", store, "vendor tokens")
    return BigCommerce(store_url(settings, "bigcommerce", store), token, settings.vendor_timeout, budget)


def recharge(
    settings: RechargeAddresses, tokens: Mapping[str, Any], store: str, budget: Budget | None = None
) -> Recharge:
    """A session with one Recharge account; its token stands at ``{"recharge": {"us": "sk_..."}}``.

    :raises ConfigurationError: the account has no base URL or no token.
    """
    token = _of_store(tokens, "recharge", store, "vendor tokens")
    url = store_url(settings, "recharge", store)
    return Recharge(url, token, settings.recharge_api_version, settings.vendor_timeout, budget)


def woocommerce(
    settings: StoreUrls, tokens: Mapping[str, Any], store: str, budget: Budget | None = None
) -> WooCommerce:
    """A session with one WooCommerce shop; its key and secret stand at ``{"woocommerce": {"uk": "ck_...:cs_..."}}``.

    :raises ConfigurationError: the store has no base URL or no token, or one that is no key and secret.
    """
    key, colon, secret = _of_store(tokens, "woocommerce", store, "vendor tokens").partition(":")
    if not (key and colon and secret):
        raise ConfigurationError(f"vendor tokens: that of woocommerce:{store} is not like ck_...:cs_...")
    return WooCommerce(store_url(settings, "woocommerce", store), key, secret, settings.vendor_timeout, budget)


def store_url(settings: StoreUrls, source: str, store: str) -> str:
    """Where a store's API is.

    :raises ConfigurationError: ``store_base_urls`` cannot be read, or does not say.
    """
    return _of_store(read_store_urls(settings.store_base_urls), source, store, "STORE_BASE_URLS")


def read_store_urls(text: str) -> dict[str, dict[str, str]]:
    """The base URLs of stores, by source and store, of ``shopify:us=https://..., bigcommerce:outlet=https://...``.

    :raises ConfigurationError: an entry reads otherwise; it says which, by its place.
    """
    urls: dict[str, dict[str, str]] = {}
    for place, entry in enumerate(filter(None, map(str.strip, text.split(","))), 1):
        name, _, url = entry.partition("=")
        source, _, store = name.strip().partition(":")
        if not (source and store and url.startswith("http")):
            raise ConfigurationError(f"STORE_BASE_URLS: entry {place} is not like shopify:us=https://example.com")
        urls.setdefault(source, {})[store] = url.strip()
    return urls


def _of_store(values: Any, source: str, store: str, where: str) -> str:
    of_source = values.get(source) if isinstance(values, Mapping) else None
    value = of_source.get(store) if isinstance(of_source, Mapping) else None
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{where} say nothing of {source}:{store}")
    return value
