"""The newsletter's list of one store, read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.vendors.bigcommerce.client import BigCommerce
from commerce_sync.vendors.bigcommerce.records import SUBSCRIBERS

NEWSLETTER: Final = "marketing_newsletter"
PAGE: Final = "250"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A row of the list. ``source`` is ``storefront``, ``order`` or ``custom``.

    ``consents`` is None in answers that do not know of them: whoever is on the list is subscribed then.
    """

    subscriber_id: str
    email: str
    source: str
    consents: tuple[str, ...] | None
    created_at: datetime | None
    modified_at: datetime | None
    order_id: str | None = None

    @property
    def is_subscribed(self) -> bool:
        """Whether the newsletter is among the consents."""
        return self.consents is None or NEWSLETTER in self.consents

    @property
    def has_left(self) -> bool:
        """Whether a row without the newsletter once had it for sure: the shop's own form makes no other."""
        return not self.is_subscribed and self.source == "storefront"


class BigCommerceSubscribers:
    """The list."""

    def __init__(self, store: BigCommerce) -> None:
        self._store = store

    def find(self, email: str) -> Subscriber | None:
        """The row of an address, compared: an API that does not understand a filter answers with everybody."""
        found = _rows(self._store.call("GET", SUBSCRIBERS, params={"email": email}).json)
        return next((row for row in found if row.email.lower() == email.lower()), None)

    def page(self, cursor: str | None) -> tuple[list[Subscriber], str | None]:
        """250 rows at most and the next cursor, from the last page to the first.

        A row that is deleted meanwhile moves others to an earlier page, which is still to be read; read forward, they
        would be missed. New rows stand at the end, and tell of themselves by webhook.
        """
        number = self._last_page() if cursor is None else int(cursor)
        answer = self._store.call("GET", SUBSCRIBERS, params={"page": str(number), "limit": PAGE}).json
        return _rows(answer), str(number - 1) if number > 1 else None

    def _last_page(self) -> int:
        answer = self._store.call("GET", SUBSCRIBERS, params={"page": "1", "limit": PAGE}).json
        _rows(answer)
        pagination = (answer.get("meta") or {}).get("pagination") or {}
        return max(1, int(pagination.get("total_pages") or 1))


def _rows(answer: Any) -> list[Subscriber]:
    listed = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise RetriableError("bigcommerce answered without a list")
    return [subscriber_in(row) for row in listed]


def subscriber_in(row: Mapping[str, Any]) -> Subscriber:
    """A row of an answer."""
    consents = row.get("consents")
    if not row.get("email"):
        raise PermanentError("bigcommerce: a subscriber without an email address")
    return Subscriber(
        subscriber_id=str(row["id"]),
        email=str(row["email"]),
        source=str(row.get("source") or ""),
        consents=None if consents is None else tuple(map(str, consents)),
        created_at=_moment(row.get("date_created")),
        modified_at=_moment(row.get("date_modified")),
        order_id=str(row["order_id"]) if row.get("order_id") else None,
    )


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
