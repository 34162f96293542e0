"""A shop's new customers. Who changed, nobody can ask it: its API filters customers by no time of change."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from commerce_sync.errors import PermanentError
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.woocommerce.client import PAGE, WooCommerce, count_in, rows_in

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
        number, total_before = _place(cursor)
        asked = {
            "role": "all",
            "orderby": "registered_date",
            "order": "desc",
            "per_page": str(PAGE),
            "page": str(number),
        }
        answer = self._shop.call("GET", CUSTOMERS, params=asked)
        found = [_registered(row) for row in rows_in(answer)]
        total, pages = count_in(answer, "X-WP-Total"), count_in(answer, "X-WP-TotalPages")
        inside = [one for one in found if one.modified_at is None or one.modified_at >= moment]
        if total < total_before and number > 1:
            return inside, f"{number - 1}.{total}"
        return inside, f"{number + 1}.{total}" if len(inside) == len(found) and number < pages else None


def _place(cursor: str | None) -> tuple[int, int]:
    """The page to read, and how many customers there were when the one before it was."""
    if cursor is None:
        return 1, 0
    number, _, total = cursor.partition(".")
    try:
        return max(1, int(number)), int(total)
    except ValueError:
        raise PermanentError("woocommerce: that is no cursor") from None


def _registered(row: Mapping[str, Any]) -> ChangedRecord:
    try:
        at = datetime.fromisoformat(row.get("date_created_gmt") or "")
    except (TypeError, ValueError):
        return ChangedRecord(str(row["id"]), None, row)
    return ChangedRecord(str(row["id"]), at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC), row)
