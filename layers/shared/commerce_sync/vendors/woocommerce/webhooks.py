"""A shop's own webhooks: it switches one off after more than five failures in a row, for good, and tells nobody.

Each signs with a secret of its own, which is set and never shown. One that is created is on, whatever status is asked
for (woocommerce, class-wc-rest-webhooks-v1-controller.php).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from commerce_sync.contracts.store_webhooks import StoreWebhook
from commerce_sync.errors import ConfigurationError, RetriableError
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.places import numbered
from commerce_sync.vendors.woocommerce.client import PAGE, WooCommerce, count_in, rows_in

WEBHOOKS: Final = "/webhooks"
SUBSCRIPTIONS: Final = "/subscriptions"
ACTIVE: Final = "active"


class WooCommerceWebhooks:
    """The webhooks of one shop. Fits :class:`commerce_sync.operating.store_webhooks.Webhooks`.

    ``secret`` is what new and mended ones sign with: letters and digits, because a shop reads others as
    HTML before it signs.
    """

    def __init__(self, shop: WooCommerce, secret: str = "") -> None:
        self._shop = shop
        self._secret = secret

    def all(self) -> list[StoreWebhook]:
        """Every webhook, by id; ``disabled`` is one that the shop switched off, ``paused`` one that somebody did."""
        found: dict[str, StoreWebhook] = {}
        number = pages = 1
        while number <= pages:
            params = {"orderby": "id", "order": "asc", "per_page": str(PAGE), "page": str(number)}
            answer = self._shop.call("GET", WEBHOOKS, params=params)
            found |= {one.webhook_id: one for one in map(_webhook, rows_in(answer))}
            number, pages = number + 1, count_in(answer, "X-WP-TotalPages")
        return list(found.values())

    def create(self, topic: str, address: str) -> None:
        """Create one, on, that signs with our secret. The shop pings the address.

        :raises ConfigurationError: our secret is none that the shop signs with as it is.
        :raises RetriableError: the shop did not say that it is on.
        """
        if not (self._secret.isascii() and self._secret.isalnum()):
            raise ConfigurationError("woocommerce: a webhook's secret is letters and digits only")
        body = {"name": f"commerce sync: {topic}", "topic": topic, "delivery_url": address, "secret": self._secret}
        _require_active(self._shop.call("POST", WEBHOOKS, body))

    def mend(self, webhook: StoreWebhook, address: str) -> None:
        """Set one active, at an address, signing with our secret where we have one. Repeating it changes nothing.

        A shop switches off what we refuse, and what it signs with no shop shows: with a secret of before it would be
        switched off again.

        :raises RetriableError: the shop did not say that it is active now.
        """
        moved = {} if address == webhook.address else {"delivery_url": address}
        signed = {"secret": self._secret} if self._secret else {}
        body = {"status": ACTIVE, **moved, **signed}
        _require_active(self._shop.call("PUT", numbered(WEBHOOKS, webhook.webhook_id), body))

    def knows_subscriptions(self) -> bool:
        """Whether the shop has WooCommerce Subscriptions, without which it refuses the topics of subscriptions."""
        return self._shop.read(SUBSCRIPTIONS, {"per_page": "1"}) is not None


def switch_on_again(webhooks: WooCommerceWebhooks, ours: Iterable[str]) -> list[StoreWebhook]:
    """Set every webhook active again that leads to one of our addresses and is not; they are returned as they were.

    What changed while one was off, polling reads. Others' webhooks are left alone.
    """
    addresses = list(ours)
    off = [one for one in webhooks.all() if one.amiss and any(one.leads_to(address) for address in addresses)]
    for one in off:
        webhooks.mend(one, one.address)
    return off


def _require_active(answer: Answer) -> None:
    if not isinstance(answer.json, dict) or answer.json.get("status") != ACTIVE:
        raise RetriableError("woocommerce did not set a webhook active")


def _webhook(row: Mapping[str, Any]) -> StoreWebhook:
    status = str(row.get("status") or "")
    return StoreWebhook(
        webhook_id=str(row.get("id")),
        topic=str(row.get("topic") or ""),
        address=str(row.get("delivery_url") or ""),
        amiss=() if status == ACTIVE else (status or "no status",),
    )
