"""A store's orders that changed, read page by page (Orders V2). Their lines are not among it, so a row is a hint."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any, Final

from commerce_sync.errors import PermanentError
from commerce_sync.vendors.bigcommerce.client import BigCommerce
from commerce_sync.vendors.bigcommerce.records import ORDERS, PAGE, list_in
from commerce_sync.vendors.changed import ChangedRecord, number_in

_SECOND: Final = timedelta(seconds=1)
_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"
COUNT: Final = f"{ORDERS}/count"
NEVER: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""Since when no order can have changed."""


class BigCommerceOrders:
    """Orders of one store, but for archived ones. ``page`` rows are asked for at once, at most 250."""

    def __init__(self, store: BigCommerce, page: int = PAGE) -> None:
        self._store = store
        self._page = page

    def modified_since(self, moment: datetime, cursor: str | None) -> tuple[list[ChangedRecord], str | None]:
        """A page of orders that changed at or after a moment, by that time, and the next cursor.

        No page is counted, for an order that changes meanwhile would draw another past an edge. The next page begins a
        second before the last row's time, because nobody says whether ``min_date_modified`` is inclusive; rows of the
        edge are shown twice. Where a whole page is of a second or two, what is left is read by id, which never moves.

        :raises PermanentError: the store shows other orders than were asked for, and its list would have no end.
        """
        since, after = _place(cursor, moment)
        asked = {"min_date_modified": since.strftime(_FORMAT), "limit": str(self._page)}
        by_id = {"sort": "id:asc"} | ({"min_id": str(after + 1)} if after else {})
        answer = self._store.call(
            "GET", ORDERS, params=asked | ({"sort": "date_modified:asc"} if after is None else by_id)
        )
        rows = list_in([] if answer.json is None else answer.json)
        found = [_changed(row) for row in rows]
        if len(found) < self._page:
            return found, None
        if after is None:
            return found, _cursor(*_following(found, since))
        last = max(_id(one) for one in found)
        if last <= after:
            raise PermanentError("bigcommerce: the store does not know min_id")
        return found, _cursor(since, last)

    def count_since(self, moment: datetime | None) -> int:
        """About how many orders changed since a moment, or how many there are; whether archived ones count is unsaid.

        V2's reference gives the count the list's filters, and calls it the whole store's. So a filter is believed
        where one that nothing can pass counts nothing.

        :raises PermanentError: the filter is not heeded, and the count would be of other orders.
        """
        if moment is None:
            return self._counted({})
        if self._counted({"min_date_modified": NEVER.strftime(_FORMAT)}):
            raise PermanentError("bigcommerce: the store counts all its orders, whenever they changed")
        return self._counted({"min_date_modified": moment.astimezone(UTC).strftime(_FORMAT)})

    def _counted(self, asked: Mapping[str, str]) -> int:
        return number_in(self._store.call("GET", COUNT, params=asked).json, "count", "bigcommerce")


def _following(found: Sequence[ChangedRecord], since: datetime) -> tuple[datetime, int | None]:
    """A second before the last row, where that leaves the first one behind; else all since then, by id."""
    times = [one.modified_at for one in found if one.modified_at]
    is_ordered = len(times) == len(found) and all(earlier <= later for earlier, later in pairwise(times))
    return (times[-1] - _SECOND, None) if is_ordered and times[0] < times[-1] - _SECOND else (since, 0)


def _cursor(since: datetime, after: int | None) -> str:
    return f"{since.strftime(_FORMAT)} {'' if after is None else after}"


def _place(cursor: str | None, moment: datetime) -> tuple[datetime, int | None]:
    """From when, and behind which id where orders are read by id."""
    if cursor is None:
        return moment.astimezone(UTC).replace(microsecond=0), None
    since, _, after = cursor.partition(" ")
    try:
        return datetime.strptime(since, _FORMAT).replace(tzinfo=UTC), int(after) if after else None
    except ValueError:
        raise PermanentError("bigcommerce: that is no cursor") from None


def _id(order: ChangedRecord) -> int:
    if not order.record_id.isdecimal():
        raise PermanentError("bigcommerce: an order's id is a number")
    return int(order.record_id)


def _changed(row: Mapping[str, Any]) -> ChangedRecord:
    try:
        at: datetime | None = parsedate_to_datetime(str(row.get("date_modified"))).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        at = None
    return ChangedRecord(str(row.get("id")), at, row)
