"""A shop's own webhooks: it switches one off after more than five failures in a row, for good, and tells nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast
from urllib.parse import urlsplit

from commerce_sync.errors import RetriableError
from commerce_sync.vendors.woocommerce.client import PAGE, WooCommerce, count_in, numbered, rows_in

WEBHOOKS: Final = "/webhooks"
Status = Literal["active", "paused", "disabled"]


@dataclass(frozen=True, slots=True)
class ShopWebhook:
    """One webhook. ``disabled`` is one that the shop switched off, ``paused`` one that somebody did."""

    webhook_id: str
    topic: str
    status: Status
    delivery_url: str

    def leads_to(self, ours: str) -> bool:
        """Whether it delivers to an address of ours, or to one below it (a topic's)."""
        told, wanted = urlsplit(self.delivery_url.strip()), urlsplit(ours)
        same_host = (told.scheme, told.netloc.lower()) == (wanted.scheme, wanted.netloc.lower())
        return same_host and f"{told.path.rstrip('/')}/".startswith(f"{wanted.path.rstrip('/')}/")


class WooCommerceWebhooks:
    """The webhooks of one shop."""

    def __init__(self, shop: WooCommerce) -> None:
        self._shop = shop

    def all(self) -> list[ShopWebhook]:
        """Every webhook, by id."""
        found: dict[str, ShopWebhook] = {}
        number = pages = 1
        while number <= pages:
            params = {"orderby": "id", "order": "asc", "per_page": str(PAGE), "page": str(number)}
            answer = self._shop.call("GET", WEBHOOKS, params=params)
            found |= {one.webhook_id: one for one in map(_webhook, rows_in(answer))}
            number, pages = number + 1, count_in(answer, "X-WP-TotalPages")
        return list(found.values())

    def activate(self, webhook_id: str) -> ShopWebhook:
        """Set one active. Repeating it changes nothing.

        :raises RetriableError: the shop did not say that it is active now.
        """
        answer = self._shop.call("PUT", numbered(WEBHOOKS, webhook_id), {"status": "active"})
        if not isinstance(answer.json, dict) or answer.json.get("status") != "active":
            raise RetriableError("woocommerce did not set a webhook active")
        return _webhook(answer.json)


def switch_on_again(webhooks: WooCommerceWebhooks, ours: Iterable[str]) -> list[ShopWebhook]:
    """Set every webhook active again that leads to one of our addresses and is not; they are returned as they were.

    What changed while one was off, polling reads. Others' webhooks are left alone.
    """
    addresses = list(ours)
    off = [
        one for one in webhooks.all() if one.status != "active" and any(one.leads_to(address) for address in addresses)
    ]
    for one in off:
        webhooks.activate(one.webhook_id)
    return off


def _webhook(row: Mapping[str, Any]) -> ShopWebhook:
    return ShopWebhook(
        str(row.get("id")),
        str(row.get("topic") or ""),
        cast("Status", row.get("status")),
        str(row.get("delivery_url") or ""),
    )
