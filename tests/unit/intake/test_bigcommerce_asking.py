"""What BigCommerce is asked about its thin bodies: what they name, and no more than they leave unsaid."""

import json
from collections.abc import Mapping

import pytest
from commerce_sync.errors import RetriableError
from commerce_sync.intake import hydrate

from tests.unit.intake.bigcommerce_bodies import (
    CART_ID,
    bigcommerce_order,
    cart,
    customer,
    engraving,
    product,
    refund,
    shipment,
)
from tests.unit.intake.bodies import Body
from tests.unit.intake.store_bodies import subscriber, thin

CREATED, DELETED = "store/subscriber/created", "store/subscriber/deleted"
CUSTOMER, ORDER, CART, LINE = (
    "store/customer/updated",
    "store/order/updated",
    "store/cart/updated",
    "store/cart/lineItem/created",
)
SHIPMENT, REFUND = "store/shipment/created", "store/order/refund/created"


class Store:
    """A store that knows some records and counts who asks."""

    def __init__(self, records: Mapping[tuple[str, str], object]) -> None:
        self.records = records
        self.asked: list[tuple[str, str]] = []

    def read(self, kind: str, record_id: str) -> object | None:
        """One of them."""
        self.asked.append((kind, record_id))
        if record_id == "500":
            raise RetriableError("away")
        return self.records.get((kind, record_id))


def asked_for(store: Store, topic: str, body: object, source: str = "bigcommerce") -> Mapping[str, object] | None:
    """What is fetched for a body."""
    return hydrate(source, topic, body if isinstance(body, bytes) else json.dumps(body).encode(), lambda: store)


def test_what_stands_behind_an_id_is_fetched_by_its_kind() -> None:
    """The topic says which kind; ids may be text or numbers."""
    store = Store({("subscriber", "5"): subscriber(), ("customer", "11"): customer()})

    assert asked_for(store, CREATED, thin(CREATED)) == {"subscriber": subscriber()}
    assert asked_for(store, CUSTOMER, thin(CUSTOMER, "11")) == {"customer": customer()}
    assert asked_for(store, CREATED, thin(CREATED, 6)) == {}


@pytest.mark.parametrize(
    ("source", "topic", "body"),
    [
        ("shopify", "orders/create", {"id": 1}),
        ("woocommerce", "order.created", {"id": 1}),
        ("bigcommerce", DELETED, thin(DELETED)),
        ("bigcommerce", "store/product/updated", thin("store/product/updated")),
        ("bigcommerce", CREATED, thin(CREATED, "")),
        ("bigcommerce", CREATED, thin(CREATED, "5/../../orders")),
        ("bigcommerce", CREATED, thin(CREATED, -5)),
        ("bigcommerce", CREATED, thin(CREATED, "\u0665")),
        ("bigcommerce", CREATED, {"data": None}),
        ("bigcommerce", CREATED, []),
        ("bigcommerce", CREATED, b"<html>"),
    ],
)
def test_no_store_is_asked_for_what_would_not_be_translated(source: str, topic: str, body: object) -> None:
    """Nor by an id that is no number: it would lead to another place of the API."""
    store = Store({})

    assert asked_for(store, topic, body, source) is None
    assert store.asked == []


def test_a_store_that_does_not_answer_is_an_error_to_try_again() -> None:
    """The delivery comes back; nothing is settled by silence."""
    with pytest.raises(RetriableError):
        asked_for(Store({}), CREATED, thin(CREATED, 500))


def of_order(**changes: object) -> Store:
    """A store with one order and all that an order can have."""
    lists = {"products": [product(), engraving()], "refunds": [refund()], "shipments": [shipment()]}
    return Store(
        {("order", "250"): bigcommerce_order(**changes), **{(kind, "250"): rows for kind, rows in lists.items()}}
    )


def kinds_asked(store: Store, topic: str = ORDER, body: Body | None = None) -> list[str]:
    """What the store was asked about order 250, in this order."""
    asked_for(store, topic, body or thin(topic, 250))
    assert {record_id for _, record_id in store.asked} == {"250"}
    return [kind for kind, _ in store.asked]


def test_an_order_is_itself_and_its_lines() -> None:
    """Two calls: nothing was returned and nothing has left."""
    store = of_order()

    assert kinds_asked(store) == ["order", "products"]
    assert asked_for(store, ORDER, thin(ORDER, 250)) == {
        "order": bigcommerce_order(),
        "products": [product(), engraving()],
    }


@pytest.mark.parametrize("status", [0, "eleven", None])
def test_of_an_order_that_is_none_the_lines_are_not_asked_for(status: object) -> None:
    """A checkout that was begun costs one call."""
    assert kinds_asked(of_order(status_id=status)) == ["order"]


@pytest.mark.parametrize(
    "changes",
    [
        {"status_id": 4},
        {"status_id": 14},
        {"payment_status": "refunded"},
        {"payment_status": "partially refunded", "status_id": 5},
        {"refunded_amount": "0.5000"},
    ],
)
def test_refunds_are_asked_for_where_money_came_back(changes: Mapping[str, object]) -> None:
    """Whichever field says so: a refunded order can move on to another status."""
    assert kinds_asked(of_order(**changes)) == ["order", "products", "refunds"]


def test_a_refunded_line_is_enough() -> None:
    """The order's own fields may say nothing of it."""
    store = Store({**of_order().records, ("products", "250"): [product(quantity_refunded=1)]})

    assert kinds_asked(store) == ["order", "products", "refunds"]


@pytest.mark.parametrize(
    "changes", [{"items_shipped": 1}, *({"items_shipped": None, "status_id": status} for status in (2, 3, 10))]
)
def test_parcels_are_asked_for_where_something_left(changes: Mapping[str, object]) -> None:
    """By the count of pieces, or by the status where nothing is counted."""
    assert kinds_asked(of_order(**changes)) == ["order", "products", "shipments"]


def test_of_a_digital_order_no_parcels_are_asked_for() -> None:
    """Completed, and nothing was shipped."""
    assert kinds_asked(of_order(items_shipped=0, status_id=10)) == ["order", "products"]


def test_a_webhook_about_a_part_asks_for_parts_of_its_kind_whatever_the_order_says() -> None:
    """The order's own fields may come later."""
    refunded = {**thin(REFUND, 250), "data": {"type": "order", "id": 250, "refund": {"refund_id": 501}}}
    shipped = {**thin(SHIPMENT), "data": {"type": "shipment", "id": 601, "orderId": 250}}

    assert kinds_asked(of_order(), REFUND, refunded) == ["order", "products", "refunds"]
    assert kinds_asked(of_order(), SHIPMENT, shipped) == ["order", "products", "shipments"]


@pytest.mark.parametrize("order_id", [None, "", "250/../251", [], -1])
def test_a_shipment_without_its_order_asks_for_nothing(order_id: object) -> None:
    """Its own id names it only inside an order."""
    store = of_order()
    body = {**thin(SHIPMENT), "data": {"type": "shipment", "id": 601, "orderId": order_id}}

    assert asked_for(store, SHIPMENT, body) is None
    assert store.asked == []


def test_a_line_of_a_cart_leads_to_its_cart() -> None:
    """The id of the webhook is the line's."""
    store = Store({("cart", CART_ID): cart(email="ada@example.com")})
    body = {**thin(LINE), "data": {"type": "cart_line_item", "id": "l-1", "cartId": CART_ID}}

    assert asked_for(store, LINE, body) == {"cart": cart(email="ada@example.com")}


@pytest.mark.parametrize(
    ("changes", "asked"),
    [({}, ["cart", "customer"]), ({"customer_id": 0}, ["cart"]), ({"email": "ada@example.com"}, ["cart"])],
)
def test_a_customer_is_asked_for_where_a_cart_names_one_by_an_id_alone(
    changes: Mapping[str, object], asked: list[str]
) -> None:
    """Nobody can be told by an id."""
    store = Store({("cart", CART_ID): cart(**changes), ("customer", "11"): customer()})
    asked_for(store, CART, thin(CART, CART_ID))

    assert [kind for kind, _ in store.asked] == asked


@pytest.mark.parametrize("cart_id", ["a/b", "..", "a?b", "", "\u0661", "x" * 65])
def test_a_cart_is_not_asked_for_by_what_is_no_id(cart_id: str) -> None:
    """It would lead to another place of the API."""
    store = Store({})

    assert asked_for(store, CART, thin(CART, cart_id)) is None
    assert store.asked == []
