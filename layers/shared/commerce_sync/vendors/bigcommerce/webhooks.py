"""A store's webhooks (V3). Those of our own API account are shown, and no scope is needed to manage them.

BigCommerce signs with the account's client secret: none is set here. It switches a webhook off that nobody answered for
two days, or that nothing happened at for ninety (github.com/bigcommerce/docs, reference/webhooks.v3.yml).
"""

from collections.abc import Mapping
from typing import Any, Final

from commerce_sync.contracts.store_webhooks import StoreWebhook
from commerce_sync.errors import RetriableError
from commerce_sync.vendors.bigcommerce.client import BigCommerce
from commerce_sync.vendors.bigcommerce.records import PAGE, inside, list_in
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.places import numbered

HOOKS: Final = "/v3/hooks"
OFF: Final = "disabled"


class BigCommerceWebhooks:
    """Fits :class:`commerce_sync.operating.store_webhooks.Webhooks`; a topic is a scope, in BigCommerce's letters."""

    def __init__(self, store: BigCommerce, page: int = PAGE) -> None:
        self._store = store
        self._page = page

    def all(self) -> list[StoreWebhook]:
        """Every webhook, on or off."""
        found: dict[str, StoreWebhook] = {}
        number = pages = 1
        while number <= pages:
            params = {"limit": str(self._page), "page": str(number)}
            answer = self._store.call("GET", HOOKS, params=params).json
            found |= {str(row.get("id")): _webhook(row) for row in list_in(inside(answer))}
            number, pages = number + 1, _pages_in(answer)
        return list(found.values())

    def create(self, topic: str, address: str) -> None:
        """Hook one scope. It may take a minute until the first delivery."""
        body = {"scope": topic, "destination": address, "is_active": True}
        _require_on(self._store.call("POST", HOOKS, body))

    def mend(self, webhook: StoreWebhook, address: str) -> None:
        """Switch one on again.

        :raises RetriableError: the store did not say that it is on now.
        """
        body = {"scope": webhook.topic, "destination": address, "is_active": True}
        _require_on(self._store.call("PUT", numbered(HOOKS, webhook.webhook_id), body))


def _webhook(row: Mapping[str, Any]) -> StoreWebhook:
    amiss = () if _is_on(row) else (OFF,)
    return StoreWebhook(str(row.get("id")), str(row.get("scope") or ""), str(row.get("destination") or ""), amiss)


def _require_on(answer: Answer) -> None:
    if not _is_on(inside(answer.json)):
        raise RetriableError("bigcommerce did not say that a webhook is on")


def _is_on(row: Any) -> bool:
    return isinstance(row, dict) and row.get("is_active") is True


def _pages_in(answer: Any) -> int:
    """How many pages there are; one where the answer does not say it, as it need not."""
    pages = ((answer.get("meta") or {}).get("pagination") or {}).get("total_pages")
    return pages if isinstance(pages, int) else 1
