"""WooCommerce Subscriptions: what one body proves, and that however often it is told it is one event."""

from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.contracts import CanonicalEvent
from commerce_sync.intake import Translation
from commerce_sync.intake.woocommerce.topics import TRANSLATORS

from tests.unit.intake.bodies import assert_holds_contracts
from tests.unit.intake.store_bodies import woocommerce, woocommerce_subscription

STARTED_AT, CHANGED_AT = datetime(2026, 11, 1, 9, 30, 5, tzinfo=UTC), datetime(2026, 11, 2, 10, tzinfo=UTC)
CANCELLED_AT = datetime(2026, 11, 2, 9, 59, 58, tzinfo=UTC)
CANCELLED = {"cancelled_date_gmt": "2026-11-02T09:59:58", "end_date_gmt": "2026-12-01T09:30:05"}
LATER = "2026-11-09T00:00:00"


def subscribed(topic: str = "subscription.updated", **changes: Any) -> Translation:
    """A subscription, translated; its events hold their contract."""
    translation = woocommerce(topic, woocommerce_subscription(**changes))
    assert_holds_contracts(translation)
    return translation


def happened(**changes: Any) -> list[CanonicalEvent]:
    """What happened to it since it started."""
    translation = subscribed(**changes)
    started, *rest = translation.events
    assert (started.event_id, translation.rejections) == ("woocommerce:uk:1300:subscription_started", ())
    return rest


def only(**changes: Any) -> CanonicalEvent:
    """The one thing that happened to it."""
    (one,) = happened(**changes)
    return one


@pytest.mark.parametrize("topic", [topic for topic in TRANSLATORS if topic.startswith("subscription.")])
@pytest.mark.parametrize("status", ["active", "switched", "wc-active"])
def test_a_subscription_that_runs_was_started_and_nothing_more_is_proved(topic: str, status: str) -> None:
    """Whether it was on hold before, an active one does not say; a switched one was replaced and did not end."""
    (started,) = subscribed(topic, status=status).events

    assert (started.event_id, started.occurred_at) == ("woocommerce:uk:1300:subscription_started", STARTED_AT)
    assert (started.order_id, started.person is not None) == (None, True)


def test_it_tells_its_lines_its_value_for_a_period_and_its_terms() -> None:
    """Every event of a subscription does."""
    (started,) = subscribed().events

    assert (str(started.value), started.currency, started.imbalance) == ("43.20", "GBP", None)
    assert [(line.sku, line.quantity, str(line.unit_price)) for line in started.line_items] == [
        ("MUG", 3, "10.00"),
        (None, 1, "5.00"),
    ]
    assert started.properties == {
        "subscription_id": "1300",
        "subscription_status": "active",
        "billing_period": "month",
        "billing_interval": "1",
        "next_payment_at": "2026-12-01T09:30:05+00:00",
        "parent_order_id": "727",
        "source_name": "checkout",
        "coupon": "SPRING",
    }
    paused = only(status="on-hold")
    assert (paused.line_items, paused.value) == (started.line_items, started.value)
    assert paused.properties["next_payment_at"] == started.properties["next_payment_at"]


@pytest.mark.parametrize("status", ["pending", "auto-draft"])
def test_one_that_was_not_paid_yet_is_not_started(status: str) -> None:
    """It names its buyer."""
    translation = subscribed("subscription.created", status=status)

    assert [(one.code, one.waits) for one in translation.rejections] == [("incomplete_order", False)]
    assert (translation.events, len(translation.people)) == ((), 1)


def test_one_that_was_cancelled_before_it_was_paid_never_started() -> None:
    """The shop cancels it with its order."""
    never: dict[str, Any] = {"date_paid_gmt": None, "last_payment_date_gmt": "", **CANCELLED}
    translation = subscribed(status="cancelled", **never)

    assert (translation.events, [one.code for one in translation.rejections]) == ((), ["incomplete_order"])
    assert only(status="cancelled", payment_method="", **never).name == "subscription_cancelled"


def test_a_pause_is_one_however_often_it_is_told() -> None:
    """Named by the payment before it; no record says when it began, so its time is derived and says so."""
    paused = only(status="on-hold")

    assert (paused.name, paused.occurred_at) == ("subscription_paused", CHANGED_AT)
    assert paused.properties["occurred_trust"] == "derived"
    assert "paused_because" not in paused.properties
    assert only(status="on-hold", date_modified_gmt=LATER).event_id == paused.event_id
    next_period = {"last_payment_date_gmt": "2026-12-01T09:30:20", "date_modified_gmt": "2026-12-05T00:00:00"}
    assert only(status="on-hold", **next_period).event_id != paused.event_id


@pytest.mark.parametrize("next_payment", ["", "2026-11-02T10:00:00", "2026-11-01T00:00:00"])
def test_one_that_is_held_for_a_payment_that_is_due_says_so(next_payment: str) -> None:
    """Every automatic renewal holds it for a moment: a message to who paused must leave these out."""
    assert only(status="on-hold", next_payment_date_gmt=next_payment).properties["paused_because"] == "payment_due"


def test_a_cancellation_is_one_from_the_act_to_the_end_of_what_was_paid() -> None:
    """``pending-cancel`` until then, ``cancelled`` after; the date of the act stays."""
    act, end = (
        only(status="pending-cancel", **CANCELLED),
        only(status="cancelled", date_modified_gmt=LATER, **CANCELLED),
    )

    assert (act.name, act.event_id) == ("subscription_cancelled", end.event_id)
    assert act.occurred_at == end.occurred_at == CANCELLED_AT
    assert "occurred_trust" not in act.properties
    assert act.properties["end_at"] == "2026-12-01T09:30:05+00:00"
    again = {**CANCELLED, "cancelled_date_gmt": "2026-12-24T00:00:00"}
    assert only(status="cancelled", **again).event_id != act.event_id


def test_one_that_ran_out_ended_at_its_own_date() -> None:
    """Nobody called it off; its status says so."""
    expired = only(status="expired", end_date_gmt="2026-11-02T09:00:00")

    assert (expired.name, expired.occurred_at.hour) == ("subscription_cancelled", 9)
    assert expired.properties["subscription_status"] == "expired"


def test_an_end_without_a_date_is_told_at_a_derived_time() -> None:
    """The end of what was paid lies ahead and is not when it was cancelled."""
    undated = only(status="pending-cancel", end_date_gmt="2026-12-01T09:30:05")

    assert (undated.occurred_at, undated.properties["occurred_trust"]) == (CHANGED_AT, "derived")
    assert only(status="cancelled").event_id == "woocommerce:uk:1300:subscription_cancelled"


def test_one_that_is_active_again_is_told_where_its_body_proves_it() -> None:
    """It takes up a cancelled one, or its cancellation still stands in it."""
    resubscribed = only(resubscribed_from=1200)
    undone = only(**CANCELLED)

    assert (resubscribed.name, resubscribed.occurred_at) == ("subscription_reactivated", STARTED_AT)
    assert resubscribed.properties["resubscribed_from"] == "1200"
    assert only(resubscribed_from="1200", date_modified_gmt=LATER).event_id == resubscribed.event_id
    assert (undone.name, undone.properties["occurred_trust"]) == ("subscription_reactivated", "derived")
    assert happened(resubscribed_from="0") == happened(resubscribed_from="") == []


@pytest.mark.parametrize("changes", [{"total": "?"}, {"start_date_gmt": "x"}, {"line_items": 5}, {"currency": None}])
def test_one_that_cannot_be_read_says_where_and_names_its_people(changes: dict[str, Any]) -> None:
    """Nothing is told of it."""
    translation = subscribed(**changes)

    assert (translation.events, [one.path for one in translation.rejections]) == ((), list(changes))
    assert len(translation.people) == 1


def test_one_whose_start_is_not_told_started_when_it_was_made() -> None:
    """Older versions have no ``start_date``."""
    (started,) = subscribed(start_date_gmt="").events

    assert started.occurred_at == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
