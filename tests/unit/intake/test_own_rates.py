"""The rate that an order itself states: at Shopify the buyer's total, at BigCommerce the store's own currency."""

from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.contracts import OwnRate

from tests.unit.intake import bodies
from tests.unit.intake.bigcommerce_bodies import ordered


def stated(total: Any) -> OwnRate | None:
    """The rate of an order with this ``total_price_set``."""
    translation = bodies.shopify("orders/create", bodies.order(total_price_set=total))
    (placed,) = bodies.named(translation, "placed_order")
    assert placed.order is not None
    assert type(placed.order).model_validate_json(placed.order.model_dump_json()) == placed.order
    return placed.order.own_rate


def money_set(shop: Any, buyer: Any) -> dict[str, Any]:
    """A ``*_set``."""
    return {
        "shop_money": {"amount": shop, "currency_code": "EUR"},
        "presentment_money": {"amount": buyer, "currency_code": "USD"},
    }


def test_a_buyer_with_another_currency_states_the_rate() -> None:
    """As two amounts: nothing is divided, nothing is rounded."""
    assert stated(money_set("29.95", "32.45")) == OwnRate(currency="USD", units=Decimal("32.45"), per=Decimal("29.95"))


@pytest.mark.parametrize(
    "total",
    [
        None,
        {},
        {"shop_money": {"amount": "29.95", "currency_code": "EUR"}},
        money_set("0.00", "0.00"),
        money_set("29.95", "-1"),
        money_set("29.95", "a lot"),
        money_set("29.95", "32.45") | {"presentment_money": {"amount": "32.45", "currency_code": "EUR"}},
        money_set("29.95", "32.45") | {"presentment_money": {"amount": "32.45", "currency_code": "XXX"}},
        money_set("29.95", "32.45") | {"presentment_money": {"amount": "32.45"}},
    ],
)
def test_what_states_no_rate_refuses_no_order(total: Any) -> None:
    """The order is taken all the same."""
    assert stated(total) is None


def at_bigcommerce(own: Any, rate: Any) -> OwnRate | None:
    """The rate of an order in euros."""
    currencies = {"default_currency_code": "EUR", "currency_code": "EUR", "store_default_currency_code": own}
    (placed,) = bodies.named(ordered(**currencies, store_default_to_transactional_exchange_rate=rate), "placed_order")
    assert placed.order is not None
    return placed.order.own_rate


def test_a_bigcommerce_store_with_another_currency_states_the_rate() -> None:
    """One dollar of the store's was 0.92 euros: 92 euros are 100 dollars."""
    assert at_bigcommerce("USD", "0.9200000000") == OwnRate(
        currency="USD", units=Decimal(1), per=Decimal("0.9200000000")
    )


@pytest.mark.parametrize(("own", "rate"), [("EUR", "1.0"), ("", "0.92"), (None, "0.92"), ("USD", "0.00")])
def test_a_bigcommerce_order_that_states_no_rate_has_none(own: Any, rate: Any) -> None:
    """Its own currency, an empty one, a rate that is none."""
    assert at_bigcommerce(own, rate) is None
