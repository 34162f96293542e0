"""A store's customers that changed, read page by page (Customers V3). A row is a hint: webhooks name ids alone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.vendors.bigcommerce.client import BigCommerce
from commerce_sync.vendors.bigcommerce.records import CUSTOMERS, PAGE, inside, list_in
from commerce_sync.vendors.changed import ChangedRecord

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
        number, total_before = _place(cursor)
        asked = {
            "date_modified:min": moment.astimezone(UTC).strftime(_FORMAT),
            "sort": "date_created:asc",
            "limit": str(self._page),
            "page": str(number),
        }
        answer = self._store.call("GET", CUSTOMERS, params=asked).json
        found, total = [_changed(row) for row in list_in(inside(answer))], _total(answer)
        if total < total_before and number > 1:
            return found, f"{number - 1}.{total}"
        return found, f"{number + 1}.{total}" if number * self._page < total else None


def _total(answer: Any) -> int:
    total = ((answer.get("meta") or {}).get("pagination") or {}).get("total")
    if not isinstance(total, int):
        raise RetriableError("bigcommerce answered without a total")
    return total


def _place(cursor: str | None) -> tuple[int, int]:
    """The page to read, and how many customers there were when the one before it was."""
    if cursor is None:
        return 1, 0
    number, _, total = cursor.partition(".")
    try:
        return max(1, int(number)), int(total)
    except ValueError:
        raise PermanentError("bigcommerce: that is no cursor") from None


def _changed(row: Mapping[str, Any]) -> ChangedRecord:
    try:
        at: datetime | None = datetime.fromisoformat(str(row.get("date_modified"))).astimezone(UTC)
    except (ValueError, OverflowError):
        at = None
    return ChangedRecord(str(row.get("id")), at, row)
