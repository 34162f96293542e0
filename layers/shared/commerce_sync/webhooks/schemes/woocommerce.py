"""WooCommerce: base64 of HMAC-SHA256 over the raw body, keyed with the secret after WordPress decoded its entities.

No time is signed, so a replay is harmless only by its ids, downstream. The shop's own code is the only reference
(woocommerce/includes/class-wc-webhook.php, ``generate_signature`` and ``deliver_ping``; WordPress,
``wp_specialchars_decode`` with both kinds of quotes).
"""

import re

from commerce_sync.webhooks.refusals import NothingToKeepError
from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes.signing import from_base64, header, require_match

SIGNATURE = "x-wc-webhook-signature"
PING = re.compile(rb"webhook_id=[0-9]{1,20}")
ENTITIES = re.compile("&(?:(?P<name>amp|lt|gt|quot)|#0*(?P<code>34|38|39|60|62)|#[xX]0*(?P<hex>22|26|27));")
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"'}


def verify(delivery: Delivery, secrets: list[str], *, now: float, tolerance: float) -> None:  # noqa: ARG001 # a scheme's signature; nothing here is timed
    """Check ``X-WC-Webhook-Signature``.

    :raises NothingToKeepError: the shop tries the address of a webhook that was just created, unsigned.
    """
    if SIGNATURE not in delivery.headers and PING.fullmatch(delivery.body):
        raise NothingToKeepError("creation_ping")
    claimed = from_base64(header(delivery.headers, SIGNATURE))
    require_match([claimed], (decoded(secret).encode() for secret in secrets), delivery.body)


def describe(delivery: Delivery) -> tuple[str, str]:
    """Topic and delivery id from their headers. The id is not unique: a shop makes it of the webhook and the second."""
    topic = delivery.path_topic or delivery.headers.get("x-wc-webhook-topic", "")
    return topic, delivery.headers.get("x-wc-webhook-delivery-id", "")


def decoded(secret: str) -> str:
    """The secret as WordPress decodes it: these few entities and no others, in one pass, whatever comes of it."""
    return ENTITIES.sub(_character, secret)


def _character(entity: re.Match[str]) -> str:
    if name := entity["name"]:
        return NAMED[name]
    return chr(int(entity["code"]) if entity["code"] else int(entity["hex"], 16))
