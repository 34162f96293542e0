"""A shop's webhook subscriptions, by Shopify's GraphQL Admin API.

Shopify signs with the app's client secret: none is set here. Those of an app's own configuration (``shopify.app.toml``)
are not shown by the API; the same topic twice is two deliveries of one event. The version of the bodies is the app's
and can be set for no subscription. Topics about privacy are the app's too: the API does not know them.

Checked on shopify.dev (2026-01 to 2026-10): ``webhookSubscriptions``, ``webhookSubscriptionCreate``,
``webhookSubscriptionUpdate``, ``uri`` and ``includeFields`` (empty: all fields), the scope that each topic needs. What
a second subscription to one topic and address is answered was seen in use: words, and no code. That an empty list and
an empty filter take back those that stand is unverified, so what the answer shows is looked at.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from commerce_sync.contracts.store_webhooks import StoreWebhook
from commerce_sync.errors import PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.shopify.client import SUCCESS, Shopify

PAGE: Final = 100
SHOWN: Final = "id topic uri format includeFields filter apiVersion { handle }"
LISTED: Final = f"""
query Webhooks($first: Int!, $after: String) {{
  webhookSubscriptions(first: $first, after: $after) {{
    nodes {{ {SHOWN} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""
CREATED: Final = f"""
mutation CreateWebhook($topic: WebhookSubscriptionTopic!, $webhook: WebhookSubscriptionInput!) {{
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $webhook) {{
    webhookSubscription {{ {SHOWN} }}
    userErrors {{ field message }}
  }}
}}
"""
CHANGED: Final = f"""
mutation ChangeWebhook($id: ID!, $webhook: WebhookSubscriptionInput!) {{
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $webhook) {{
    webhookSubscription {{ {SHOWN} }}
    userErrors {{ field message }}
  }}
}}
"""
_SUBSCRIPTIONS: Final = ("activate", "cancel", "create", "expire", "fail", "pause")
SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("carts/create", "carts/update", "checkouts/create", "checkouts/update"), "read_orders"),
        **dict.fromkeys(("orders/cancelled", "orders/create", "orders/edited", "orders/fulfilled"), "read_orders"),
        **dict.fromkeys(("orders/paid", "orders/partially_fulfilled", "orders/updated"), "read_orders"),
        "refunds/create": "read_orders",
        **dict.fromkeys(("fulfillment_events/create", "fulfillments/create"), "read_fulfillments"),
        "fulfillments/update": "read_fulfillments",
        **dict.fromkeys(("customers/create", "customers/update"), "read_customers"),
        "customers_email_marketing_consent/update": "read_customers",
        "customers_marketing_consent/update": "read_customers",
        "customers/merge": "read_customer_merge",
        "subscription_billing_cycles/skip": "read_own_subscription_contracts",
        **{f"subscription_contracts/{one}": "read_own_subscription_contracts" for one in _SUBSCRIPTIONS},
    }
)
"""The topics that we subscribe to, each with the scope without which Shopify refuses it."""
REFUSALS: Final = (("already been taken", "TAKEN"), ("protected customer data", "PROTECTED_CUSTOMER_DATA"))
"""What Shopify says in words alone, and our name for it."""


class ShopifyWebhooks:
    """Fits :class:`commerce_sync.operating.store_webhooks.Webhooks`: subscriptions that the API made of one shop."""

    def __init__(self, shopify: Shopify, page: int = PAGE) -> None:
        self._shopify = shopify
        self._page = page

    def all(self) -> list[StoreWebhook]:
        """Every one of our app's.

        :raises RetriableError: the answer is not Shopify's, and no list would read as an empty one.
        """
        found: list[StoreWebhook] = []
        cursor: str | None = None
        while True:
            page: Any = self._shopify.ask(LISTED, {"first": self._page, "after": cursor}).get("webhookSubscriptions")
            try:
                found += [_webhook(node) for node in page["nodes"]]
                has_more, cursor = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
            except (KeyError, TypeError):
                raise RetriableError("shopify answered without webhooks") from None
            if not has_more:
                return found

    def create(self, topic: str, address: str) -> None:
        """Subscribe to a topic, with all fields, as JSON. One that is there already is no failure."""
        given = {"topic": _name_of(topic), "webhook": {"uri": address, "format": "JSON"}}
        try:
            _written(self._shopify.ask(CREATED, given).get("webhookSubscriptionCreate"))
        except RefusedByVendorError as refusal:
            if refusal.code != "TAKEN":
                raise

    def mend(self, webhook: StoreWebhook, address: str) -> None:
        """Make it send all fields of every event, as JSON.

        :raises PermanentError: Shopify took it and shows it as it was.
        """
        whole = {"uri": address, "format": "JSON", "includeFields": [], "filter": ""}
        answer = self._shopify.ask(CHANGED, {"id": webhook.webhook_id, "webhook": whole})
        if left := _written(answer.get("webhookSubscriptionUpdate")).amiss:
            raise PermanentError(f"shopify left it as it was: {', '.join(left)}")


def is_granted(scope: str, granted: frozenset[str]) -> bool:
    """Whether a scope to read was granted, by itself or with the one to write."""
    return scope in granted or scope.replace("read_", "write_", 1) in granted


def _written(payload: Any) -> StoreWebhook:
    if not isinstance(payload, dict):
        raise RetriableError("shopify did not say what became of a webhook")
    problems = payload.get("userErrors") or []
    if problems:
        said = str(problems[0].get("message") or "")
        code = next((code for words, code in REFUSALS if words in said.lower()), "INVALID")
        raise RefusedByVendorError("shopify", SUCCESS, code, fields=tuple(problems[0].get("field") or ()))
    if not isinstance(payload.get("webhookSubscription"), dict):
        raise RetriableError("shopify did not say what became of a webhook")
    return _webhook(payload["webhookSubscription"])


def _webhook(node: Mapping[str, Any]) -> StoreWebhook:
    named, form = str(node["topic"]), str(node["format"])
    amiss = {
        f"format {form}": form != "JSON",
        "some fields only": bool(node.get("includeFields")),
        "a filter": bool(node.get("filter")),
    }
    return StoreWebhook(
        webhook_id=str(node["id"]),
        topic=next((topic for topic in SCOPES if _name_of(topic) == named), named),
        address=str(node.get("uri") or ""),
        amiss=tuple(name for name, is_so in amiss.items() if is_so),
        version=str((node.get("apiVersion") or {}).get("handle") or ""),
    )


def _name_of(topic: str) -> str:
    """GraphQL's name of a topic: ``ORDERS_CREATE``."""
    return topic.replace("/", "_").upper()
