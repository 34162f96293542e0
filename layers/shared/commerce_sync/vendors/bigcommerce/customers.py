"""A store's customers that changed, read page by page (Customers V3). A row is a hint: webhooks name ids alone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from commerce_sync.errors import RetriableError
from commerce_sync.vendors.bigcommerce.client import BigCommerce
from commerce_sync.vendors.bigcommerce.records import CUSTOMERS, PAGE, inside, list_in
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.places import page_after, page_in

_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"


class BigCommerceCustomers:
    """Customers of one store. ``page`` rows are asked for at once, at most 250."""

    def __init__(self, store: BigCommerce, page: int = PAGE) -> None:
        self._store = store
        self._page = page

    def modified_since(self, moment: datetime, cursor: str | None) -> tuple[list[ChangedRecord], str | None]:
        """A page of customers that changed at or after a moment, by when they were created, and the next cursor.

        When somebody was created never changes, so a customer that changes meanwhile moves nobody to an earlier page.
        One that is deleted does: where the total has shrunk, the page before is read again. The parameters
        ``date_modified:min``, ``sort`` and ``page`` of V3, and its ``meta.pagination.total``, are unverified.

        :raises RetriableError: the answer has no total, and its end would be a guess.
        """
        number, total_before = page_in(cursor, "bigcommerce")
        asked = {
            "date_modified:min": moment.astimezone(UTC).strftime(_FORMAT),
            "sort": "date_created:asc",
            "limit": str(self._page),
            "page": str(number),
        }
        answer = self._store.call("GET", CUSTOMERS, params=asked).json
        found, total = [_changed(row) for row in list_in(inside(answer))], _total(answer)
        return found, page_after(number, total_before, total, has_more=number * self._page < total)


def _total(answer: Any) -> int:
    total = ((answer.get("meta") or {}).get("pagination") or {}).get("total")
    if not isinstance(total, int):
        raise RetriableError("bigcommerce answered without a total")
    return total


def _changed(row: Mapping[str, Any]) -> ChangedRecord:
    try:
        at: datetime | None = datetime.fromisoformat(str(row.get("date_modified"))).astimezone(UTC)
    except (ValueError, OverflowError):
        at = None
    return ChangedRecord(str(row.get("id")), at, row)
