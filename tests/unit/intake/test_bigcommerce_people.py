"""BigCommerce's carts and customers: who they are about, and what is learnt of them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.intake import Translation

from tests.unit.intake.bigcommerce_bodies import CART_ID, cart, customer
from tests.unit.intake.bodies import assert_holds_contract, only, refused
from tests.unit.intake.store_bodies import bigcommerce

CART, CUSTOMER = "store/cart/updated", "store/customer/updated"


def carted(hydrated: Mapping[str, object] | None = None, scope: str = CART, **changes: object) -> Translation:
    """A webhook about a cart, and who is signed in."""
    data = {"id": CART_ID, "cartId": CART_ID}
    return bigcommerce(scope, {"cart": cart(**changes), "customer": customer(), **(hydrated or {})}, data=data)


@pytest.mark.parametrize("scope", ["store/cart/created", CART, "store/cart/lineItem/created"])
def test_a_cart_of_a_customer_is_one_event_at_its_first_moment(scope: str) -> None:
    """Worth its lines after their discounts; the gift certificate is one of them."""
    event = only(carted(scope=scope))

    assert_holds_contract(event)
    assert (event.name, event.event_id) == ("added_to_cart", f"bigcommerce:outlet:{CART_ID}:added_to_cart")
    assert (event.value, event.currency) == (Decimal("475.00"), "USD")
    assert event.occurred_at == datetime(2026, 11, 1, 9, tzinfo=UTC)
    lamp, gift = event.line_items
    assert (lamp.quantity, lamp.unit_price, lamp.discount) == (3, Decimal("170.00"), Decimal("60.00"))
    assert (lamp.product_id, lamp.variant_id, lamp.sku) == ("77", "780", "LAMP-B")
    assert (gift.product_id, gift.quantity, gift.unit_price, gift.title) == (None, 1, Decimal("25.00"), "Gift")
    assert event.person is not None
    assert (event.person.email, event.person.customer_id) == ("Ada@example.com", "11")


def test_a_guest_is_known_by_the_address_that_was_typed() -> None:
    """It comes before a customer's own."""
    person = only(carted(customer_id=0, email=" guest@example.com ")).person

    assert person is not None
    assert (person.email, person.customer_id) == ("guest@example.com", None)


@pytest.mark.parametrize("changes", [{"customer_id": 0}, {"customer_id": None}])
def test_a_cart_of_nobody_is_settled(changes: Mapping[str, object]) -> None:
    """Most carts are."""
    hydrated = {"cart": cart(**changes)}
    rejection = refused(bigcommerce(CART, hydrated, data={"id": CART_ID}))

    assert (rejection.code, rejection.waits) == ("cart_without_person", False)


def test_a_cart_whose_customer_is_gone_is_settled() -> None:
    """Nobody can be told by an id."""
    assert refused(bigcommerce(CART, {"cart": cart()}, data={"id": CART_ID})).code == "cart_without_person"


def test_an_empty_cart_is_settled_and_names_its_person() -> None:
    """Nothing was added."""
    translation = carted(line_items={"physical_items": []})

    assert (refused(translation).code, len(translation.people)) == ("empty_cart", 1)


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"currency": {"code": "XXX"}}, "unknown_currency", "cart.currency.code"),
        ({"line_items": {"digital_items": [{"quantity": 1, "list_price": None}]}}, "missing_field", None),
        ({"created_time": "2026-11-01T09:00:00"}, "naive_time", "cart.created_time"),
        ({"created_time": None}, "missing_field", "cart.created_time"),
    ],
)
def test_a_cart_that_cannot_be_read_says_where(changes: Mapping[str, Any], code: str, path: str | None) -> None:
    """By its place in the cart."""
    rejection = refused(carted(**changes))

    assert (rejection.code, rejection.path) == (code, path or "cart.line_items[0].list_price")


def test_a_line_without_its_cart_says_so() -> None:
    """Its own id leads nowhere."""
    rejection = refused(bigcommerce("store/cart/lineItem/created", None, data={"id": "l-1"}))

    assert (rejection.code, rejection.path) == ("missing_field", "data.cartId")


@pytest.mark.parametrize("scope", ["store/customer/created", CUSTOMER])
def test_a_customer_is_a_profile_at_one_moment(scope: str) -> None:
    """As they wrote it."""
    event = only(bigcommerce(scope, {"customer": customer()}, data={"id": 11}))

    assert_holds_contract(event)
    assert (event.name, event.event_id) == ("profile_updated", "bigcommerce:outlet:11:profile_updated:1793613600000")
    assert event.occurred_at == datetime(2026, 11, 2, 10, tzinfo=UTC)
    person = event.person
    assert person is not None
    assert (person.email, person.phone, person.customer_id) == ("Ada@example.com", "202-555-0130", "11")
    assert (person.first_name, person.last_name) == ("Ada", "Archer")


@pytest.mark.parametrize(
    ("changed", "code"), [(None, "missing_field"), ("2026-11-02T10:00:00", "naive_time"), ("soon", "bad_time")]
)
def test_a_customer_without_a_time_waits_and_is_found_by_an_erasure(changed: object, code: str) -> None:
    """A made-up time could outdo a newer one."""
    translation = bigcommerce(CUSTOMER, {"customer": customer(date_modified=changed)}, data={"id": 11})

    assert (refused(translation).code, refused(translation).path) == (code, "customer.date_modified")
    assert [person.customer_id for person in translation.people] == ["11"]
