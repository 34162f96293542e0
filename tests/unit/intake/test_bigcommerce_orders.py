"""BigCommerce's orders: placed, their lines, what they cost, how they ended."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.contracts import CanonicalEvent
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.bigcommerce_bodies import CART_ID, UPDATED, bigcommerce_order, engraving, ordered, parts, product
from tests.unit.intake.bodies import assert_holds_contracts, named, refused
from tests.unit.intake.store_bodies import bigcommerce

PLACED_AT, CHANGED_AT = datetime(2026, 11, 1, 9, 30, tzinfo=UTC), datetime(2026, 11, 1, 9, 45, 10, tzinfo=UTC)
ID = "bigcommerce:outlet:250"


def placed(products: list[object] | None = None, **changes: Any) -> CanonicalEvent:
    """The placed_order of an order."""
    translation = ordered(lists={"products": products} if products is not None else {}, **changes)
    assert_holds_contracts(translation)
    (event,) = named(translation, "placed_order")
    return event


def test_an_order_is_worth_what_its_buyer_owes() -> None:
    """With tax, shipping, handling and wrapping, after discounts; four decimals become cents."""
    event = placed()

    assert (event.event_id, event.order_id, event.occurred_at) == (f"{ID}:placed_order", "250", PLACED_AT)
    assert (event.value, event.currency, event.tax) == (Decimal("361.95"), "USD", Decimal("17.24"))
    assert str(event.value) == "361.95"
    assert (event.shipping, event.discount, event.imbalance) == (Decimal("16.95"), Decimal("15.00"), None)
    assert event.properties == {
        "order_source": "www",
        "payment_method": "Credit Card",
        "channel_id": "1",
        "cart_token": CART_ID,
    }


def test_an_order_names_its_buyer_as_they_wrote_it() -> None:
    """Addresses are normalised later, by identity."""
    person = placed(billing_address={"email": " Ada@Example.com", "phone": "555-625-SHIP", "country_iso2": "US"}).person

    assert person is not None
    assert (person.email, person.phone, person.customer_id, person.country) == (
        "Ada@Example.com",
        "555-625-SHIP",
        "11",
        "US",
    )


@pytest.mark.parametrize("billing", [None, {}, {"email": " ", "phone": ""}])
def test_an_order_without_an_address_of_a_guest_is_nobodys(billing: object) -> None:
    """No profile is invented."""
    assert placed(billing_address=billing, customer_id=0, is_email_opt_in=False).person is None


def test_each_line_is_an_event_worth_its_total() -> None:
    """Product 0 is a custom line and no product."""
    lamp, extra = named(ordered(), "ordered_product")

    assert (lamp.event_id, lamp.value) == (f"{ID}:ordered_product:31", Decimal("325.00"))
    (line,) = lamp.line_items
    assert (line.product_id, line.variant_id, line.sku, line.title) == ("77", "780", "LAMP-B", "Lamp")
    assert (line.quantity, line.unit_price, line.discount) == (2, Decimal("170.00"), Decimal("15.00"))
    (custom,) = extra.line_items
    assert (custom.product_id, custom.variant_id, custom.sku, extra.value) == (None, None, None, Decimal("20.00"))


def test_a_status_tells_the_orders_state_at_the_time_of_its_last_change() -> None:
    """By its number: a shop may rename it."""
    state = placed(status="Will be packed").order

    assert state is not None
    assert (state.version, state.name, state.current_value) == (CHANGED_AT, "250", Decimal("361.95"))
    assert (state.financial_status, state.fulfillment_status, state.cancelled_at) == (
        "captured",
        "awaiting_fulfillment",
        None,
    )


@pytest.mark.parametrize("scope", ["store/order/created", UPDATED, "store/order/statusUpdated", "store/order/archived"])
def test_every_topic_of_an_order_tells_the_same(scope: str) -> None:
    """Also once it was archived: staff put it away, and nothing happened to it."""
    assert ordered(scope).events == ordered(UPDATED).events


@pytest.mark.parametrize("scope", ["store/order/created", UPDATED, "store/order/statusUpdated"])
def test_an_incomplete_order_is_held(scope: str) -> None:
    """Its buyer only reached the payment."""
    rejection = refused(ordered(scope, status_id=0))

    assert (rejection.code, rejection.path, rejection.waits) == ("incomplete_order", "order.status_id", False)


@pytest.mark.parametrize("status", [1, 7, 11, 12, 15])
def test_every_status_but_incomplete_is_a_placed_order(status: int) -> None:
    """The first move out of 0 places it, also to a status that is not known here."""
    assert placed(status_id=status).event_id == f"{ID}:placed_order"


@pytest.mark.parametrize(("status", "name", "reason"), [(5, "cancelled", None), (6, "declined", "declined")])
def test_an_order_that_ended_was_placed_and_is_cancelled(status: int, name: str, reason: str | None) -> None:
    """Its revenue is taken back; a declined one says so."""
    translation = ordered(status_id=status)
    (ended,) = named(translation, "cancelled_order")
    (order,) = named(translation, "placed_order")

    assert_holds_contracts(translation)
    assert (ended.event_id, ended.value, ended.occurred_at) == (f"{ID}:cancelled_order", order.value, CHANGED_AT)
    assert ended.properties.get("cancel_reason") == reason
    assert order.order is not None
    assert (order.order.fulfillment_status, order.order.cancelled_at) == (name, CHANGED_AT)


def test_gift_certificates_and_store_credit_are_how_it_was_paid() -> None:
    """They take nothing off the value, and are no discount."""
    event = placed(gift_certificate_amount="50.0000", store_credit_amount="11.9500")

    assert (event.value, event.discount, event.imbalance) == (Decimal("361.95"), Decimal("15.00"), None)
    assert event.properties["gift_certificate_amount"] == "50.00"
    assert event.properties["store_credit_amount"] == "11.95"


def test_the_currency_that_was_charged_counts_and_the_others_are_told() -> None:
    """Not the one that was seen, and not the store's own."""
    event = placed(
        default_currency_code="CAD",
        currency_code="USD",
        store_default_currency_code="GBP",
        store_default_to_transactional_exchange_rate="1.7300000000",
    )

    assert (event.value, event.currency) == (Decimal("361.95"), "CAD")
    assert event.properties["displayed_currency"] == "USD"
    assert (event.properties["store_currency"], event.properties["exchange_rate"]) == ("GBP", "1.7300000000")


@pytest.mark.parametrize(
    ("code", "written", "said"),
    [("JPY", "2000.0000", "2000"), ("JPY", "2000", "2000"), ("KWD", "12.3450", "12.345"), ("USD", "20", "20.00")],
)
def test_an_amount_has_the_decimals_of_its_currency(code: str, written: str, said: str) -> None:
    """Nothing is divided."""
    free = dict.fromkeys(
        ["total_tax", "discount_amount", "coupon_discount", "shipping_cost_inc_tax", "handling_cost_inc_tax"], "0.0000"
    )
    line = product(quantity=1, price_inc_tax=written, applied_discounts=[])
    event = placed([line], default_currency_code=code, total_inc_tax=written, wrapping_cost_inc_tax=None, **free)

    assert (str(event.value), event.currency, event.imbalance) == (said, code, None)


@pytest.mark.parametrize(
    ("field", "written", "code"),
    [
        ("total_inc_tax", "361.9550", "USD"),
        ("total_inc_tax", "361.9500", "JPY"),
        ("total_tax", "17.2401", "USD"),
        ("shipping_cost_inc_tax", "12.9549", "USD"),
        ("discount_amount", "0.0001", "USD"),
    ],
)
def test_an_amount_that_would_lose_a_digit_is_refused(field: str, written: str, code: str) -> None:
    """Never rounded."""
    changes: dict[str, Any] = {"default_currency_code": code, field: written}
    rejection = refused(ordered(is_email_opt_in=False, **changes))

    assert (rejection.code, rejection.path, rejection.waits) == ("bad_money", f"order.{field}", True)


def test_the_price_of_a_piece_may_have_parts_of_a_cent() -> None:
    """Thirty for 100.00: the line is paid, and not a piece."""
    line = product(quantity=30, price_inc_tax="3.3333", applied_discounts=[])
    free = dict.fromkeys(["shipping_cost_inc_tax", "handling_cost_inc_tax", "wrapping_cost_inc_tax"], "0.0000")
    event = placed([line], total_inc_tax="100.0000", discount_amount="0.0000", coupon_discount="0.0000", **free)

    assert (event.line_items[0].unit_price, event.imbalance) == (Decimal("3.3333"), None)


def test_where_tax_is_added_on_top_prices_are_those_without_it() -> None:
    """100.00 less 10.00, and 10 % of the rest: 99.00. With tax in the prices it would be 100.00."""
    line = product(quantity=1, price_inc_tax="110.0000", price_ex_tax="100.0000", applied_discounts=[{"amount": 10}])
    free = {
        f"{cost}_cost_{tax}_tax": "0.0000" for cost in ("shipping", "handling", "wrapping") for tax in ("inc", "ex")
    }
    amounts = {"total_inc_tax": "99.0000", "total_tax": "9.0000", "discount_amount": "10.0000"}
    event = placed([line], coupon_discount="0.0000", **amounts, **free)

    assert (event.value, event.line_items[0].unit_price) == (Decimal("99.00"), Decimal("100.00"))
    assert (event.tax, event.discount, event.imbalance) == (Decimal("9.00"), Decimal("10.00"), None)


def test_an_order_that_does_not_sum_up_says_by_how_much() -> None:
    """It is told all the same."""
    imbalance = placed(total_inc_tax="360.9500").imbalance

    assert imbalance == "the total differs by -1.00 USD from lines, discounts, tax, shipping and fees"


def test_an_order_of_very_many_lines_is_told_whole() -> None:
    """One event for each."""
    lines = [engraving(id=number, price_inc_tax="1.0000") for number in range(600)]

    assert len(named(ordered(lists={"products": lines}), "ordered_product")) == 600


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"total_inc_tax": None}, "missing_field", "order.total_inc_tax"),
        ({"total_inc_tax": "1,000.00"}, "bad_money", "order.total_inc_tax"),
        ({"default_currency_code": ""}, "unknown_currency", "order.default_currency_code"),
        ({"date_modified": ""}, "bad_time", "order.date_modified"),
        ({"date_created": "2026-11-01"}, "bad_time", "order.date_created"),
        ({"date_created": "Fri, 31 Dec 9999 23:59:59 -2359"}, "bad_time", "order.date_created"),
        ({"status_id": "11"}, "wrong_type", "order.status_id"),
    ],
)
def test_what_cannot_be_read_says_where(changes: Mapping[str, Any], code: str, path: str) -> None:
    """And names whom it was about."""
    translation = ordered(is_email_opt_in=False, **changes)

    assert [(one.code, one.path) for one in translation.rejections] == [(code, path)]
    assert translation.events == ()


@pytest.mark.parametrize(
    ("line", "code", "path"),
    [
        (product(price_inc_tax=None), "missing_field", "products[1].price_inc_tax"),
        (product(quantity=-1), "wrong_type", "products[1].quantity"),
        (product(applied_discounts=[{"amount": "x"}]), "bad_money", "products[1].applied_discounts[0].amount"),
    ],
)
def test_a_line_that_cannot_be_read_says_which(line: object, code: str, path: str) -> None:
    """No order is told without one of its lines."""
    translation = bigcommerce(UPDATED, parts(bigcommerce_order(is_email_opt_in=False), products=[product(), line]))
    rejection = refused(translation)

    assert (rejection.code, rejection.path) == (code, path)


@given(
    units=st.integers(0, 10**9), lines=st.lists(st.integers(0, 10**6), min_size=1, max_size=5), off=st.integers(-3, 3)
)
def test_an_order_balances_within_a_cent_and_not_beyond(units: int, lines: list[int], off: int) -> None:
    """Whatever it costs: no digit is lost on the way."""
    costs = {f"{cost}_cost_{tax}_tax": "0.0000" for cost in ("handling", "wrapping") for tax in ("inc", "ex")}
    shipping = f"{Decimal(units) / 100:.4f}"
    total = Decimal(units + sum(lines) + off) / 100
    products = [
        engraving(id=at, price_inc_tax=f"{Decimal(cents) / 100:.4f}", price_ex_tax=f"{Decimal(cents) / 100:.4f}")
        for at, cents in enumerate(lines)
    ]
    free = dict.fromkeys(["discount_amount", "coupon_discount", "total_tax"], "0.0000")
    event = placed(
        list(products),
        total_inc_tax=f"{abs(total):.4f}",
        shipping_cost_inc_tax=shipping,
        shipping_cost_ex_tax=shipping,
        **costs,
        **free,
    )

    assert event.value == abs(total)
    assert (event.imbalance is None) is (abs(abs(total) - Decimal(units + sum(lines)) / 100) <= Decimal("0.01"))
