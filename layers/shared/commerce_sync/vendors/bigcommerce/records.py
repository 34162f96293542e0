"""The records behind BigCommerce's thin webhooks, as plain values."""

from collections.abc import Mapping
from typing import Any, Final

from commerce_sync.errors import RetriableError
from commerce_sync.vendors.bigcommerce.client import BigCommerce, numbered

ORDERS: Final = "/v2/orders"
SUBSCRIBERS: Final = "/v3/customers/subscribers"
PATHS: Final[Mapping[str, str]] = {"order": ORDERS, "subscriber": SUBSCRIBERS}


class BigCommerceRecords:
    """Fits :class:`commerce_sync.intake.Records`."""

    def __init__(self, store: BigCommerce) -> None:
        self._store = store

    def read(self, kind: str, record_id: str) -> Mapping[str, object] | None:
        """One record; None where there is none. V3 wraps it in ``data``, V2 does not."""
        answer = self._store.read(numbered(PATHS[kind], record_id))
        if answer is None:
            return None
        return record_in(answer.json, PATHS[kind])


def record_in(answer: Any, path: str) -> Mapping[str, object]:
    """The record of an answer.

    :raises RetriableError: it holds none, so it is not BigCommerce's.
    """
    record = answer.get("data") if path.startswith("/v3") and isinstance(answer, dict) else answer
    if not isinstance(record, dict) or "id" not in record:
        raise RetriableError("bigcommerce answered without a record")
    return record
