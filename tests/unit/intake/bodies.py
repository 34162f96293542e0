"""Bodies of the vendors' shapes, invented here, and what every translation must keep."""

import json
from datetime import UTC, datetime
from typing import Any

from commerce_sync.contracts import CanonicalEvent, Person, PrivacyRequest, SamePerson, Store
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.intake import Rejection, Translation, translate

SHOP = Store(source="shopify", id="shop-1", currency="EUR", country="DE")
PORTAL = Store(source="hubspot", id="4711", currency="EUR", country="DE")
OWN = Store(source="own", id="main", currency="EUR", country="DE")

RECEIVED = datetime(2026, 11, 21, 18, tzinfo=UTC)

ORDER_ID = 9007199254740993
LINE_A = 9007199254740995
LINE_B = 9007199254740997

Body = dict[str, Any]


def encoded(body: object) -> bytes:
    """The body as it travels."""
    return json.dumps(body, separators=(",", ":")).encode()


def line(**changes: object) -> Body:
    """One line of an order: two mugs at 10.00 with 1.00 off in all."""
    return {
        "id": LINE_A,
        "product_id": 11,
        "variant_id": 12,
        "sku": "MUG",
        "title": "Mug",
        "price": "10.00",
        "quantity": 2,
        "total_discount": "0.00",
        "discount_allocations": [{"amount": "0.60"}, {"amount": "0.40"}],
        **changes,
    }


def order(**changes: object) -> Body:
    """An order over 27.80 EUR: 20.00 + 5.00 - 1.00 + 3.80 shipping, tax included."""
    return {
        "id": ORDER_ID,
        "name": "#1001",
        "email": "ada@example.com",
        "created_at": "2026-11-01T10:00:00+01:00",
        "processed_at": "2026-11-01T09:59:59+01:00",
        "updated_at": "2026-11-01T10:05:00+01:00",
        "cancelled_at": None,
        "currency": "EUR",
        "presentment_currency": "EUR",
        "total_price": "27.80",
        "current_total_price": "27.80",
        "total_discounts": "1.00",
        "total_tax": "4.44",
        "taxes_included": True,
        "total_shipping_price_set": {"shop_money": {"amount": "3.80", "currency_code": "EUR"}},
        "test": False,
        "financial_status": "paid",
        "fulfillment_status": None,
        "source_name": "web",
        "landing_site": "/mugs?utm_source=klaviyo&utm_medium=email&gclid=x#top",
        "customer": {"id": 77, "email": "ada@example.com", "first_name": "Ada", "last_name": "L."},
        "billing_address": {"first_name": "A", "last_name": "B", "phone": "030 1234", "country_code": "DE"},
        "shipping_address": None,
        "line_items": [
            line(),
            line(id=LINE_B, sku="SPOON", price="5.00", quantity=1, discount_allocations=[]),
        ],
        "refunds": [],
        "fulfillments": [],
        **changes,
    }


def refund(**changes: object) -> Body:
    """A refund of 5.00 EUR that was paid back."""
    return {
        "id": 501,
        "order_id": ORDER_ID,
        "created_at": "2026-11-03T10:00:00Z",
        "processed_at": "2026-11-03T10:00:00Z",
        "note": "broken",
        "transactions": [{"kind": "refund", "status": "success", "amount": "5.00", "currency": "EUR"}],
        "refund_line_items": [],
        **changes,
    }


def fulfillment(**changes: object) -> Body:
    """A parcel that left."""
    return {
        "id": 601,
        "order_id": ORDER_ID,
        "status": "success",
        "created_at": "2026-11-02T08:00:00Z",
        "updated_at": "2026-11-02T08:00:01Z",
        "shipment_status": None,
        "tracking_number": "1Z999",
        "line_items": [line()],
        **changes,
    }


def checkout(**changes: object) -> Body:
    """A checkout over 24.00 EUR: 20.00 + 4.00 tax."""
    return {
        "token": "abc123",
        "cart_token": "cart9",
        "created_at": "2026-11-01T09:00:00Z",
        "updated_at": "2026-11-01T09:01:00Z",
        "currency": "EUR",
        "total_price": "24.00",
        "total_discounts": "0.00",
        "total_tax": "4.00",
        "taxes_included": False,
        "email": "ada@example.com",
        "phone": None,
        "abandoned_checkout_url": "https://shop.example/recover",
        "line_items": [{"key": "k1", "price": "10.00", "quantity": 2, "product_id": 11, "sku": "MUG", "title": "Mug"}],
        "shipping_lines": [],
        **changes,
    }


def cart(**changes: object) -> Body:
    """A cart with two mugs for 19.00."""
    return {
        "id": "c1",
        "token": "c1",
        "created_at": "2026-11-01T08:00:00.123Z",
        "updated_at": "2026-11-01T08:30:00Z",
        "line_items": [
            {"id": 12, "variant_id": 12, "product_id": 11, "price": "10.00", "line_price": "19.00", "quantity": 2}
        ],
        **changes,
    }


def customer(**changes: object) -> Body:
    """A customer."""
    return {
        "id": 77,
        "email": " ada@example.com ",
        "phone": "",
        "first_name": "Ada",
        "last_name": "L.",
        "updated_at": "2026-11-01T10:00:00+01:00",
        "default_address": {"country_code": "DE", "phone": "030 99"},
        **changes,
    }


def merge(**changes: object) -> Body:
    """A completed merge: customer 78 went into customer 77."""
    return {
        "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/77",
        "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/78",
        "admin_graphql_api_job_id": None,
        "status": "completed",
        "errors": [],
        **changes,
    }


def redact(**changes: object) -> Body:
    """Ada wants to be forgotten, with two orders."""
    return {
        "shop_id": 1,
        "shop_domain": "shop.example",
        "customer": {"id": 77, "email": " ada@example.com ", "phone": "555-0101"},
        "orders_to_redact": [ORDER_ID, 12],
        **changes,
    }


def data_request(**changes: object) -> Body:
    """Ada wants to know what is known."""
    said: Body = {"orders_requested": [ORDER_ID], "data_request": {"id": 9999}, **changes}
    return {name: value for name, value in redact(**said).items() if name != "orders_to_redact"}


def shopify(topic: str, body: object, store: Store = SHOP) -> Translation:
    """The translation of one Shopify body."""
    return translate("shopify", topic, store, body if isinstance(body, bytes) else encoded(body))


def only(translation: Translation) -> CanonicalEvent:
    """The one event of a translation that has nothing else."""
    assert translation.rejections == ()
    (event,) = translation.events
    return event


def refused(translation: Translation) -> Rejection:
    """The one rejection of a translation that has nothing else."""
    assert translation.events == ()
    (rejection,) = translation.rejections
    return rejection


def stated(translation: Translation) -> ConsentStatement:
    """The one statement about consent of a translation that rejects nothing, which holds its contract."""
    assert translation.rejections == ()
    assert_holds_contracts(translation)
    (statement,) = translation.consent
    return statement


def named(translation: Translation, name: str) -> list[CanonicalEvent]:
    """The events of one name."""
    return [event for event in translation.events if event.name == name]


def assert_holds_contract(event: CanonicalEvent) -> None:
    """Events are assembled without validation, so the tests validate each: strictly, and through JSON."""
    assert CanonicalEvent.model_validate(event.model_dump(), strict=True) == event
    assert CanonicalEvent.model_validate_json(event.model_dump_json()) == event


def assert_holds_contracts(translation: Translation) -> None:
    """The same of everything that a translation says."""
    for event in translation.events:
        assert_holds_contract(event)
    for said in translation.same:
        assert SamePerson.model_validate(said.model_dump(), strict=True) == said
    for request in translation.privacy:
        assert PrivacyRequest.parse(request.to_json()) == request
    for stated in translation.consent:
        assert ConsentStatement.model_validate(stated.model_dump(), strict=True) == stated
        assert ConsentStatement.model_validate_json(stated.model_dump_json()) == stated
    for person in translation.people:
        assert Person.model_validate_json(person.model_dump_json()) == person
        assert person.model_dump(exclude_none=True, exclude={"country"})
