"""WooCommerce's refunds: positive money, one for each id, at the time that is known."""

from datetime import UTC, datetime

from commerce_sync.intake import translate

from tests.unit.intake.bodies import encoded
from tests.unit.intake.store_bodies import UK, woocommerce_order
from tests.unit.intake.test_woocommerce_orders import CHANGED_AT, PLACED, codes, names, ordered


def test_each_refund_is_positive_money_with_its_reason_at_a_derived_time() -> None:
    """``reason`` in real bodies, ``refund`` in the documentation's sample; the order does not say when."""
    refunds = [{"id": 51, "reason": " Broken ", "total": "-10.00"}, {"id": 52, "refund": "Late", "total": "-0.50"}]
    found = [one for one in ordered(status="refunded", refunds=refunds).events if one.refund]

    assert [one.event_id for one in found] == [f"woocommerce:uk:727:refunded_order:{n}" for n in (51, 52)]
    assert [str(one.value) for one in found] == ["10.00", "0.50"]
    assert [one.refund.reason for one in found if one.refund] == ["Broken", "Late"]
    assert all((one.occurred_at, one.properties) == (CHANGED_AT, {"occurred_trust": "derived"}) for one in found)


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


def test_what_the_rest_api_tells_of_a_refund_dates_it() -> None:
    """And what it tells of nobody's refund, or in no readable form, changes nothing."""
    fetched = {"refunds": [{"id": 51, "date_created_gmt": "2026-11-20T08:00:00", "amount": "10.00"}, 7, {"id": []}]}
    body = woocommerce_order(refunds=[{"id": 51, "total": "-10.00"}, {"id": 52, "total": "-1.00"}])
    first, second = translate("woocommerce", "order.updated", UK, encoded(body), {}, fetched).events[-2:]

    assert (first.occurred_at, first.properties) == (datetime(2026, 11, 20, 8, tzinfo=UTC), {})
    assert second.properties == {"occurred_trust": "derived"}
