"""What an order may get wrong, each with its place."""

import pytest

from tests.unit.intake.bodies import (
    ORDER_ID,
    line,
    order,
    refused,
    shopify,
)

PREFIX = f"shopify:shop-1:{ORDER_ID}"


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"id": None}, "missing_field", "id"),
        ({"id": ""}, "missing_field", "id"),
        ({"id": "9" * 256}, "wrong_type", "id"),
        ({"id": 1.5}, "wrong_type", "id"),
        ({"id": True}, "wrong_type", "id"),
        ({"currency": "eur"}, "unknown_currency", "currency"),
        ({"currency": "XXX"}, "unknown_currency", "currency"),
        ({"currency": 978}, "wrong_type", "currency"),
        ({"total_price": None}, "missing_field", "total_price"),
        ({"total_price": "1,000.00"}, "bad_money", "total_price"),
        ({"total_price": []}, "wrong_type", "total_price"),
        ({"total_price": True}, "wrong_type", "total_price"),
        ({"created_at": "2026-11-01T10:00:00"}, "naive_time", "created_at"),
        ({"updated_at": "yesterday"}, "bad_time", "updated_at"),
        ({"updated_at": 1793491200}, "wrong_type", "updated_at"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "bad_time", "created_at"),
        ({"test": "false"}, "wrong_type", "test"),
        ({"line_items": {}}, "wrong_type", "line_items"),
        ({"line_items": [line(), line(price="ten")]}, "bad_money", "line_items[1].price"),
        ({"line_items": [line(quantity="2")]}, "wrong_type", "line_items[0].quantity"),
        ({"line_items": [line(id=None)]}, "missing_field", "line_items[0].id"),
        (
            {"line_items": [line(discount_allocations=[{"amount": "1"}, {"amount": None}])]},
            "missing_field",
            "line_items[0].discount_allocations[1].amount",
        ),
        (
            {"total_shipping_price_set": {"shop_money": {"amount": "free"}}},
            "bad_money",
            "total_shipping_price_set.shop_money.amount",
        ),
        ({"customer": {"id": {}}}, "wrong_type", "customer.id"),
    ],
)
def test_what_an_order_gets_wrong_is_named_with_its_place(changes: dict[str, object], code: str, path: str) -> None:
    """One reason with the path in the body, what was expected, and what to do."""
    rejection = refused(shopify("orders/create", order(**changes)))
    assert (rejection.code, rejection.path) == (code, path)
    assert rejection.expected
    assert rejection.advice


@pytest.mark.parametrize("field", ["id", "name", "created_at", "updated_at", "currency", "total_price", "line_items"])
def test_an_order_cannot_do_without_these_fields(field: str) -> None:
    """A webhook that is limited to some fields is told which one to add."""
    body = order()
    del body[field]
    rejection = refused(shopify("orders/create", body))
    assert (rejection.code, rejection.path) == ("missing_field", field)
