"""Recharge: hexadecimal HMAC-SHA256 over ``time.body``; older webhooks send a plain SHA-256 of secret and body.

The new header, ``X-Recharge-Webhook-Signature: t=...,v1=...``, speaks alone where it is there: whoever could choose
the weaker proof would. The old one, ``X-Recharge-Hmac-Sha256``, is no HMAC whatever it is called. Who holds a genuine
delivery can lengthen its body under such a hash, but only behind bytes that are no JSON, so nothing is translated of
it; and it signs no time, so a replay is harmless by its ids alone, downstream.

Recharge tries for 48 hours, so that is how long a signed time is believed. No header names the topic: the address does.
"""

import hmac
from collections.abc import Iterable
from hashlib import sha256

from commerce_sync.webhooks.refusals import UnverifiedError
from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes.signing import header, require_match, require_recent

SIGNATURE = "x-recharge-webhook-signature"
OLD_SIGNATURE = "x-recharge-hmac-sha256"
WINDOW = 48 * 3600.0
LONGEST_HEADER = 1024
DIGITS = frozenset("0123456789abcdef")
LENGTH = 64


def verify(delivery: Delivery, secrets: list[str], *, now: float, tolerance: float) -> None:
    """Check ``X-Recharge-Webhook-Signature``, or the older header where that one is absent."""
    keys = [secret.encode() for secret in secrets]
    if SIGNATURE not in delivery.headers:
        _require_old(header(delivery.headers, OLD_SIGNATURE), keys, delivery.body)
        return
    timestamp, claimed = _parts(header(delivery.headers, SIGNATURE))
    require_match(claimed, keys, f"{timestamp}.".encode() + delivery.body)
    require_recent(timestamp, unit=1, now=now, tolerance=max(tolerance, WINDOW))


def describe(delivery: Delivery) -> tuple[str, str]:
    """The topic is the end of the address (``subscription/created``); Recharge names no delivery."""
    return delivery.path_topic, ""


def _parts(value: str) -> tuple[str, list[bytes]]:
    """The time and the signatures; while a secret is changed there may be several."""
    if len(value) > LONGEST_HEADER:
        raise UnverifiedError("signature_malformed")
    parts = [part.partition("=")[::2] for part in value.split(",")]
    times = [said for name, said in parts if name == "t"]
    claimed = [_from_hexadecimal(said) for name, said in parts if name == "v1"]
    if len(times) != 1 or not claimed:
        raise UnverifiedError("signature_malformed")
    return times[0], claimed


def _require_old(value: str, keys: Iterable[bytes], body: bytes) -> None:
    """The old hash was made with some key. An empty key is none: anybody could make it."""
    claimed = _from_hexadecimal(value)
    matches = [hmac.compare_digest(claimed, sha256(key + body).digest()) for key in keys if key]
    if not any(matches):
        raise UnverifiedError("signature_mismatch")


def _from_hexadecimal(text: str) -> bytes:
    if len(text) != LENGTH or not DIGITS.issuperset(text):
        raise UnverifiedError("signature_malformed")
    return bytes.fromhex(text)
