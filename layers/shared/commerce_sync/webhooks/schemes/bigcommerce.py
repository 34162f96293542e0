"""BigCommerce: Standard Webhooks, keyed with the bytes of the app's client secret.

It tries for 48 hours and does not say whether a retry is signed anew, so its window is a setting of its own: where it
is widened, a replay is harmless by its ids, downstream (developer.bigcommerce.com, webhooks).
"""

import json

from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes.standard_webhooks import require_signed

LONGEST_TOPIC = 100


def verify(delivery: Delivery, secrets: list[str], *, now: float, tolerance: float) -> None:
    """Check ``webhook-signature`` over ``webhook-id`` and ``webhook-timestamp``."""
    require_signed(delivery, [secret.encode() for secret in secrets], now=now, tolerance=tolerance)


def describe(delivery: Delivery) -> tuple[str, str]:
    """The topic is the body's ``scope`` unless the path names one; the delivery id is ``webhook-id``.

    The body is small and believed by now: what it is about decides on which queue it goes.
    """
    return delivery.path_topic or _scope(delivery.body), delivery.headers.get("webhook-id", "")


def _scope(body: bytes) -> str:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    scope = said.get("scope") if isinstance(said, dict) else None
    return scope[:LONGEST_TOPIC] if isinstance(scope, str) and scope.isascii() else ""
