"""What the schemes share: keyed hashes compared in constant time, and the window in which a time is believed."""

import hmac
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Mapping

from commerce_sync.webhooks.refusals import UnverifiedError


def header(headers: Mapping[str, str], name: str) -> str:
    """A header that must be there and be ASCII: signatures, ids and times are."""
    value = headers.get(name, "")
    if not value:
        raise UnverifiedError("signature_missing")
    if not value.isascii():
        raise UnverifiedError("signature_malformed")
    return value


def from_base64(text: str) -> bytes:
    """Strictly decoded base64."""
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError) as error:
        raise UnverifiedError("signature_malformed") from error


def require_match(claimed: Iterable[bytes], keys: Iterable[bytes], message: bytes) -> None:
    """Some claimed HMAC-SHA256 was made with some key. Every pair is compared, each in constant time.

    An empty key is no key: anybody could sign with it.
    """
    expected = [hmac.digest(key, message, "sha256") for key in keys if key]
    matches = [hmac.compare_digest(signature, mac) for signature in claimed for mac in expected]
    if not any(matches):
        raise UnverifiedError("signature_mismatch")


def require_recent(text: str, *, unit: float, now: float, tolerance: float) -> None:
    """A signed time, counted in ``unit`` seconds, no further from now than the tolerance in seconds."""
    if not (text.isascii() and text.isdigit() and len(text) <= len("1790000000000")):
        raise UnverifiedError("timestamp_malformed")
    if abs(now - int(text) * unit) > tolerance:
        raise UnverifiedError("timestamp_outside_window")
