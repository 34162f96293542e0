"""Standard Webhooks (standardwebhooks.com): ``v1,`` + base64 of HMAC-SHA256 over ``id.timestamp.body``.

Secrets are ``whsec_`` + base64. The header may hold several signatures, separated by spaces, for rotation.
The body is a CloudEvents 1.0 event, whose ``type`` is the topic: it stands inside the body, so it is read later.
"""

from collections.abc import Iterable
from contextlib import suppress

from commerce_sync.webhooks.refusals import UnverifiedError
from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes.signing import from_base64, header, require_match, require_recent

PREFIX = "whsec_"
LONGEST_HEADER = 4096


def verify(delivery: Delivery, secrets: list[str], *, now: float, tolerance: float) -> None:
    """Check ``webhook-signature`` over ``webhook-id`` and ``webhook-timestamp``."""
    keys = _readable(secret.removeprefix(PREFIX) for secret in secrets)
    require_signed(delivery, keys, now=now, tolerance=tolerance)


def require_signed(delivery: Delivery, keys: Iterable[bytes], *, now: float, tolerance: float) -> None:
    """The same with the keys as bytes, however the sender's secrets become them."""
    delivery_id = header(delivery.headers, "webhook-id")
    timestamp = header(delivery.headers, "webhook-timestamp")
    signatures = header(delivery.headers, "webhook-signature")
    if len(signatures) > LONGEST_HEADER:
        raise UnverifiedError("signature_malformed")
    claimed = _readable(part[3:] for part in signatures.split(" ") if part.startswith("v1,"))
    if not claimed:
        raise UnverifiedError("signature_malformed")
    message = f"{delivery_id}.{timestamp}.".encode() + delivery.body
    require_match(claimed, keys, message)
    require_recent(timestamp, unit=1, now=now, tolerance=tolerance)


def _readable(texts: Iterable[str]) -> list[bytes]:
    """Those that decode. One bad signature or secret of several, as a rotation may leave, spoils no good one."""
    found = []
    for text in texts:
        with suppress(UnverifiedError):
            found.append(from_base64(text))
    return found


def describe(delivery: Delivery) -> tuple[str, str]:
    """The topic only where the path names one; the delivery id is ``webhook-id``."""
    return delivery.path_topic, delivery.headers.get("webhook-id", "")
