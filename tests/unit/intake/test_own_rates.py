"""The rate that a Shopify order itself states: what its total was worth to a buyer with another currency."""

from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.contracts import OwnRate

from tests.unit.intake import bodies


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
