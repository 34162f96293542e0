"""HubSpot v3: base64 of HMAC-SHA256 over method + URI + body + timestamp, keyed with the app's client secret.

The URI is the public target URL, in which HubSpot decodes a few escapes before it signs. The older v1 and
v2 signatures have no protection against replay and are not accepted (developers.hubspot.com, validating requests).
"""

import re

from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes.signing import from_base64, header, require_match, require_recent

DECODED = re.compile("%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)
MILLISECOND = 0.001


def verify(delivery: Delivery, secrets: list[str], *, now: float, tolerance: float) -> None:
    """Check ``X-HubSpot-Signature-v3`` over ``X-HubSpot-Request-Timestamp`` (milliseconds)."""
    claimed = from_base64(header(delivery.headers, "x-hubspot-signature-v3"))
    timestamp = header(delivery.headers, "x-hubspot-request-timestamp")
    uri = DECODED.sub(lambda escape: chr(int(escape[1], 16)), delivery.url)
    message = f"{delivery.method}{uri}".encode(errors="replace") + delivery.body + timestamp.encode()
    require_match([claimed], (secret.encode() for secret in secrets), message)
    require_recent(timestamp, unit=MILLISECOND, now=now, tolerance=tolerance)


def describe(delivery: Delivery) -> tuple[str, str]:
    """One body holds up to 100 events of many kinds, so the topic is the batch; HubSpot names no delivery."""
    return delivery.path_topic or "events", ""
