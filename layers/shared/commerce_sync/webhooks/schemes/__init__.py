"""How each source signs. Adding a source is one module here and one line below.

A scheme is a module with ``verify(delivery, secrets, *, now, tolerance)``, which raises
:class:`~commerce_sync.webhooks.refusals.UnverifiedError` or returns, and ``describe(delivery)``, which
returns the topic and the delivery id. Only the scheme that a request needs is imported.
"""

from importlib import import_module
from typing import Protocol

from commerce_sync.webhooks.refusals import RefusedError
from commerce_sync.webhooks.request import Delivery

SCHEMES = {
    "shopify": "shopify",
    "bigcommerce": "bigcommerce",
    "woocommerce": "woocommerce",
    "recharge": "recharge",
    "own": "standard_webhooks",
    "hubspot": "hubspot_v3",
    "klaviyo": "klaviyo",
    **dict.fromkeys(("preferences", "staff", "sms", "support", "properties"), "standard_webhooks"),
    "web": "public_token",
}


class Scheme(Protocol):
    """What a scheme's module offers."""

    def verify(self, delivery: Delivery, secrets: list[str], *, now: float, tolerance: float) -> None:
        """Return if any of the secrets signed the delivery, inside the window where one is signed."""

    def describe(self, delivery: Delivery) -> tuple[str, str]:
        """The topic and the sender's own delivery id, empty where the sender names none outside the body."""


def scheme_of(source: str) -> Scheme:
    """The scheme by which a source signs.

    :raises RefusedError: 404 ``unknown_source``.
    """
    if source not in SCHEMES:
        raise RefusedError(404, "unknown_source")
    scheme: Scheme = import_module(f"{__name__}.{SCHEMES[source]}")
    return scheme
