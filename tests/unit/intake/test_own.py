"""The shop's own order system: CloudEvents whose type decides."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from commerce_sync.contracts import Person, Refund
from commerce_sync.intake import Translation, translate

from tests.unit.intake.bodies import OWN, assert_holds_contract, encoded, only, refused

DATA = {
    "order_id": "A-1001",
    "currency": "JPY",
    "total": "2000",
    "tax": "181",
    "taxes_included": True,
    "discount": "-200",
    "shipping": 200,
    "products": [
        {"product_id": "P1", "sku": "S1", "name": "Cup", "price": "500", "quantity": 2},
        {"product_id": "P2", "price": 1000, "quantity": 1, "line_id": "L2", "discount": "200"},
    ],
    "email": "ada@example.com",
    "customer": {"id": 9007199254740993, "first_name": "Ada"},
}


def own(kind: str, changes: dict[str, object] | None = None, **attributes: object) -> Translation:
    """The translation of one CloudEvent."""
    event = {
        "specversion": "1.0",
        "id": "evt_1",
        "source": "https://shop.example/orders",
        "type": kind,
        "time": "2026-11-01T00:00:00Z",
        "data": DATA | (changes or {}),
        **attributes,
    }
    return translate("own", "", OWN, encoded(event))


@pytest.mark.parametrize("kind", ["com.example.order.completed", "order.placed", "Com.Example.Order.Completed"])
def test_a_completed_order_is_placed_with_its_lines(kind: str) -> None:
    """Yen are not divided, discounts are positive, and a line without an id has its position."""
    placed, cup, other = own(kind).events
    assert (placed.event_id, placed.value, placed.currency) == ("own:main:A-1001:placed_order", Decimal(2000), "JPY")
    assert (placed.discount, placed.shipping, placed.imbalance) == (Decimal(200), Decimal(200), None)
    assert placed.occurred_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert placed.person == Person(email="ada@example.com", customer_id="9007199254740993", first_name="Ada")
    assert (cup.event_id, cup.value) == ("own:main:A-1001:ordered_product:1", Decimal(1000))
    assert (other.event_id, other.value) == ("own:main:A-1001:ordered_product:L2", Decimal(800))
    assert (cup.discount, cup.order) == (None, None)
    for event in (placed, cup, other):
        assert_holds_contract(event)


def test_the_smallest_example_says_what_is_missing() -> None:
    """An order without products is not a statement of an order."""
    body = {"order_id": "A-1001", "currency": "JPY", "total": "2000"}
    event = {"specversion": "1.0", "id": "e", "source": "s", "type": "order.completed", "time": "2026-11-01T00:00:00Z"}
    rejection = refused(translate("own", "", OWN, encoded(event | {"data": body})))
    assert (rejection.code, rejection.path) == ("missing_field", "data.products")


def test_an_updated_order_is_the_whole_order_again_and_says_when_it_was_placed() -> None:
    """Its version is the update's moment, its current value the edited total, its id the order's."""
    placed, *_ = own("order.updated", {"placed_at": "2026-10-31T10:00:00+09:00", "current_total": "1500"}).events
    assert placed.event_id == "own:main:A-1001:placed_order"
    assert placed.occurred_at == datetime(2026, 10, 31, 1, tzinfo=UTC)
    assert placed.order is not None
    assert placed.order.version == datetime(2026, 11, 1, tzinfo=UTC)
    assert (placed.value, placed.order.current_value) == (Decimal(2000), Decimal(1500))
    assert refused(own("order.updated")).path == "data.placed_at"


def test_a_cancelled_order_needs_no_products() -> None:
    """Its value is told where the event repeats it."""
    event = only(own("order.cancelled", {"products": None, "reason": "fraud", "cancelled_at": "2026-11-02T00:00:00Z"}))
    assert (event.event_id, event.value) == ("own:main:A-1001:cancelled_order", Decimal(2000))
    assert event.occurred_at == datetime(2026, 11, 2, tzinfo=UTC)
    assert event.properties == {"cancel_reason": "fraud"}
    assert only(own("order.cancelled", {"total": None})).value is None


def test_a_refund_is_the_amount_returned_and_positive() -> None:
    """The CloudEvent's id is its id where the sender gives none."""
    event = only(own("order.refunded", {"amount": "-500", "refund_id": 7, "reason": "late"}))
    assert event.event_id == "own:main:A-1001:refunded_order:7"
    assert (event.value, event.refund) == (Decimal(500), Refund(refund_id="7", amount=Decimal(500), reason="late"))
    assert only(own("order.refunded", {"amount": "1"})).event_id == "own:main:A-1001:refunded_order:evt_1"
    assert refused(own("order.refunded")).path == "data.amount"
    assert refused(own("order.refunded", {"amount": "0"})).code == "refund_not_paid"
    assert_holds_contract(event)


def test_parcels_leave_and_arrive() -> None:
    """With the parcel's id where there is one."""
    sent = only(own("order.fulfilled", {"fulfillment_id": "F1", "tracking_number": "T"}))
    arrived = only(own("order.delivered", {"products": None}))
    assert (sent.event_id, sent.properties) == ("own:main:A-1001:fulfilled_order:F1", {"tracking_number": "T"})
    assert (len(sent.line_items), sent.currency) == (2, "JPY")
    assert (arrived.event_id, arrived.line_items) == ("own:main:A-1001:delivered_order", ())


def test_a_checkout_is_started_once() -> None:
    """By its own id, without an order."""
    event = only(own("checkout.started", {"checkout_id": "C1"}))
    assert (event.event_id, event.order_id, event.value) == ("own:main:C1:started_checkout", None, Decimal(2000))
    assert refused(own("checkout.started")).path == "data.checkout_id"
    assert_holds_contract(event)


SUBSCRIPTION: dict[str, object] = {"subscription_id": "S1", "order_id": None, "total": None}


@pytest.mark.parametrize("step", ["started", "paused", "skipped", "reactivated", "cancelled"])
def test_a_subscription_takes_its_steps(step: str) -> None:
    """It starts once; any other step is told by the event's own id, and may come again. Worth its lines each time."""
    event = only(own(f"com.example.subscription.{step}", SUBSCRIPTION | {"reason": "moved"}))
    key = "" if step == "started" else ":evt_1"
    assert (event.name, event.event_id) == (f"subscription_{step}", f"own:main:S1:subscription_{step}{key}")
    assert (event.occurred_at, event.order_id) == (datetime(2026, 11, 1, tzinfo=UTC), None)
    assert (event.value, event.currency, len(event.line_items)) == (Decimal(1800), "JPY", 2)
    reason = {"cancel_reason": "moved"} if step == "cancelled" else {}
    assert event.properties == {"subscription_id": "S1"} | reason
    assert event.person is not None
    assert event.person.email == "ada@example.com"
    assert_holds_contract(event)


def test_a_subscription_may_say_what_it_costs_or_nothing_of_it() -> None:
    """And which order it began with."""
    event = only(own("subscription.started", SUBSCRIPTION | {"order_id": "A-1", "total": "2000.00"}))
    assert (str(event.value), event.order_id) == ("2000", "A-1")
    bare = only(own("subscription.paused", SUBSCRIPTION | {"products": None, "currency": None}))
    assert (bare.value, bare.currency, bare.line_items) == (None, None, ())
    assert refused(own("subscription.paused")).path == "data.subscription_id"
    half = refused(own("subscription.started", SUBSCRIPTION | {"total": "0.5"}))
    assert (half.code, half.path) == ("bad_money", "data.total")


def test_a_customer_is_updated_at_a_moment() -> None:
    """Without anything that identifies there is nobody to update."""
    event = only(own("customer.updated", {"customer_id": "K1", "updated_at": "2026-11-01T00:00:01Z"}))
    assert event.event_id == "own:main:K1:profile_updated:1793491201000"
    assert refused(own("customer.updated", {"email": None, "customer": None})).path == "data.customer_id"
    assert_holds_contract(event)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("subscription.swapped", "unknown_topic"),
        ("product.viewed", "not_yet_translated"),
        ("order.exploded", "unknown_topic"),
        ("completed", "unknown_topic"),
        ("", "unknown_topic"),
    ],
)
def test_a_type_without_events_says_why(kind: str, code: str) -> None:
    """At its place in the CloudEvent."""
    assert (refused(own(kind)).code, refused(own(kind)).path) == (code, "type")


@pytest.mark.parametrize(
    ("changes", "attributes", "code", "path"),
    [
        ({"order_id": None}, {}, "missing_field", "data.order_id"),
        ({"total": None}, {}, "missing_field", "data.total"),
        ({"currency": None}, {}, "missing_field", "data.currency"),
        ({"currency": "yen"}, {}, "unknown_currency", "data.currency"),
        ({"products": [{"price": "1"}]}, {}, "missing_field", "data.products[0].quantity"),
        ({"products": [{"price": "1,5", "quantity": 1}]}, {}, "bad_money", "data.products[0].price"),
        ({"placed_at": "2026-11-01T00:00:00"}, {}, "naive_time", "data.placed_at"),
        ({"test": True}, {}, "test_order", "data.test"),
        ({}, {"time": None}, "missing_field", "time"),
        ({}, {"data": None}, "missing_field", "data"),
        ({}, {"id": None}, "missing_field", "id"),
        ({}, {"type": 5}, "wrong_type", "type"),
    ],
)
def test_what_an_event_gets_wrong_is_named_with_its_place(
    changes: dict[str, object], attributes: dict[str, object], code: str, path: str
) -> None:
    """The path leads through ``data``."""
    rejection = refused(own("order.completed", changes, **attributes))
    assert (rejection.code, rejection.path) == (code, path)


@pytest.mark.parametrize(
    ("kind", "changes", "path"),
    [
        ("order.completed", {"currency": "USD", "total": 59.980000000000004}, "data.total"),
        ("order.completed", {"total": "2000.5"}, "data.total"),
        ("order.completed", {"currency": "KWD", "total": "2.0005"}, "data.total"),
        ("order.updated", {"placed_at": "2026-10-31T10:00:00Z", "current_total": "1500.5"}, "data.current_total"),
        ("order.cancelled", {"total": "2000.5"}, "data.total"),
        ("order.refunded", {"amount": "0.5"}, "data.amount"),
    ],
)
def test_nobody_owes_parts_of_a_cent(kind: str, changes: dict[str, object], path: str) -> None:
    """A yen has none, a dinar has a thousand: what was meant is not known."""
    rejection = refused(own(kind, changes))
    assert (rejection.code, rejection.path) == ("bad_money", path)


def test_what_is_owed_is_told_in_the_currencys_own_decimals() -> None:
    """However the sender writes it."""
    assert str(own("order.completed", {"total": "2000.00"}).events[0].value) == "2000"
    assert str(only(own("order.refunded", {"amount": 12.5, "currency": "KWD"})).value) == "12.500"


@pytest.mark.parametrize("year", ["0001", "1989", "9999"])
def test_an_order_of_no_possible_time_is_refused_and_its_buyer_is_found(year: str) -> None:
    """A sender's empty date: no vendor takes it, and an erasure must find who it names."""
    translation = own("com.example.order.completed", time=f"{year}-01-01T00:00:00Z")
    (why,) = translation.rejections
    assert (why.code, why.expected) == ("bad_time", "a time between the years 1990 and 9998")
    assert translation.events == ()
    assert [person.email for person in translation.people] == ["ada@example.com"]
