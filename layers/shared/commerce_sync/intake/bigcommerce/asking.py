"""What the store is asked about a thin body: no more than its records leave unsaid.

All apps of a store share one quota (150 calls in 30 seconds on small plans), so an order is itself and its lines; its
refunds and shipments are asked for only where it has some, or where the webhook is about one.
"""

import re
from collections.abc import Generator, Mapping
from types import MappingProxyType
from typing import Final

from commerce_sync.intake.bigcommerce.shapes import REFUND, subject_of
from commerce_sync.intake.bigcommerce.statuses import FULFILLED, INCOMPLETE, PARTLY_SHIPPED, REFUNDED
from commerce_sync.intake.people import Place, address_in, id_in, place_in
from commerce_sync.intake.records import Behind, Questions
from commerce_sync.intake.rejections import RejectedError

#: Which record stands behind a topic that is translated.
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "store/subscriber/created": "subscriber",
        "store/subscriber/updated": "subscriber",
        "store/order/created": "order",
        "store/order/updated": "order",
        "store/order/statusupdated": "order",
        "store/order/archived": "order",
        "store/order/refund/created": "order",
        "store/shipment/created": "order",
        "store/shipment/updated": "order",
        "store/cart/created": "cart",
        "store/cart/updated": "cart",
        "store/cart/lineitem/created": "cart",
        "store/cart/lineitem/updated": "cart",
        "store/cart/lineitem/deleted": "cart",
        "store/customer/created": "customer",
        "store/customer/updated": "customer",
    }
)
_NUMBER: Final = re.compile("[0-9]+")
_UUID: Final = re.compile("[0-9A-Za-z-]{1,64}")
_HAS_MONEY_BACK: Final = frozenset({"refunded", "partially refunded"})
_Asking = Generator[Behind, object | None, None]


def behind(topic: str, body: bytes) -> Questions:
    """The records to fetch for a body, one after the other; none where nothing would be made of them.

    Nor where an id is none: it would lead to another place of the API.
    """
    kind = KINDS.get(topic)
    if kind is None:
        return
    try:
        record_id = subject_of(topic, body)
    except RejectedError:
        return
    if not (_UUID if kind == "cart" else _NUMBER).fullmatch(record_id):
        return
    record = place_in((yield Behind(kind, record_id)))
    if kind == "order":
        yield from _parts(topic, record_id, record)
    elif kind == "cart":
        yield from _owner(record)


def _parts(topic: str, order_id: str, order: Place) -> _Asking:
    """The lines of an order that was placed, and its refunds and shipments where there are some."""
    if _status(order) in {None, INCOMPLETE}:
        return
    products = yield Behind("products", order_id)
    if topic.startswith(REFUND) or _has_refunds(order, products):
        yield Behind("refunds", order_id)
    if topic.startswith("store/shipment/") or _has_shipments(order):
        yield Behind("shipments", order_id)


def _status(order: Place) -> int | None:
    said = order.get("status_id")
    return said if type(said) is int else None


def _has_refunds(order: Place, products: object) -> bool:
    """Whether money may have been returned. Its status alone does not tell: a refunded order can move on.

    Nor does ``refunded_amount``: third parties saw it say 0 whatever was refunded.
    """
    lines = products if isinstance(products, list) else ()
    return (
        _status(order) in REFUNDED
        or str(order.get("payment_status")).strip().lower() in _HAS_MONEY_BACK
        or _is_more_than_nothing(order.get("refunded_amount"))
        or any(_is_more_than_nothing(place_in(line).get("quantity_refunded")) for line in lines)
    )


def _has_shipments(order: Place) -> bool:
    """Whether parcels left. ``items_shipped`` counts what did; where it is missing the status has to tell."""
    shipped = order.get("items_shipped")
    if shipped is None:
        return _status(order) in FULFILLED | {PARTLY_SHIPPED}
    return _is_more_than_nothing(shipped)


def _is_more_than_nothing(amount: object) -> bool:
    return amount is not None and bool(str(amount).strip("0. "))


def _owner(cart: Place) -> _Asking:
    """Who is signed in: a cart names a customer by an id, and nobody can be told by it."""
    customer_id = id_in(cart.get("customer_id"))
    if address_in(cart.get("email")) is None and customer_id and _NUMBER.fullmatch(customer_id) and customer_id != "0":
        yield Behind("customer", customer_id)
