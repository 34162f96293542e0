"""A store's orders that changed, read page by page: each is what the webhook ``orders/updated`` would have carried."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.vendors.changed import ChangedRecord, number_in
from commerce_sync.vendors.shopify.client import Shopify
from commerce_sync.vendors.shopify.customers import instant
from commerce_sync.vendors.shopify.documents import ORDERS_COUNT

ORDERS: Final = "/orders.json"
OLDER: Final = "read_all_orders"
PAGE: Final = 250
"""The most rows of a page."""


class ShopifyOrders:
    """Orders of one store, ``page`` rows at once, at most 250.

    Scope: ``read_orders``; orders that are older than 60 days want ``read_all_orders`` too, and are not shown without.
    """

    def __init__(self, shopify: Shopify, page: int = PAGE) -> None:
        self._shopify = shopify
        self._page = page

    def modified_since(self, moment: datetime, cursor: str | None) -> tuple[list[ChangedRecord], str | None]:
        """A page of orders that changed at or after a moment, by id, and the next cursor: the last id (``since_id``).

        An id never moves. So rows of one second at a page's edge, and rows that change or go while pages are read, hide
        none: what changes stays among those that changed, where it was. Closed and cancelled orders are asked for too.
        """
        after = _id(cursor or "0")
        asked = {
            "status": "any",
            "updated_at_min": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "since_id": str(after),
            "limit": str(self._page),
        }
        rows = _rows(self._shopify.listed(ORDERS, asked))
        last = max((_id(row["id"]) for row in rows), default=after)
        return [_changed(row) for row in rows], str(last) if len(rows) >= self._page and last > after else None

    def count_since(self, moment: datetime | None) -> int:
        """About how many orders changed since a moment, or how many there are.

        :raises PermanentError: nobody says: older orders are not shown to this token, or Shopify stopped counting.
        """
        if OLDER not in self._shopify.scopes():
            raise PermanentError(f"shopify: without {OLDER} only orders of the last 60 days are shown")
        query = None if moment is None else f'updated_at:>="{instant(moment)}"'
        counted = self._shopify.ask(ORDERS_COUNT, {"query": query}).get("ordersCount") or {}
        if counted.get("precision") != "EXACT":
            raise PermanentError("shopify: the count of orders is not exact")
        return number_in(counted, "count", "shopify")


def _rows(answer: Any) -> list[Mapping[str, Any]]:
    rows = answer.get("orders") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "id" in row for row in rows):
        raise RetriableError("shopify answered without orders")
    return rows


def _id(said: Any) -> int:
    try:
        return int(said)
    except (TypeError, ValueError):
        raise PermanentError("shopify: an order's id is a number") from None


def _changed(row: Mapping[str, Any]) -> ChangedRecord:
    try:
        at: datetime | None = datetime.fromisoformat(row.get("updated_at") or "").astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        at = None
    return ChangedRecord(str(row["id"]), at, row)
