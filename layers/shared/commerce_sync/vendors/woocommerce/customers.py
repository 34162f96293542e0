"""A shop's new customers. Who changed, nobody can ask it: its API filters customers by no time of change."""

from datetime import datetime
from typing import Final

from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.places import page_after, page_in
from commerce_sync.vendors.woocommerce.client import PAGE, WooCommerce, count_in, dated, rows_in

CUSTOMERS: Final = "/customers"


class WooCommerceCustomers:
    """Customers of one shop."""

    def __init__(self, shop: WooCommerce) -> None:
        self._shop = shop

    def registered_since(self, moment: datetime, cursor: str | None) -> tuple[list[ChangedRecord], str | None]:
        """A hundred customers, the newest first, back to a moment, and the next cursor, or None where it is reached.

        Who registers meanwhile moves others to a later page, where they are read twice. Who is deleted moves others to
        an earlier one: where the shop's total has shrunk that page is read again. A customer without a time ends
        nothing.
        """
        number, total_before = page_in(cursor, "woocommerce")
        asked = {
            "role": "all",
            "orderby": "registered_date",
            "order": "desc",
            "per_page": str(PAGE),
            "page": str(number),
        }
        answer = self._shop.call("GET", CUSTOMERS, params=asked)
        found = [dated(row, "date_created_gmt") for row in rows_in(answer)]
        total, pages = count_in(answer, "X-WP-Total"), count_in(answer, "X-WP-TotalPages")
        inside = [one for one in found if one.modified_at is None or one.modified_at >= moment]
        has_more = len(inside) == len(found) and number < pages
        return inside, page_after(number, total_before, total, has_more=has_more)
