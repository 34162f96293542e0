"""A store's customers that changed, read page by page (Customers V3). A row is a hint: webhooks name ids alone."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.vendors.bigcommerce.client import BigCommerce
from commerce_sync.vendors.bigcommerce.records import CUSTOMERS, PAGE, Record, inside, list_in
from commerce_sync.vendors.changed import ChangedRecord

_SECOND: Final = timedelta(seconds=1)
_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"
Place = tuple[datetime | None, int]
"""From whose creation on, and the page of those."""


class BigCommerceCustomers:
    """Customers of one store. ``page`` rows are asked for at once, at most 250."""

    def __init__(self, store: BigCommerce, page: int = PAGE) -> None:
        self._store = store
        self._page = page

    def modified_since(self, moment: datetime, cursor: str | None) -> tuple[list[ChangedRecord], str | None]:
        """A page of customers that changed at or after a moment, by when they were created, and the next cursor.

        When somebody was created never changes. So the next page is a first page again, from a second before the last
        row's creation: whoever goes or comes meanwhile moves nobody past it, and rows of the edge are shown twice. Only
        where a whole page is of a second or two its pages are counted. The parameters ``date_modified:min``,
        ``date_created:min``, ``sort`` and ``page`` of V3, and its ``meta.pagination.total``, are unverified.

        :raises RetriableError: the answer has no total, and its end would be a guess.
        :raises PermanentError: the store shows other customers than were asked for, and its list would have no end.
        """
        since, number = _place(cursor)
        asked = {
            "date_modified:min": _text(moment),
            "sort": "date_created:asc",
            "limit": str(self._page),
            "page": str(number),
        } | ({"date_created:min": _text(since)} if since else {})
        answer = self._store.call("GET", CUSTOMERS, params=asked).json
        rows = list_in(inside(answer))
        created = [_moment(row, "date_created") for row in rows]
        if since and any(at and at < since - _SECOND for at in created):
            raise PermanentError("bigcommerce: the store does not know date_created:min")
        found = [ChangedRecord(str(row.get("id")), _moment(row, "date_modified"), row) for row in rows]
        return found, _cursor(created, since, number) if number * self._page < _total(answer) else None


def _cursor(created: Sequence[datetime | None], since: datetime | None, number: int) -> str:
    """A second before the last row, where that leaves what was asked for behind; else the page after."""
    times = [at for at in created if at]
    is_ordered = len(times) == len(created) and all(earlier <= later for earlier, later in pairwise(times))
    following = times[-1] - _SECOND if times else None
    if is_ordered and following and (since is None or following > since):
        return f"{_text(following)} 1"
    return f"{_text(since) if since else ''} {number + 1}"


def _place(cursor: str | None) -> Place:
    """The place that was noted. What an older release noted, a page and a total, is begun anew."""
    if cursor is None or " " not in cursor:
        return None, 1
    since, _, number = cursor.partition(" ")
    try:
        return datetime.strptime(since, _FORMAT).replace(tzinfo=UTC) if since else None, max(1, int(number))
    except ValueError:
        raise PermanentError("bigcommerce: that is no cursor") from None


def _total(answer: Mapping[str, Any]) -> int:
    total = ((answer.get("meta") or {}).get("pagination") or {}).get("total")
    if not isinstance(total, int):
        raise RetriableError("bigcommerce answered without a total")
    return total


def _moment(row: Record, name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(str(row.get(name))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_FORMAT)
