"""Web events: a token that stands in the shop's pages, for everybody to read. It proves that somebody visited a page.

So nothing that comes with it is believed about consent or revenue, and what is not a list of events is refused here:
behind this door a delivery costs money, and anybody may send one.
"""

import hmac
from urllib.parse import parse_qsl

from commerce_sync.webhooks.plain_json import require_events
from commerce_sync.webhooks.refusals import UnverifiedError
from commerce_sync.webhooks.request import Delivery

LEAST_TOKEN = 16
MOST_PARAMETERS = 8


def verify(delivery: Delivery, secrets: list[str], *, now: float, tolerance: float) -> None:  # noqa: ARG001 # a scheme's signature; nothing here is timed
    """Check ``?token=``, then that the body is events.

    The token is in the address because ``navigator.sendBeacon`` can set no header.
    """
    claimed = _token(delivery.url.partition("?")[2])
    tokens = [secret.encode() for secret in secrets if len(secret) >= LEAST_TOKEN]
    matches = [hmac.compare_digest(claimed, token) for token in tokens]
    if not any(matches):
        raise UnverifiedError("token_mismatch")
    require_events(delivery.body)


def describe(_delivery: Delivery) -> tuple[str, str]:
    """The topic is one for all; a browser names no delivery."""
    return "events", ""


def _token(query: str) -> bytes:
    try:
        parameters = dict(parse_qsl(query, max_num_fields=MOST_PARAMETERS))
    except ValueError as error:
        raise UnverifiedError("token_malformed") from error
    if not (token := parameters.get("token")):
        raise UnverifiedError("token_missing")
    return token.encode()
