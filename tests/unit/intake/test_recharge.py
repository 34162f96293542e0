"""What Recharge's bodies prove: subscriptions and people, never orders."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from commerce_sync.contracts import LineItem, Person, SamePerson
from commerce_sync.intake import hydrate, people_in
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.bodies import RECEIVED, assert_holds_contracts, encoded, named, only, refused
from tests.unit.intake.recharge_bodies import CLUB, old_subscription, recharge, recharge_customer, subscription

PREFIX = "recharge:us:11111"
CANCELLED = {"status": "cancelled", "cancelled_at": "2026-11-05T08:00:00.637636+00:00"}
CANCELLED_ID = f"{PREFIX}:subscription_cancelled:1793865600"
UPDATED = datetime(2026, 11, 2, 10, tzinfo=UTC)
UPDATED_ID = "1793613600"


def test_a_subscription_starts_with_what_it_delivers_each_time() -> None:
    """One unit's price times the quantity, in the account's currency where no other is named."""
    translation = recharge("subscription/created", subscription())
    event = only(translation)
    assert (event.name, event.event_id) == ("subscription_started", f"{PREFIX}:subscription_started")
    assert event.occurred_at == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
    assert (event.value, event.currency, event.order_id) == (Decimal("25.00"), "USD", None)
    assert event.line_items == (
        LineItem(
            product_id="632910392",
            variant_id="808950810",
            sku="COFFEE-1",
            title="Coffee",
            quantity=2,
            unit_price=Decimal("12.50"),
        ),
    )
    assert event.properties == {"subscription_id": "11111", "interval": "30 day", "next_charge_on": "2026-12-01"}
    assert_holds_contracts(translation)


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("subscription/activated", "subscription_reactivated"),
        ("subscription/paused", "subscription_paused"),
        ("subscription/skipped", "subscription_skipped"),
        (" Subscription/Skipped ", "subscription_skipped"),
    ],
)
def test_a_change_is_dated_as_its_subscription_was_updated(topic: str, name: str) -> None:
    """So the same delivery again is the same event, and a second pause is another."""
    event = only(recharge(topic.strip().lower(), subscription()))
    assert (event.name, event.event_id, event.occurred_at) == (name, f"{PREFIX}:{name}:{UPDATED_ID}", UPDATED)
    later = only(recharge(topic.strip().lower(), subscription(updated_at="2026-11-09T10:00:00+00:00")))
    assert later.event_id != event.event_id


@pytest.mark.parametrize("topic", ["cancelled", "deleted", "updated", "swapped", "unskipped"])
def test_an_end_is_one_event_whichever_topic_tells_it(topic: str) -> None:
    """The body dates it itself, so a delivery that was lost is made good by the next."""
    body = subscription(**CANCELLED, cancellation_reason="too much coffee", cancellation_reason_comments="call me")
    event = only(recharge(f"subscription/{topic}", body))
    assert (event.event_id, event.name) == (CANCELLED_ID, "subscription_cancelled")
    assert event.occurred_at == datetime(2026, 11, 5, 8, 0, 0, 637636, tzinfo=UTC)
    assert event.properties["cancel_reason"] == "too much coffee"
    assert "call me" not in event.properties.values()


def test_a_start_told_late_tells_the_end_too() -> None:
    """A body says what stands now."""
    events = recharge("subscription/created", subscription(**CANCELLED)).events
    assert [event.event_id for event in events] == [f"{PREFIX}:subscription_started", CANCELLED_ID]


@pytest.mark.parametrize(
    ("topic", "changes", "at"),
    [
        ("deleted", {}, UPDATED),
        ("deleted", {"updated_at": None}, RECEIVED),
        ("cancelled", {"status": None}, UPDATED),
        ("updated", {"status": "EXPIRED"}, UPDATED),
    ],
)
def test_an_end_without_a_date_is_the_only_one(topic: str, changes: dict[str, object], at: datetime) -> None:
    """Dated as its body, else as it came; told again later, it is the same."""
    event = only(recharge(f"subscription/{topic}", subscription(**changes)))
    assert (event.event_id, event.occurred_at) == (f"{PREFIX}:subscription_cancelled:ended", at)


@pytest.mark.parametrize("topic", ["updated", "swapped", "unskipped"])
def test_a_subscription_that_goes_on_is_settled(topic: str) -> None:
    """A pause's end has no topic and no field: the body is that of any other change."""
    translation = recharge(f"subscription/{topic}", subscription())
    rejection = refused(translation)
    assert (rejection.code, rejection.waits) == ("subscription_goes_on", False)
    assert translation.people == (Person(customer_id="333"),)


@pytest.mark.parametrize(
    ("topic", "changes", "path"),
    [
        ("cancelled", {}, "subscription.status"),
        ("activated", CANCELLED, "subscription.status"),
        ("paused", CANCELLED, "subscription.status"),
        ("skipped", {"status": "CANCELLED"}, "subscription.status"),
        ("paused", {"updated_at": None}, "subscription.updated_at"),
        ("created", {"created_at": "soon"}, "subscription.created_at"),
        ("created", {"price": "12,50"}, "subscription.price"),
        ("created", {"quantity": "two"}, "subscription.quantity"),
        ("created", {"quantity": True}, "subscription.quantity"),
        ("created", {"presentment_currency": "usd"}, "subscription.presentment_currency"),
        ("created", {"id": ""}, "subscription.id"),
    ],
)
def test_a_body_that_contradicts_its_topic_or_cannot_be_read_waits(
    topic: str, changes: dict[str, object], path: str
) -> None:
    """No signature covers the address, so a body proves what its address says or nothing."""
    rejection = refused(recharge(f"subscription/{topic}", subscription(**changes)))
    assert (rejection.path, rejection.waits) == (path, True)


@pytest.mark.parametrize("body", [{}, {"charge": {"id": 1}}, {"subscription": None}, {"subscription": []}])
def test_a_pause_or_skip_of_a_shape_that_nobody_saw_waits_with_its_place(body: dict[str, object]) -> None:
    """It can be replayed once it is understood."""
    resource = body.get("subscription", "absent")
    rejection = refused(recharge("subscription/skipped", resource))
    assert rejection.waits
    assert rejection.path == "subscription"


def test_a_thin_pause_is_told_without_prices() -> None:
    """Nothing is made up for what a body does not say."""
    event = only(recharge("subscription/paused", {"id": 11111, "updated_at": "2026-11-02T10:00:00Z"}))
    assert (event.value, event.currency, event.line_items, event.person) == (None, None, (), None)


@pytest.mark.parametrize("topic", ["created", "activated", "paused", "skipped", "cancelled"])
def test_both_versions_of_the_api_tell_one_story(topic: str) -> None:
    """Times without an offset, text for numbers and numbers for text, 0 and 1, capitals, the shop's plain ids."""
    ended = {"cancelled_at": "2026-11-05T08:00:00"} if topic == "cancelled" else {}
    new = subscription(status="cancelled" if ended else "active", **ended)
    old = old_subscription(status="CANCELLED" if ended else "ACTIVE", **ended)
    assert recharge(f"subscription/{topic}", old) == recharge(f"subscription/{topic}", new)


@pytest.mark.parametrize("given_id", [2**53 + 1, str(2**53 + 1)])
def test_ids_stay_exact_as_numbers_and_as_text(given_id: object) -> None:
    """No floating point."""
    event = only(recharge("subscription/created", subscription(id=given_id, customer_id=given_id)))
    assert event.event_id == "recharge:us:9007199254740993:subscription_started"
    assert event.person == Person(customer_id="9007199254740993")


def test_a_price_is_in_the_currency_that_the_buyer_pays() -> None:
    """Yen have no decimals, and nothing is divided."""
    event = only(recharge("subscription/created", subscription(presentment_currency="JPY", price="1500", quantity=1)))
    assert (event.value, event.currency) == (Decimal(1500), "JPY")


def test_the_fetched_customer_is_the_person_and_the_shops_customer() -> None:
    """The person has an address, and Recharge's word says which customer of the shop they are."""
    translation = recharge("subscription/created", subscription(), {"customer": recharge_customer()})
    assert only(translation).person == Person(
        email="cleo@example.com", customer_id="333", first_name="Cleo", last_name="Carter"
    )
    (same,) = translation.same
    assert same == SamePerson(
        source="recharge",
        store="us",
        records=("333",),
        elsewhere=(("shopify:us", "77"),),
        said_by="subscription_app",
        stated_at=datetime(2026, 11, 1, 9, 31, tzinfo=UTC),
    )
    assert_holds_contracts(translation)


@pytest.mark.parametrize("hydrated", [None, {}])
def test_a_person_who_was_not_fetched_is_named_by_their_id(hydrated: dict[str, object] | None) -> None:
    """No token, or a customer that is gone."""
    translation = recharge("subscription/created", subscription(), hydrated)
    assert (only(translation).person, translation.same) == (Person(customer_id="333"), ())


@pytest.mark.parametrize("topic", ["customer/created", "customer/updated"])
def test_a_customer_is_a_profile_at_one_moment(topic: str) -> None:
    """And the shop's customer."""
    translation = recharge(topic, recharge_customer())
    event = only(translation)
    assert (event.name, event.event_id) == ("profile_updated", "recharge:us:333:profile_updated:1793525460000")
    assert event.person is not None
    assert (event.person.email, event.person.customer_id) == ("cleo@example.com", "333")
    assert [same.elsewhere for same in translation.same] == [(("shopify:us", "77"),)]
    assert_holds_contracts(translation)


@pytest.mark.parametrize(
    ("changes", "shop"),
    [
        ({"external_customer_id": {"ecommerce": None}}, "shopify:us"),
        ({"external_customer_id": None}, "shopify:us"),
        ({}, None),
    ],
)
def test_nobody_is_joined_without_the_shops_id_or_the_shop(changes: dict[str, object], shop: str | None) -> None:
    """A customer who has not bought yet, or an account whose shop stores.toml does not name."""
    store = CLUB.model_copy(update={"shop": shop})
    assert recharge("customer/updated", recharge_customer(**changes), store=store).same == ()


def test_an_old_customer_names_the_shops_customer_by_a_plain_id() -> None:
    """2021-01."""
    body = recharge_customer(external_customer_id=None, shopify_customer_id=77, status="ACTIVE")
    assert recharge("customer/updated", body).same == recharge("customer/updated", recharge_customer()).same


@pytest.mark.parametrize(
    ("topic", "code", "waits"),
    [
        ("charge/paid", "told_by_shop", False),
        ("charge/refunded", "told_by_shop", False),
        ("charge/failed", "topic_not_used", False),
        ("charge/max_retries_reached", "topic_not_used", False),
        ("order/upcoming", "topic_not_used", False),
        ("order/created", "told_by_shop", False),
        ("order/cancelled", "told_by_shop", False),
        ("customer/deleted", "record_deleted", False),
        ("customer/activated", "topic_not_used", False),
        ("onetime/created", "topic_not_used", False),
        ("recharge/uninstalled", "topic_not_used", False),
        ("subscription/peeled", "unknown_topic", True),
        ("", "unknown_topic", True),
    ],
)
def test_a_topic_without_events_says_why(topic: str, code: str, waits: bool) -> None:  # noqa: FBT001
    """Orders are the shop's to tell: counted here too, revenue would double."""
    rejection = refused(recharge(topic, {"id": 1}))
    assert (rejection.code, rejection.waits) == (code, waits)


def test_a_charge_that_is_set_aside_is_about_its_customer() -> None:
    """An erasure finds it in the archive."""
    charge = {
        "id": 5,
        "customer": {"id": 333, "email": "cleo@example.com"},
        "billing_address": {"phone": "202 555 0130"},
    }
    assert recharge("charge/paid", charge).people == (
        Person(email="cleo@example.com", customer_id="333"),
        Person(phone="202 555 0130"),
    )
    assert people_in("customer/deleted", encoded({"customer": {"id": 333}})) == (Person(customer_id="333"),)


class Accounts:
    """An account that knows Cleo, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def read(self, kind: str, record_id: str) -> dict[str, object] | None:
        """Cleo."""
        self.asked.append((kind, record_id))
        return recharge_customer() if record_id == "333" else None


@pytest.mark.parametrize(
    ("topic", "resource", "asked"),
    [
        ("subscription/created", subscription(), [("customer", "333")]),
        ("subscription/updated", subscription(customer_id="444"), [("customer", "444")]),
        ("subscription/created", subscription(customer_id=None), []),
        ("subscription/created", subscription(customer_id="../3"), []),
        ("customer/updated", recharge_customer(), []),
        ("charge/paid", {"customer_id": 333}, []),
    ],
)
def test_only_a_subscriptions_customer_is_asked_for(
    topic: str, resource: dict[str, object], asked: list[tuple[str, str]]
) -> None:
    """A customer's body says all itself, and a charge is not translated."""
    accounts = Accounts()
    hydrate("recharge", topic, encoded({topic.partition("/")[0]: resource}), lambda: accounts)
    assert accounts.asked == asked


def test_an_account_without_a_token_is_not_asked() -> None:
    """The body is translated without its person's address."""
    assert hydrate("recharge", "subscription/created", encoded({"subscription": subscription()}), lambda: None) is None


LIFE = [
    ("subscription/created", subscription()),
    ("subscription/skipped", subscription(updated_at="2026-11-03T10:00:00+00:00")),
    ("subscription/paused", subscription(updated_at="2026-11-04T10:00:00+00:00")),
    ("subscription/cancelled", subscription(**CANCELLED)),
    ("subscription/updated", subscription(**CANCELLED, updated_at="2026-11-05T08:00:01+00:00")),
    ("subscription/activated", subscription(updated_at="2026-11-09T10:00:00+00:00")),
    ("subscription/deleted", subscription(**CANCELLED)),
]


@given(st.permutations(LIFE), st.lists(st.sampled_from(LIFE), max_size=5))
def test_a_subscriptions_story_is_the_same_in_any_order(
    told: list[tuple[str, dict[str, object]]], again: list[tuple[str, dict[str, object]]]
) -> None:
    """Repeated and shuffled: five events, each with one time."""
    events = [event for topic, body in (*told, *again) for event in recharge(topic, body).events]
    assert {(event.event_id, event.occurred_at) for event in events} == {
        (event.event_id, event.occurred_at) for topic, body in LIFE for event in recharge(topic, body).events
    }
    assert len({event.event_id for event in events}) == 5
    cancelled = [event for topic, body in LIFE for event in named(recharge(topic, body), "subscription_cancelled")]
    assert {event.event_id for event in cancelled} == {CANCELLED_ID}
