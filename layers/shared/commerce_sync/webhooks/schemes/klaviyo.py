"""Klaviyo: hexadecimal HMAC-SHA256 over the raw body and, right behind it, the text of ``Klaviyo-Timestamp``.

The time is an HTTP date or ISO 8601. ``Klaviyo-Webhook-Id`` names the webhook and not the delivery, and is not signed:
translation compares it with the body's (developers.klaviyo.com, working with system webhooks).
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from commerce_sync.webhooks.refusals import UnverifiedError
from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes.signing import header, require_match

LONGEST_TIME = 64
DIGITS = frozenset("0123456789abcdef")
LENGTH = 64


def verify(delivery: Delivery, secrets: list[str], *, now: float, tolerance: float) -> None:
    """Check ``Klaviyo-Signature``."""
    signature = header(delivery.headers, "klaviyo-signature")
    timestamp = header(delivery.headers, "klaviyo-timestamp")
    if len(signature) != LENGTH or not DIGITS.issuperset(signature):
        raise UnverifiedError("signature_malformed")
    keys = (secret.encode() for secret in secrets)
    require_match([bytes.fromhex(signature)], keys, delivery.body + timestamp.encode())
    if abs(now - _moment(timestamp)) > tolerance:
        raise UnverifiedError("timestamp_outside_window")


def _moment(text: str) -> float:
    """Seconds since 1970. A time without an offset is UTC, as HTTP dates are."""
    if len(text) > LONGEST_TIME:
        raise UnverifiedError("timestamp_malformed")
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            continue
    raise UnverifiedError("timestamp_malformed")


def describe(delivery: Delivery) -> tuple[str, str]:
    """One body holds up to a thousand events of many kinds, so the topic is the batch; no delivery has an id."""
    return delivery.path_topic or "events", ""
