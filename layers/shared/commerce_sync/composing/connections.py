"""The systems that are connected and say who may be written to: the accounts, and the stores that list their people.

Shopify lists customers, BigCommerce the newsletter's list. WooCommerce and an order system of one's own have no list of
who may be written to: a box ticked at a checkout stands in its order, and nothing says that it was taken back.
"""

from collections.abc import Mapping
from typing import Final, Protocol

from commerce_sync.aws.secrets import cached_secret
from commerce_sync.config.stores import configured_stores
from commerce_sync.errors import ConfigurationError
from commerce_sync.vendors.factory import StoreUrls, store_url

ACCOUNTS: Final = ("hubspot", "klaviyo")
LISTED: Final = frozenset({"shopify", "bigcommerce"})
"""Stores that list whom they may write to."""


class Connections(StoreUrls, Protocol):
    """Where the stores are, and the tokens of all."""

    @property
    def vendor_tokens_id(self) -> str: ...  # noqa: D102


def systems_of(settings: Connections) -> list[str]:
    """Every system that we have a token for, and a store's address. It costs no call but a secret's, now and then."""
    tokens = cached_secret(settings.vendor_tokens_id).value()
    accounts = [name for name in ACCOUNTS if tokens.get(name)]
    stores = [f"{source}:{store}" for source, store in configured_stores() if _is_connected(settings, source, store)]
    return [*accounts, *stores]


def _is_connected(settings: Connections, source: str, store: str) -> bool:
    if source not in LISTED:
        return False
    try:
        store_url(settings, source, store)
    except ConfigurationError:
        return False
    of_source = cached_secret(settings.vendor_tokens_id).value().get(source)
    return isinstance(of_source, Mapping) and bool(of_source.get(store))
