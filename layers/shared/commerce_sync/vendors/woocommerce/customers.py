"""A shop's new customers. Who changed, nobody can ask it: its API filters customers by no time of change."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.woocommerce.client import PAGE, WooCommerce, count_in, dated, rows_in
from commerce_sync.vendors.woocommerce.shared_row import place_after, place_in

CUSTOMERS: Final = "/customers"


class WooCommerceCustomers:
    """Customers of one shop, ``page`` rows at once: two at least, at most a hundred."""

    def __init__(self, shop: WooCommerce, page: int = PAGE) -> None:
        self._shop = shop
        self._page = page

    def registered_since(self, moment: datetime, cursor: str | None) -> tuple[list[ChangedRecord], str | None]:
        """A page of customers, the newest first, back to a moment, and the next cursor, or None where it is reached.

        Each page begins with the last row of the one before, for customers go meanwhile; who registers moves others to
        a later page, where they are read twice. A customer without a time ends nothing.
        """
        offset, last = place_in(cursor)
        asked = {
            "role": "all",
            "orderby": "registered_date",
            "order": "desc",
            "per_page": str(self._page),
            "offset": str(offset),
        }
        answer = self._shop.call("GET", CUSTOMERS, params=asked)
        found = [dated(row, "date_created_gmt") for row in rows_in(answer)]
        inside = [one for one in found if one.modified_at is None or one.modified_at >= moment]
        joins = not offset or _joins(found, last)
        following = place_after(offset, self._page, count_in(answer, "X-WP-Total"), joins=joins)
        if following is None or (joins and len(inside) < max(len(found), 1)):
            return inside, None
        return inside, f"{following}:{_mark(found[-1]) if joins else last}"


def _joins(found: Sequence[ChangedRecord], last: str) -> bool:
    """Whether a page begins with the row that was read last, or with a newer one. Of one second, nobody knows."""
    if not found or _mark(found[0]) == last:
        return bool(found)
    _, _, since = last.partition("@")
    at = found[0].modified_at
    return at is not None and (not since or at > datetime.fromisoformat(since))


def _mark(customer: ChangedRecord) -> str:
    return f"{customer.record_id}@{customer.modified_at.isoformat() if customer.modified_at else ''}"
