"""Before the order: carts, which know nobody, and checkouts, which may."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.unit.intake.bodies import assert_holds_contract, cart, checkout, only, refused, shopify


@pytest.mark.parametrize("topic", ["checkouts/create", "checkouts/update"])
def test_a_checkout_is_started_once_whichever_body_comes_first(topic: str) -> None:
    """Its id is its token and its time is its creation, in both topics."""
    event = only(shopify(topic, checkout()))
    assert (event.name, event.event_id) == ("started_checkout", "shopify:shop-1:abc123:started_checkout")
    assert (event.value, event.currency, event.tax) == (Decimal("24.00"), "EUR", Decimal("4.00"))
    assert (event.imbalance, event.order_id) == (None, None)
    assert event.occurred_at == datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert event.properties == {
        "checkout_token": "abc123",
        "cart_token": "cart9",
        "abandoned_checkout_url": "https://shop.example/recover",
    }
    assert_holds_contract(event)


def test_a_checkout_knows_nobody_before_an_address_is_typed() -> None:
    """Without email, phone and customer there is no person."""
    assert only(shopify("checkouts/create", checkout(email=None))).person is None


def test_a_checkouts_lines_have_their_discounts_in_new_and_old_bodies() -> None:
    """discount_allocations where they are, else applied_discounts."""
    new = {"key": "a", "price": "10.00", "quantity": 2, "discount_allocations": [{"amount": "1.50"}]}
    old = {"key": "b", "price": "10.00", "quantity": 1, "applied_discounts": [{"amount": "2.00"}]}
    event = only(shopify("checkouts/update", checkout(line_items=[new, old], total_discounts="3.50")))
    assert [item.discount for item in event.line_items] == [Decimal("1.50"), Decimal("2.00")]


@pytest.mark.parametrize("field", ["token", "created_at", "currency", "total_price", "line_items"])
def test_a_checkout_cannot_do_without_these_fields(field: str) -> None:
    """Its id of old, for one, is no substitute for the token."""
    body = checkout(id=5)
    del body[field]
    rejection = refused(shopify("checkouts/create", body))
    assert (rejection.code, rejection.path) == ("missing_field", field)


@pytest.mark.parametrize("topic", ["carts/create", "carts/update"])
def test_a_cart_is_worth_its_lines_in_the_stores_currency_and_is_nobodys(topic: str) -> None:
    """Carts carry neither identity nor, in old bodies, a currency."""
    event = only(shopify(topic, cart()))
    assert (event.name, event.event_id) == ("added_to_cart", "shopify:shop-1:c1:added_to_cart")
    assert (event.value, event.currency, event.person) == (Decimal("19.00"), "EUR", None)
    assert [(item.unit_price, item.discount) for item in event.line_items] == [(Decimal("10.00"), Decimal("1.00"))]
    assert event.occurred_at == datetime(2026, 11, 1, 8, 0, 0, 123000, tzinfo=UTC)
    assert_holds_contract(event)


def test_a_cart_that_names_its_currency_is_believed() -> None:
    """The lines' price sets name the shop's currency in newer bodies."""
    priced = {
        "id": 1,
        "price": "9.00",
        "original_price": "10.00",
        "line_price": "9.00",
        "quantity": 1,
        "line_price_set": {"shop_money": {"amount": "9.00", "currency_code": "USD"}},
    }
    event = only(shopify("carts/update", cart(line_items=[priced])))
    assert (event.currency, event.value) == ("USD", Decimal("9.00"))
    assert event.line_items[0].unit_price == Decimal("10.00")


def test_an_old_cart_has_only_its_last_moment_and_its_prices() -> None:
    """No created_at and no line_price."""
    body = cart(created_at=None, line_items=[{"id": 1, "price": "10.00", "quantity": 3}])
    event = only(shopify("carts/update", body))
    assert event.occurred_at == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert event.value == Decimal("30.00")


def test_an_empty_cart_is_settled() -> None:
    """Nothing was added."""
    rejection = refused(shopify("carts/update", cart(line_items=[])))
    assert (rejection.code, rejection.waits) == ("empty_cart", False)
