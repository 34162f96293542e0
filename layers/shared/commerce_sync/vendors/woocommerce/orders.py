"""A shop's orders, read: those that changed, and the refunds of one."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from commerce_sync.errors import PermanentError
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.places import numbered
from commerce_sync.vendors.woocommerce.client import PAGE, WooCommerce, count_in, dated, record_in, rows_in

ORDERS: Final = "/orders"
_SECOND: Final = timedelta(seconds=1)
_PLACE: Final = re.compile("[0-9]{1,12}:[0-9]{1,20}")
_OLDER: Final = re.compile("[0-9]{1,12}[.][0-9]{1,12}")
"""The number of a page, and how many rows there were."""


class WooCommerceOrders:
    """Orders of one shop, ``page`` rows at once: two at least, at most a hundred."""

    def __init__(self, shop: WooCommerce, page: int = PAGE) -> None:
        self._shop = shop
        self._page = page

    def modified_since(self, moment: datetime, cursor: str | None) -> tuple[list[ChangedRecord], str | None]:
        """A page of orders that changed after a moment (to the second), by id, and the next cursor.

        Each is what a webhook would have carried.

        The API cannot sort by the time of change, and does not read behind an id. So all of a window is read before
        anything is confirmed, and each page begins with the last row of the one before: while that stands there, or one
        of a smaller id does, nothing between them was passed over. Where it does not, orders went meanwhile (drafts do,
        once a day) and others moved up: half a page is gone back, until it is found. One that changes
        meanwhile moves others to a later page, where they are read twice. A refund need not change an order's time; its
        webhook tells it.

        :raises PermanentError: the shop showed an order that is older: it is of a version that does not know
            ``modified_after`` and would show all its orders, each time.
        """
        offset, last = _place(cursor)
        answer = self._shop.call("GET", ORDERS, params=_since(moment) | _page(self._page, offset))
        found, total = _found(answer, moment), count_in(answer, "X-WP-Total")
        ids = [_id(one) for one in found]
        if offset and min(ids, default=last + 1) > last:
            return found, f"{max(0, offset - self._page // 2)}:{last}"
        following = f"{offset + self._page - 1}:{max([*ids, last])}"
        fresh = found[1:] if offset and ids[0] == last else found
        return fresh, following if offset + self._page < total else None

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


def _place(cursor: str | None) -> tuple[int, int]:
    """How many rows to pass over, and the last id that was seen. What an older release noted is begun anew."""
    if cursor is None or _OLDER.fullmatch(cursor):
        return 0, 0
    if not _PLACE.fullmatch(cursor):
        raise PermanentError("woocommerce: that is no cursor")
    offset, _, last = cursor.partition(":")
    return int(offset), int(last)


def _id(order: ChangedRecord) -> int:
    if not order.record_id.isdecimal():
        raise PermanentError("woocommerce: a record's id is a number")
    return int(order.record_id)
