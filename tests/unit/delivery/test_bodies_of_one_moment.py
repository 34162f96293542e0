"""Bodies of one order that its sender dates alike, whatever else differs in them: the order book ends the same.

Times are told to the second, or by a clock that somebody else keeps. So which of two such bodies counts is decided by
what they say, and nothing that they say may be left to who came first.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from commerce_sync.contracts import BookedOrder, CanonicalEvent
from commerce_sync.delivery.order_book import fingerprint, fold
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.intake.bigcommerce_bodies import bigcommerce_order, parts
from tests.unit.intake.bodies import line, order, shopify
from tests.unit.intake.store_bodies import bigcommerce, woocommerce, woocommerce_line, woocommerce_order
from tests.unit.intake.test_own import own

Changes = dict[str, Any]
Events = Sequence[CanonicalEvent]


def of_own(changes: Changes) -> Events:
    """The own system's."""
    return own("order.updated", {"placed_at": "2026-10-31T10:00:00Z", **changes}).events


def of_shopify(changes: Changes) -> Events:
    """Shopify's."""
    return shopify("orders/updated", order(**changes)).events


def of_woocommerce(changes: Changes) -> Events:
    """WooCommerce's."""
    return woocommerce("order.updated", woocommerce_order(**changes)).events


def of_bigcommerce(changes: Changes) -> Events:
    """BigCommerce's, as its API shows it."""
    return bigcommerce("store/order/updated", parts(bigcommerce_order(**changes))).events


SOMEBODY = {"email": "ann@example.com", "phone": "+12025550147", "first_name": "Ann"}
OTHERS = (SOMEBODY, {"email": "bo@example.com", "phone": None, "first_name": "Bo"}, {"first_name": "Cy"})
SENDERS: dict[str, tuple[Callable[[Changes], Events], dict[str, list[object]]]] = {
    "own": (
        of_own,
        {
            "total": ["2000", "2500"],
            "tax": ["181", "0"],
            "shipping": ["200", "0"],
            "discount": ["200", "0"],
            "taxes_included": [True, False],
            "cancelled_at": [None, "2026-11-02T00:00:00Z"],
            "placed_at": ["2026-10-31T10:00:00Z", "2026-10-30T10:00:00Z"],
            "order_name": ["#1", None],
            "coupon": ["SPRING", None],
            "payment_status": ["paid", None],
            "email": ["ada@example.com", "bo@example.com", None],
            "customer": [None, {"id": 7}, {"email": "cy@example.com"}],
        },
    ),
    "shopify": (
        of_shopify,
        {
            "total_price": ["27.80", "30.00"],
            "total_shipping_price_set": [None, {"shop_money": {"amount": "3.80"}}],
            "taxes_included": [True, False],
            "name": ["#1001", "#1002"],
            "line_items": [[line()], [line(quantity=1)]],
            "email": ["ada@example.com", "bo@example.com", None],
            "customer": [None, {"id": 77, "email": "cy@example.com"}],
            "landing_site": [None, "/?utm_source=x"],
        },
    ),
    "woocommerce": (
        of_woocommerce,
        {
            "status": ["processing", "on-hold", "completed"],
            "total": ["43.20", "50.00"],
            "number": ["A-727", "A-728"],
            "line_items": [[woocommerce_line()], [woocommerce_line(name="Cup")]],
            "billing": [*OTHERS, []],
            "coupon_lines": [[], [{"code": "SPRING"}]],
        },
    ),
    "bigcommerce": (
        of_bigcommerce,
        {
            "status_id": [11, 7, 5],
            "shipping_cost_inc_tax": ["12.9500", "0.0000"],
            "store_default_currency_code": ["USD", "EUR"],
            "billing_address": [*OTHERS, None],
            "payment_method": ["Cash", "Card"],
        },
    ),
}


@pytest.mark.parametrize("source", sorted(SENDERS))
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_which_body_counts_is_decided_by_what_they_say(source: str, data: st.DataObject) -> None:
    """Three bodies of one moment in two orders, some told twice."""
    told, fields = SENDERS[source]
    body = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in fields.items()})
    bodies = data.draw(st.lists(body, min_size=2, max_size=3, unique_by=json.dumps))
    arrivals = st.permutations([*bodies, *data.draw(st.lists(st.sampled_from(bodies), max_size=2))])

    def booked(arrival: Sequence[Changes]) -> BookedOrder:
        known = BookedOrder()
        for changes in arrival:
            known = fold(known, told(changes))
        return known

    one, other = booked(data.draw(arrivals)), booked(data.draw(arrivals))
    assert one == other
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("told", "less", "more"),
    [
        (of_own, {}, {"cancelled_at": "2026-11-02T00:00:00Z"}),
        (of_own, {"email": "ada@example.com"}, {"cancelled_at": "2026-11-02T00:00:00Z", "email": None}),
        (of_own, {}, {"coupon": "SPRING"}),
        (of_own, {"email": None}, {"coupon": None}),
        (of_shopify, {"landing_site": None}, {"landing_site": "/?utm_source=x"}),
    ],
)
def test_of_two_alike_the_one_that_says_more_counts(
    told: Callable[[Changes], Events], less: Changes, more: Changes
) -> None:
    """No cancellation is unsaid by a body that does not speak of it, and what a later release reads more counts."""
    richer = fold(BookedOrder(), told(more))
    for first, second in ((less, more), (more, less)):
        assert fold(fold(BookedOrder(), told(first)), told(second)).placed == richer.placed
