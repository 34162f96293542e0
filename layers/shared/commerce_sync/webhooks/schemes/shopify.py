"""Shopify: base64 of HMAC-SHA256 over the raw body, keyed with the app's client secret.

No time is signed, so a replay is harmless only by its ids, downstream (shopify.dev, webhooks over HTTPS).
"""

from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes.signing import from_base64, header, require_match


def verify(delivery: Delivery, secrets: list[str], *, now: float, tolerance: float) -> None:  # noqa: ARG001 # a scheme's signature; nothing here is timed
    """Check ``X-Shopify-Hmac-Sha256``."""
    claimed = from_base64(header(delivery.headers, "x-shopify-hmac-sha256"))
    require_match([claimed], (secret.encode() for secret in secrets), delivery.body)


def describe(delivery: Delivery) -> tuple[str, str]:
    """Topic and delivery id from their headers."""
    topic = delivery.path_topic or delivery.headers.get("x-shopify-topic", "")
    return topic, delivery.headers.get("x-shopify-webhook-id", "")
