"""An account's webhooks (2021-11). Recharge signs with the API client's secret: none is set here.

No header of a delivery names its topic, so each topic has an address of its own. One that nobody answered for two days
is deleted, not switched off. From a client of its API (github.com/ChemicalLuck/recharge-api-python): an ``address`` and
a ``topic``, ``read_customers`` and ``read_subscriptions`` for the topics of either; that a list goes on by
``next_cursor`` is so of its other lists, and unverified here.
"""

from collections.abc import Mapping
from typing import Any, Final

from commerce_sync.contracts.store_webhooks import StoreWebhook
from commerce_sync.errors import RetriableError
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.places import numbered
from commerce_sync.vendors.recharge.client import Recharge

WEBHOOKS: Final = "/webhooks"
PAGE: Final = 250
"""The most rows of a page."""


class RechargeWebhooks:
    """Fits :class:`commerce_sync.operating.store_webhooks.Webhooks`."""

    def __init__(self, account: Recharge, page: int = PAGE) -> None:
        self._account = account
        self._page = page

    def all(self) -> list[StoreWebhook]:
        """Every webhook that our API client made. A page without any new one is the last, whatever its cursor."""
        found: dict[str, StoreWebhook] = {}
        params = {"limit": str(self._page)}
        while True:
            answer = self._account.listed(WEBHOOKS, params).json
            rows = answer.get("webhooks") if isinstance(answer, dict) else None
            if not isinstance(rows, list) or not all(isinstance(row, dict) and "id" in row for row in rows):
                raise RetriableError("recharge answered without webhooks")
            known = len(found)
            found |= {str(row["id"]): _webhook(row) for row in rows}
            if not (cursor := answer.get("next_cursor")) or len(found) == known:
                return list(found.values())
            params = {"limit": str(self._page), "cursor": str(cursor)}

    def create(self, topic: str, address: str) -> None:
        """Subscribe to one topic."""
        _require_kept(self._account.call("POST", WEBHOOKS, {"topic": topic, "address": address}))

    def mend(self, webhook: StoreWebhook, address: str) -> None:
        """Let one deliver to the address of its topic."""
        body = {"topic": webhook.topic, "address": address}
        _require_kept(self._account.call("PUT", numbered(WEBHOOKS, webhook.webhook_id), body))


def _require_kept(answer: Answer) -> None:
    if not isinstance(answer.json, dict) or not isinstance(answer.json.get("webhook"), dict):
        raise RetriableError("recharge did not say what became of a webhook")


def _webhook(row: Mapping[str, Any]) -> StoreWebhook:
    return StoreWebhook(str(row["id"]), str(row.get("topic") or ""), str(row.get("address") or ""))
