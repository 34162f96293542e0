"""A shop's orders, read: those that changed, and the refunds of one."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from commerce_sync.errors import PermanentError
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.places import numbered
from commerce_sync.vendors.woocommerce.client import PAGE, WooCommerce, count_in, dated, record_in, rows_in
from commerce_sync.vendors.woocommerce.shared_row import place_after, place_in

ORDERS: Final = "/orders"
_SECOND: Final = timedelta(seconds=1)


class WooCommerceOrders:
    """Orders of one shop, ``page`` rows at once: two at least, at most a hundred."""

    def __init__(self, shop: WooCommerce, page: int = PAGE) -> None:
        self._shop = shop
        self._page = page

    def modified_since(self, moment: datetime, cursor: str | None) -> tuple[list[ChangedRecord], str | None]:
        """A page of orders that changed after a moment (to the second), by id, and the next cursor.

        Each is what a webhook would have carried.

        The API cannot sort by the time of change. So all of a window is read, a row shared between pages, before
        anything is confirmed. Orders go meanwhile: drafts do, once a day. One that changes meanwhile moves others to a
        later page, where they are read twice. A refund need not change an order's time; its webhook tells it.

        :raises PermanentError: the shop showed an order that is older: it is of a version that does not know
            ``modified_after`` and would show all its orders, each time. Or it counts orders that it does not show, half
            a page of them: its list would have no end.
        """
        offset, said = place_in(cursor)
        last = _number(said) if said else 0
        answer = self._shop.call("GET", ORDERS, params=_since(moment) | _page(self._page, offset))
        found, total = _found(answer, moment), count_in(answer, "X-WP-Total")
        ids = [_number(one.record_id) for one in found]
        joins = not offset or min(ids, default=last + 1) <= last
        following = place_after(offset, self._page, total, joins=joins)
        is_short = following is not None and len(ids) < min(self._page, total - offset)
        if joins and is_short and max(ids, default=0) <= last:
            raise PermanentError("woocommerce: the shop counts orders that it does not show")
        fresh = found[1:] if offset and last in ids[:1] else found
        return fresh, None if following is None else f"{following}:{max([*ids, last]) if joins else last}"

    def count_since(self, moment: datetime | None) -> int:
        """About how many orders changed since a moment, or how many there are: the total of a page of one order.

        :raises PermanentError: that order is older, as in :meth:`modified_since`, and the total is of all orders.
        """
        since = {"status": "any"} if moment is None else _since(moment)
        answer = self._shop.call("GET", ORDERS, params=since | _page(1, 0))
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


def _page(size: int, offset: int) -> dict[str, str]:
    return {"orderby": "id", "order": "asc", "per_page": str(size), "offset": str(offset)}


def _found(answer: Answer, moment: datetime | None) -> list[ChangedRecord]:
    """The orders of an answer, none of which is older than was asked for."""
    found = [dated(row, "date_modified_gmt") for row in rows_in(answer)]
    if moment and any(one.modified_at and one.modified_at < _floored(moment) - _SECOND for one in found):
        raise PermanentError("woocommerce: the shop is too old to know modified_after: update WooCommerce")
    return found


def _floored(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _number(order_id: str) -> int:
    if not (order_id.isascii() and order_id.isdecimal()):
        raise PermanentError("woocommerce: a record's id is a number")
    return int(order_id)
