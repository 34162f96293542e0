"""An account's subscriptions that changed, page by page: each is what a webhook would have carried."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.recharge.client import Recharge

SUBSCRIPTIONS: Final = "/subscriptions"
KEY: Final = "subscriptions"
NEXT: Final = "next_cursor"
PAGE: Final = 250
"""The most rows of a page."""


class RechargeSubscriptions:
    """Subscriptions of one account, ``page`` rows at once, at most 250. Scope: ``read_subscriptions``."""

    def __init__(self, account: Recharge, page: int = PAGE) -> None:
        self._account = account
        self._page = page

    def modified_since(self, moment: datetime, cursor: str | None) -> tuple[list[ChangedRecord], str | None]:
        """A page of subscriptions that changed at or after a moment, by the time of change, and the next cursor.

        With a cursor nothing but ``limit`` may be said: it holds the rest (so a client of Recharge's does it,
        singer-io/tap-recharge). What changes meanwhile moves to the end, where it is read again; what was deleted is in
        no list.

        :raises PermanentError: the account's API is of a version that knows no cursors.
        """
        answer = self._account.listed(SUBSCRIPTIONS, self._asked(moment, cursor)).json
        rows = answer.get(KEY) if isinstance(answer, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) and "id" in row for row in rows):
            raise RetriableError("recharge answered without a list")
        if NEXT not in answer:
            raise PermanentError("recharge: the version knows no cursors: it is not 2021-11")
        return [_changed(row) for row in rows], answer[NEXT] or None

    def _asked(self, moment: datetime, cursor: str | None) -> dict[str, str]:
        if cursor is not None:
            return {"cursor": cursor, "limit": str(self._page)}
        return {
            "updated_at_min": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "sort_by": "updated_at-asc",
            "limit": str(self._page),
        }


def _changed(row: Mapping[str, Any]) -> ChangedRecord:
    try:
        at = datetime.fromisoformat(row.get("updated_at") or "")
    except (TypeError, ValueError):
        return ChangedRecord(str(row["id"]), None, row)
    return ChangedRecord(str(row["id"]), at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC), row)
