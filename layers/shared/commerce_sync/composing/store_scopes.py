"""Which scopes the stores' tokens lack for what is read of them."""

from collections.abc import Mapping
from typing import Any, Final

from commerce_sync.composing.clients import ShopSettings, shopify
from commerce_sync.config.stores import configured_stores
from commerce_sync.errors import ConfigurationError, PermanentError, RetriableError
from commerce_sync.vendors.shopify.webhooks import is_granted

NEEDED: Final[Mapping[str, str]] = {
    "read_orders": "no order is polled, none is read behind orders/edited",
    "write_customers": "no opt-out is told to the shop",
    "read_customers": "nobody's consent is read, and no webhook tells of customers",
    "read_fulfillments": "no webhook tells of parcels",
    "read_customer_merge": "no webhook tells that two customers became one",
    "read_all_orders": "orders older than 60 days are not shown: their missed changes are not found, and their history "
    "comes by import_orders",
}
"""Shopify's scopes, and what is missed without them."""


def scopes_lacking(settings: ShopSettings, tokens: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """By store: each scope that its token lacks, with what that means; a store that cannot be asked says why."""
    found: dict[str, dict[str, str]] = {}
    for source, store in configured_stores():
        if source != "shopify":
            continue
        try:
            granted = shopify(settings, tokens, store).scopes()
        except ConfigurationError:
            continue
        except (PermanentError, RetriableError) as error:
            found[f"{source}:{store}"] = {"not_asked": str(error)}
            continue
        if lacking := {scope: without for scope, without in NEEDED.items() if not is_granted(scope, granted)}:
            found[f"{source}:{store}"] = lacking
    return found
