"""WooCommerce's refunds: positive money, one for each id, at the time that is known."""

import json
from datetime import UTC, datetime

import pytest
from commerce_sync.intake import hydrate, translate

from tests.unit.intake.bodies import encoded
from tests.unit.intake.store_bodies import UK, woocommerce_order
from tests.unit.intake.test_woocommerce_orders import CHANGED_AT, PLACED, codes, names, ordered


class Asked:
    """A shop that knows nothing, and what it was asked."""

    def __init__(self) -> None:
        self.questions: list[tuple[str, str]] = []

    def read(self, kind: str, record_id: str) -> object | None:
        """Nothing."""
        self.questions.append((kind, record_id))
        return None


def test_each_refund_is_positive_money_with_its_reason_at_a_derived_time() -> None:
    """``reason`` in real bodies, ``refund`` in the documentation's sample; the order does not say when."""
    refunds = [{"id": 51, "reason": " Broken ", "total": "-10.00"}, {"id": 52, "refund": "Late", "total": "-0.50"}]
    found = [one for one in ordered(status="refunded", refunds=refunds).events if one.refund]

    assert [one.event_id for one in found] == [f"woocommerce:uk:727:refunded_order:{n}" for n in (51, 52)]
    assert [str(one.value) for one in found] == ["10.00", "0.50"]
    assert [one.refund.reason for one in found if one.refund] == ["Broken", "Late"]
    assert all((one.occurred_at, one.properties) == (CHANGED_AT, {"occurred_trust": "derived"}) for one in found)


def test_lists_with_gaps_lose_no_refund_and_no_line() -> None:
    """PHP writes a list that a plugin took something out of as an object of numbers."""
    body = woocommerce_order()
    listed = ordered(refunds=[{"id": 51, "total": "-10.00"}], fee_lines=[{"total": "1.00"}], total="44.20")
    gaps = ordered(
        refunds={"1": {"id": 51, "total": "-10.00"}},
        fee_lines={"3": {"total": "1.00"}},
        line_items={"0": body["line_items"][0], "2": body["line_items"][1]},
        total="44.20",
    )

    assert names(gaps) == [*PLACED, "refunded_order"]
    assert gaps == listed
    assert codes(ordered(line_items={"first": body["line_items"][0]})) == [("wrong_type", "line_items")]


def test_a_refund_that_cannot_be_read_or_returned_nothing_takes_no_other_with_it() -> None:
    """Each says why."""
    refunds = [{"id": 51, "total": "-0.00"}, {"total": "-1"}, 7, {"id": 53, "total": "-2.00"}, {"id": 54, "total": "x"}]
    translation = ordered(refunds=refunds)

    assert names(translation) == [*PLACED, "refunded_order"]
    assert codes(translation) == [
        ("refund_not_paid", "refunds[0].total"),
        ("missing_field", "refunds[1].id"),
        ("missing_field", "refunds[2].id"),
        ("bad_money", "refunds[4].total"),
    ]


def test_a_refunds_own_record_says_when_and_how_much() -> None:
    """And what it tells of nobody's refund changes nothing."""
    fetched = {"refunds": [{"id": 51, "date_created_gmt": "2026-11-20T08:00:00", "amount": "10.00"}, 7, {"id": []}]}
    body = woocommerce_order(refunds=[{"id": 51, "total": "-9.99"}, {"id": 52, "total": "-1.00"}])
    first, second = translate("woocommerce", "order.updated", UK, encoded(body), {}, fetched).events[-2:]

    assert (first.occurred_at, first.properties) == (datetime(2026, 11, 20, 8, tzinfo=UTC), {})
    assert first.refund
    assert str(first.value) == str(first.refund.amount) == "10.00"
    assert str(second.value) == "1.00"
    assert second.properties == {"occurred_trust": "derived"}


@pytest.mark.parametrize(
    "record",
    [{"amount": "10.00"}, {"date_created_gmt": "2026-11-20T08:00:00"}, {"date_created_gmt": "soon", "amount": "10.00"}],
)
def test_a_record_that_cannot_be_read_is_as_if_nobody_had_asked(record: dict[str, str]) -> None:
    """The order has its own word, and the event says that its time is derived."""
    fetched = {"refunds": [{"id": 51} | record]}
    body = woocommerce_order(refunds=[{"id": 51, "total": "-9.99"}])
    refunded = translate("woocommerce", "order.updated", UK, encoded(body), {}, fetched).events[-1]

    assert (str(refunded.value), refunded.occurred_at) == ("9.99", CHANGED_AT)
    assert refunded.properties == {"occurred_trust": "derived"}


@pytest.mark.parametrize(
    ("topic", "body", "asked"),
    [
        ("order.updated", {"id": 727, "refunds": [{"id": 51, "total": "-1.00"}]}, [("refunds", "727")]),
        ("order.created", {"id": "727", "refunds": [{"id": 51}]}, [("refunds", "727")]),
        ("order.restored", {"id": 727, "refunds": [7]}, [("refunds", "727")]),
        ("order.updated", {"id": 727, "refunds": []}, []),
        ("order.updated", {"id": 727}, []),
        ("order.updated", {"id": 727, "refunds": "none"}, []),
        ("order.updated", {"id": "../customers/1", "refunds": [{"id": 51}]}, []),
        ("order.updated", {"refunds": [{"id": 51}]}, []),
        ("order.deleted", {"id": 727, "refunds": [{"id": 51}]}, []),
        ("subscription.updated", {"id": 727, "refunds": [{"id": 51}]}, []),
        ("order.updated", ["727"], []),
    ],
)
def test_a_shop_is_asked_for_the_refunds_of_orders_that_have_some(
    topic: str, body: object, asked: list[tuple[str, str]]
) -> None:
    """And for nothing else: every other body says all itself."""
    shop = Asked()
    hydrate("woocommerce", topic, json.dumps(body).encode(), lambda: shop)
    assert shop.questions == asked
