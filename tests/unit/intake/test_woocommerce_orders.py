"""WooCommerce's orders: what each status proves, when it happened, who bought and how they came."""

from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.contracts import CanonicalEvent, Store
from commerce_sync.intake import Translation, translate
from commerce_sync.intake.woocommerce.topics import TRANSLATORS

from tests.unit.intake.bodies import assert_holds_contracts, encoded
from tests.unit.intake.store_bodies import EMAIL_KEY, woocommerce, woocommerce_order

PLACED = ["placed_order", "ordered_product", "ordered_product"]
CREATED_AT, CHANGED_AT = datetime(2026, 11, 1, 9, 30, tzinfo=UTC), datetime(2026, 11, 2, 10, tzinfo=UTC)
UNPAID: dict[str, Any] = {"date_paid_gmt": None, "transaction_id": ""}


def ordered(*fields: tuple[str, Any], topic: str = "order.updated", **changes: Any) -> Translation:
    """An order, translated; its events hold their contract."""
    translation = woocommerce(topic, woocommerce_order(*fields, **changes))
    assert_holds_contracts(translation)
    return translation


def names(translation: Translation) -> list[str]:
    """What happened."""
    return [event.name for event in translation.events]


def codes(translation: Translation) -> list[tuple[str, str]]:
    """Why it gave no more, and where."""
    return [(one.code, one.path) for one in translation.rejections]


def event(translation: Translation, name: str) -> CanonicalEvent:
    """The only event of a name."""
    (found,) = [one for one in translation.events if one.name == name]
    return found


@pytest.mark.parametrize("topic", [topic for topic in TRANSLATORS if topic.startswith("order.")])
@pytest.mark.parametrize("status", ["on-hold", "processing", "refunded", "wc-processing", "awaiting-pickup"])
def test_an_order_in_any_accepted_status_is_placed(status: str, topic: str) -> None:
    """A shop's own statuses are orders too, and every topic carries the whole order."""
    translation = ordered(topic=topic, status=status)

    assert (names(translation), codes(translation)) == (PLACED, [])
    assert [one.event_id for one in translation.events] == [
        "woocommerce:uk:727:placed_order",
        "woocommerce:uk:727:ordered_product:31",
        "woocommerce:uk:727:ordered_product:32",
    ]


@pytest.mark.parametrize("status", ["pending", "checkout-draft", "auto-draft", "draft", "new", "failed"])
def test_a_checkout_that_is_no_order_yet_is_settled_and_names_its_buyer(status: str) -> None:
    """It is placed when its status moves on; until then nothing is told."""
    translation = ordered(status=status)

    assert (names(translation), codes(translation)) == ([], [("incomplete_order", "status")])
    assert [one.waits for one in translation.rejections] == [False]
    assert [one.email for one in translation.people] == ["ann@example.com"]


@pytest.mark.parametrize("status", ["trash", "wc-trash"])
def test_an_order_in_the_bin_is_deleted_and_not_cancelled(status: str) -> None:
    """Staff tidy up."""
    assert codes(ordered(status=status)) == [("record_deleted", "status")]


@pytest.mark.parametrize("topic", ["order.deleted", "subscription.deleted", "customer.deleted"])
def test_a_deleted_record_cancels_nothing(topic: str) -> None:
    """Its body is an id alone."""
    translation = woocommerce(topic, {"id": 727})

    assert (translation.events, codes(translation)) == ((), [("record_deleted", "")])


@pytest.mark.parametrize(
    "paid",
    [
        {"date_paid_gmt": "2026-11-01T09:30:20"},
        {**UNPAID, "transaction_id": "pi_7"},
        {**UNPAID, "payment_method": "bacs"},
        {**UNPAID, "payment_method": "cod"},
        {**UNPAID, "payment_method": ""},
        {**UNPAID, "created_via": "admin"},
        {**UNPAID, "created_via": []},
        {**UNPAID, "meta_data": [{"key": "_new_order_email_sent", "value": "true"}]},
        {**UNPAID, "refunds": [{"id": 5, "reason": "", "total": "-1.00"}]},
        {**UNPAID, "date_completed_gmt": "2026-11-01T12:00:00"},
    ],
)
def test_an_order_that_was_placed_and_called_off_is_cancelled_by_its_last_change(paid: dict[str, Any]) -> None:
    """No record says when, so the time is derived and says so."""
    translation = ordered(status="cancelled", **paid)
    cancelled, placed = event(translation, "cancelled_order"), event(translation, "placed_order")

    assert (cancelled.event_id, cancelled.occurred_at) == ("woocommerce:uk:727:cancelled_order", CHANGED_AT)
    assert cancelled.properties["occurred_trust"] == "derived"
    assert (placed.occurred_at, "occurred_trust" in placed.properties) == (CREATED_AT, False)
    assert placed.order is not None
    assert (placed.order.cancelled_at, placed.order.financial_status) == (CHANGED_AT, "cancelled")


@pytest.mark.parametrize("via", ["checkout", "store-api", "subscription"])
def test_a_checkout_that_nobody_paid_and_the_shop_cancelled_by_itself_was_no_order(via: str) -> None:
    """Every abandoned payment ends so, and every renewal that was never paid: thanking for it would be untrue."""
    translation = ordered(status="cancelled", created_via=via, **UNPAID)

    assert (names(translation), codes(translation)) == ([], [("incomplete_order", "status")])


def test_a_completed_order_is_fulfilled_when_it_was_completed() -> None:
    """Also where its money was returned since; staff who took it back to processing did not send it."""
    done = {"date_completed_gmt": "2026-11-01T15:00:00"}
    sent = event(ordered(status="completed", **done), "fulfilled_order")

    assert (sent.event_id, sent.occurred_at.hour) == ("woocommerce:uk:727:fulfilled_order", 15)
    assert "occurred_trust" not in sent.properties
    assert event(ordered(status="refunded", **done), "fulfilled_order") == sent
    assert names(ordered(status="processing", **done)) == PLACED
    assert event(ordered(status="completed"), "fulfilled_order").properties["occurred_trust"] == "derived"


def test_the_state_of_an_order_is_the_shops_word_at_its_last_change() -> None:
    """The name is the number that the shop shows."""
    state = event(ordered(status="completed"), "placed_order").order

    assert state is not None
    assert (state.version, state.name, str(state.current_value)) == (CHANGED_AT, "A-727", "43.20")
    assert (state.financial_status, state.fulfillment_status, state.cancelled_at) == ("completed", "fulfilled", None)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"status": "on-hold"}, {"status": "processing"}),
        ({"status": "processing"}, {"status": "completed"}),
        ({"status": "processing"}, {"status": "being-packed"}),
        ({"status": "completed"}, {"status": "refunded"}),
        ({"status": "processing"}, {"status": "cancelled"}),
        ({}, {"refunds": [{"id": 1, "total": "-1.00"}]}),
        ({"refunds": [{"id": 1, "total": "-1.00"}]}, {"refunds": [{"id": n, "total": "-1.00"} for n in range(12)]}),
    ],
)
def test_of_two_bodies_of_one_second_the_one_further_on_wins(earlier: dict[str, Any], later: dict[str, Any]) -> None:
    """WooCommerce tells times to the second, places and pays within one, and refunds without a new time."""
    first, second = (event(ordered(**body), "placed_order").order for body in (earlier, later))

    assert first is not None
    assert second is not None
    assert (first.version, first.digest) < (second.version, second.digest)


def test_times_without_a_zone_are_utc_and_the_shops_own_only_where_nothing_else_is_said() -> None:
    """A shop in New York in winter is five hours behind."""
    store = Store(source="woocommerce", id="us", time_zone="America/New_York")
    body = woocommerce_order(
        date_created="2026-11-01T04:30:00", date_modified_gmt=None, date_modified="2026-11-02T05:00"
    )
    (placed, *_) = translate("woocommerce", "order.updated", store, encoded(body)).events

    assert placed.occurred_at == CREATED_AT
    assert placed.order is not None
    assert placed.order.version == CHANGED_AT


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"date_created_gmt": None, "date_created": ""}, ("missing_field", "date_created_gmt")),
        ({"date_created_gmt": "yesterday"}, ("bad_time", "date_created_gmt")),
        ({"date_modified_gmt": 7}, ("bad_time", "date_modified_gmt")),
        ({"total": None}, ("missing_field", "total")),
        ({"total": "1,200.00"}, ("bad_money", "total")),
        ({"currency": "XXX"}, ("unknown_currency", "currency")),
        ({"line_items": None}, ("missing_field", "line_items")),
        ({"line_items": [{"id": 1, "quantity": 1}]}, ("missing_field", "line_items[0].total")),
        ({"line_items": [{"id": 1, "total": "1", "quantity": []}]}, ("wrong_type", "line_items[0].quantity")),
        ({"line_items": [{"total": "1", "quantity": 1}]}, ("missing_field", "line_items[0].id")),
        ({"fee_lines": [{"total": "?"}]}, ("bad_money", "fee_lines[0].total")),
        ({"status": None}, ("missing_field", "status")),
    ],
)
def test_an_order_that_cannot_be_read_says_where(changes: dict[str, Any], code: tuple[str, str]) -> None:
    """Nothing is told of it, and its buyer is found by an erasure."""
    translation = ordered(**changes)

    assert (translation.events, codes(translation)) == ((), [code])
    assert translation.people


def test_an_order_that_was_never_changed_is_of_the_day_it_was_made() -> None:
    """And zeros of old databases are no time."""
    state = event(ordered(date_modified_gmt="0000-00-00 00:00:00", date_modified=None), "placed_order").order

    assert state is not None
    assert state.version == CREATED_AT


def test_how_the_buyer_came_is_told_with_the_order_and_not_with_its_lines() -> None:
    """Core's attribution before the query of the page; values may be anything; the referrer stays out."""
    placed, product, *_ = ordered(
        ("_wc_order_attribution_utm_source", "klaviyo"),
        ("_wc_order_attribution_utm_medium", ["email"]),
        ("_wc_order_attribution_session_entry", "https://shop.example.com/?utm_source=x&utm_campaign=spring&email=a"),
        ("_wc_order_attribution_source_type", "utm"),
        ("_wc_order_attribution_device_type", "Mobile"),
        ("_wc_order_attribution_referrer", "https://mail.example.com/?user=ann"),
        ("_wc_order_attribution_user_agent", "x"),
    ).events

    assert placed.properties == {
        "order_name": "A-727",
        "source_name": "checkout",
        "coupon": "SPRING",
        "utm_source": "klaviyo",
        "utm_campaign": "spring",
        "source_type": "utm",
        "device_type": "Mobile",
    }
    assert product.properties == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"created_via": "subscription"}, {"renewal": "true"}),
        (
            {"meta_data": [{"key": "_subscription_renewal", "value": "1300"}]},
            {"renewal": "true", "subscription_id": "1300"},
        ),
        ({"meta_data": [{"key": "_subscription_renewal", "value": 1300}]}, {"subscription_id": "1300"}),
        ({}, {}),
    ],
)
def test_a_renewal_is_an_order_that_says_so(changes: dict[str, Any], expected: dict[str, str]) -> None:
    """With the subscription that it renews."""
    placed = event(ordered(**changes), "placed_order")

    assert {name: placed.properties.get(name) for name in ("renewal", "subscription_id")} == {
        "renewal": expected.get("renewal", "true" if expected else None),
        "subscription_id": expected.get("subscription_id"),
    }


def test_a_guest_is_a_person_without_a_customers_id() -> None:
    """Named by who pays, never by who receives."""
    person = event(ordered(customer_id=0, shipping={"phone": "1", "first_name": "Bob"}), "placed_order").person

    assert person is not None
    assert (person.customer_id, person.email, person.first_name, person.last_name) == (
        None,
        "ann@example.com",
        "Ann",
        "Oakley",
    )


def test_an_order_of_nobody_is_an_order() -> None:
    """Sold at a counter: PHP writes an empty list where nothing is."""
    assert event(ordered(customer_id=0, billing=[]), "placed_order").person is None


def test_an_order_says_of_consent_what_it_says_beside_its_events() -> None:
    """Both from one body."""
    translation = ordered((EMAIL_KEY, "1"))

    assert (names(translation), len(translation.consent), translation.people) == (PLACED, 1, ())
