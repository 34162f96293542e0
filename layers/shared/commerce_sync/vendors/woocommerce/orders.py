"""A shop's orders, read: those that changed, and the refunds of one."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from commerce_sync.errors import PermanentError
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.woocommerce.client import PAGE, WooCommerce, count_in, numbered, record_in, rows_in

ORDERS: Final = "/orders"
_SECOND: Final = timedelta(seconds=1)


class WooCommerceOrders:
    """Orders of one shop, ``page`` rows at once, at most a hundred."""

    def __init__(self, shop: WooCommerce, page: int = PAGE) -> None:
        self._shop = shop
        self._page = page

    def modified_since(self, moment: datetime, cursor: str | None) -> tuple[list[ChangedRecord], str | None]:
        """A page of orders that changed after a moment (to the second), by id, and the next cursor.

        Each is what a webhook would have carried.

        The API cannot sort by the time of change. So all pages of a window are read before anything is confirmed, and
        an order that changes meanwhile moves others to a later page, where they are read twice. One that is deleted
        meanwhile moves others to an earlier page: where the shop's total has shrunk that page is read again. A refund
        need not change an order's time; its webhook tells it.

        :raises PermanentError: the shop showed an order that is older: it is of a version that does not know
            ``modified_after`` and would show all its orders, each time.
        """
        number, total_before = _place(cursor)
        answer = self._shop.call("GET", ORDERS, params=_since(moment) | _page(number, self._page))
        found = _found(answer, moment)
        total, pages = count_in(answer, "X-WP-Total"), count_in(answer, "X-WP-TotalPages")
        if total < total_before and number > 1:
            return found, f"{number - 1}.{total}"
        return found, f"{number + 1}.{total}" if number < pages else None

    def count_since(self, moment: datetime | None) -> int:
        """About how many orders changed since a moment, or how many there are: the total of a page of one order.

        :raises PermanentError: that order is older, as in :meth:`modified_since`, and the total is of all orders.
        """
        since = {"status": "any"} if moment is None else _since(moment)
        answer = self._shop.call("GET", ORDERS, params=since | _page(1, 1))
        _found(answer, moment)
        return count_in(answer, "X-WP-Total")

    def read(self, order_id: str) -> Mapping[str, Any] | None:
        """One order as it stands; None where there is none."""
        answer = self._shop.read(numbered(ORDERS, order_id))
        return None if answer is None else record_in(answer)

    def refunds(self, order_id: str) -> list[Mapping[str, Any]]:
        """An order's refunds with their times (``date_created_gmt``) and positive ``amount``; none of an unknown one.

        An order of more than a hundred refunds tells the latest hundred.
        """
        answer = self._shop.read(f"{numbered(ORDERS, order_id)}/refunds?per_page={PAGE}")
        return [] if answer is None else list(rows_in(answer))


def _since(moment: datetime) -> dict[str, str]:
    """``status=any`` is all but the bin. Without ``dates_are_gmt`` the moment would be read in the shop's own time."""
    after = _floored(moment).strftime("%Y-%m-%dT%H:%M:%S")
    return {"modified_after": after, "dates_are_gmt": "true", "status": "any"}


def _page(number: int, size: int) -> dict[str, str]:
    return {"orderby": "id", "order": "asc", "per_page": str(size), "page": str(number)}


def _found(answer: Answer, moment: datetime | None) -> list[ChangedRecord]:
    """The orders of an answer, none of which is older than was asked for."""
    found = [_changed(row) for row in rows_in(answer)]
    if moment and any(one.modified_at and one.modified_at < _floored(moment) - _SECOND for one in found):
        raise PermanentError("woocommerce: the shop is too old to know modified_after: update WooCommerce")
    return found


def _floored(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _place(cursor: str | None) -> tuple[int, int]:
    """The page to read, and how many rows there were when the one before it was."""
    if cursor is None:
        return 1, 0
    number, _, total = cursor.partition(".")
    try:
        return max(1, int(number)), int(total)
    except ValueError:
        raise PermanentError("woocommerce: that is no cursor") from None


def _changed(row: Mapping[str, Any]) -> ChangedRecord:
    try:
        at = datetime.fromisoformat(row.get("date_modified_gmt") or "")
    except (TypeError, ValueError):
        return ChangedRecord(str(row["id"]), None, row)
    return ChangedRecord(str(row["id"]), at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC), row)
