"""The records behind BigCommerce's thin webhooks, as plain values with exact numbers."""

from collections.abc import Mapping
from typing import Any, Final

from commerce_sync.errors import RetriableError
from commerce_sync.vendors.bigcommerce.client import BigCommerce, named
from commerce_sync.vendors.places import numbered

ORDERS: Final = "/v2/orders"
SUBSCRIBERS: Final = "/v3/customers/subscribers"
CARTS: Final = "/v3/carts"
CUSTOMERS: Final = "/v3/customers"
REFUNDS: Final = "/v3/orders"
PAGE: Final = 250
"""The most rows that V2 gives at once."""

Record = Mapping[str, Any]


class BigCommerceRecords:
    """Fits :class:`commerce_sync.intake.Records`."""

    def __init__(self, store: BigCommerce) -> None:
        self._store = store

    def read(self, kind: str, record_id: str) -> Record | list[Record] | None:
        """One record, or the list that an order has of a kind; None where the store knows none by that id.

        The kinds are ``subscriber``, ``order``, ``cart``, ``customer``, and of an order's id ``products``,
        ``shipments`` and ``refunds``.
        """
        match kind:
            case "products" | "shipments":
                return self._pages(f"{numbered(ORDERS, record_id)}/{kind}")
            case "refunds":
                return self._refunds(record_id)
            case "customer":
                return self._customer(record_id)
            case "cart":
                path = named(CARTS, record_id)
            case "order":
                path = numbered(ORDERS, record_id)
            case _:
                path = numbered(SUBSCRIBERS, record_id)
        answer = self._store.read(path)
        return None if answer is None else record_in(answer.json, path)

    def _pages(self, path: str) -> list[Record] | None:
        """All rows of a V2 list, which answers 204 where there are none (any more). A page that brings nothing new is
        the last: the list would have no end where ``page`` is not understood.
        """
        rows: dict[str, Record] = {}
        for page in range(1, PAGE):
            answer = self._store.read(path, {"page": str(page), "limit": str(PAGE)})
            if answer is None:
                return None
            listed = [] if answer.json is None else list_in(answer.json)
            known = len(rows)
            rows |= {str(row.get("id")): row for row in listed}
            if len(listed) < PAGE or len(rows) == known:
                break
        return list(rows.values())

    def _refunds(self, order_id: str) -> list[Record] | None:
        """Every refund of an order, by ascending id (V3, Payment Actions)."""
        answer = self._store.read(f"{numbered(REFUNDS, order_id)}/payment_actions/refunds")
        return None if answer is None else list_in(inside(answer.json))

    def _customer(self, customer_id: str) -> Record | None:
        """One customer, who is compared: an API that does not understand a filter answers with everybody."""
        numbered(CUSTOMERS, customer_id)
        answer = self._store.read(CUSTOMERS, {"id:in": customer_id})
        rows = [] if answer is None else list_in(inside(answer.json))
        return next((row for row in rows if str(row.get("id")) == customer_id), None)


def record_in(answer: Any, path: str) -> Record:
    """The record of an answer. V3 wraps it in ``data``, V2 does not.

    :raises RetriableError: it holds none, so it is not BigCommerce's.
    """
    record = inside(answer) if path.startswith("/v3") else answer
    if not isinstance(record, dict) or "id" not in record:
        raise RetriableError("bigcommerce answered without a record")
    return record


def list_in(rows: Any) -> list[Record]:
    """The rows of an answer.

    :raises RetriableError: it holds none, so it is not BigCommerce's.
    """
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RetriableError("bigcommerce answered without a list")
    return rows


def inside(answer: Any) -> Any:
    """What V3 wraps in ``data``; None where there is no wrapper."""
    return answer.get("data") if isinstance(answer, dict) else None
