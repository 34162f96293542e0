"""What contracts and skipped deliveries prove, and whose they are."""

from datetime import UTC, datetime

import pytest
from commerce_sync.contracts import Person
from commerce_sync.intake import Translation, hydrate, translate
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.bodies import RECEIVED, SHOP, Body, assert_holds_contracts, encoded, only, refused

TRIGGERED = {"x-shopify-triggered-at": "2026-11-20T09:30:00.125Z"}
AT = datetime(2026, 11, 20, 9, 30, 0, 125000, tzinfo=UTC)
PREFIX = "shopify:shop-1:900"
FETCHED: dict[str, object] = {
    "id": "900",
    "customer": {"id": "77", "first_name": "Ada", "last_name": "L.", "email": "ada@example.com", "phone": None},
    "origin_order_id": "450",
}
ADA = Person(email="ada@example.com", customer_id="77", first_name="Ada", last_name="L.")


def contract(**changes: object) -> Body:
    """Ada's contract, which began with order 450."""
    return {
        "admin_graphql_api_id": "gid://shopify/SubscriptionContract/900",
        "id": 900,
        "billing_policy": {"interval": "week", "interval_count": 4, "min_cycles": 1, "max_cycles": 2},
        "currency_code": "EUR",
        "customer_id": 77,
        "admin_graphql_api_customer_id": "gid://shopify/Customer/77",
        "delivery_policy": {"interval": "week", "interval_count": 2},
        "status": "active",
        "admin_graphql_api_origin_order_id": "gid://shopify/Order/450",
        "origin_order_id": 450,
        "revision_id": "5001",
        **changes,
    }


def cycle(**changes: object) -> Body:
    """The third delivery of the contract is skipped."""
    return {
        "subscription_contract_id": 900,
        "cycle_start_at": "2026-11-01T00:00:00-04:00",
        "cycle_end_at": "2026-12-01T00:00:00-04:00",
        "cycle_index": 3,
        "contract_edit": None,
        "billing_attempt_expected_date": "2026-12-01T00:00:00-04:00",
        "skipped": True,
        "edited": True,
        **changes,
    }


def told(topic: str, body: Body, hydrated: dict[str, object] | None = None) -> Translation:
    """A body of Shopify as it comes."""
    translation = translate("shopify", topic, SHOP, encoded(body), TRIGGERED, hydrated, RECEIVED)
    assert_holds_contracts(translation)
    return translation


@pytest.mark.parametrize(
    ("verb", "status", "name", "key"),
    [
        ("create", "active", "subscription_started", ""),
        ("activate", "active", "subscription_reactivated", ":5001"),
        ("pause", "paused", "subscription_paused", ":5001"),
        ("cancel", "cancelled", "subscription_cancelled", ":5001"),
        ("expire", "expired", "subscription_cancelled", ":5001"),
        ("fail", "failed", "subscription_cancelled", ":5001"),
        ("cancel", "CANCELLED", "subscription_cancelled", ":5001"),
    ],
)
def test_a_contract_is_told_about_its_customer_and_its_first_order(verb: str, status: str, name: str, key: str) -> None:
    """No address is in it: with the order's id the event is told to the order's buyer."""
    event = only(told(f"subscription_contracts/{verb}", contract(status=status)))
    assert (event.name, event.event_id) == (name, f"{PREFIX}:{name}{key}")
    assert (event.occurred_at, event.order_id, event.person) == (AT, "450", Person(customer_id="77"))
    assert (event.value, event.currency, event.line_items) == (None, "EUR", ())
    ended = {"cancel_reason": status.lower()} if name == "subscription_cancelled" else {}
    assert event.properties == {"subscription_id": "900", **ended}


def test_the_fetched_contract_names_its_person() -> None:
    """Where the app may read it."""
    event = only(told("subscription_contracts/pause", contract(status="paused"), {"subscriber": FETCHED}))
    assert event.person == ADA


@pytest.mark.parametrize("hydrated", [None, {}, {"subscriber": {"customer": None}}])
def test_a_contract_that_was_not_fetched_is_told_all_the_same(hydrated: dict[str, object] | None) -> None:
    """No token, no scope, another app's contract, a customer who is gone."""
    event = only(told("subscription_contracts/create", contract(), hydrated))
    assert event.person == Person(customer_id="77")


def test_a_contract_without_an_order_or_a_customer_is_about_itself() -> None:
    """Imported ones have no first order."""
    event = only(told("subscription_contracts/create", contract(origin_order_id=None, customer_id=None)))
    assert (event.order_id, event.person) == (None, None)


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        ("cancel", "active"),
        ("expire", "paused"),
        ("fail", None),
        ("pause", "cancelled"),
        ("activate", "expired"),
        ("activate", "stale"),
    ],
)
def test_a_topic_that_its_body_contradicts_waits(verb: str, status: str | None) -> None:
    """No signature covers the topic's header."""
    rejection = refused(told(f"subscription_contracts/{verb}", contract(status=status)))
    assert (rejection.path, rejection.waits) == ("status", True)


def test_a_revision_that_is_not_told_is_told_by_the_moment() -> None:
    """So two pauses are still two."""
    event = only(told("subscription_contracts/pause", contract(status="paused", revision_id=None)))
    assert event.event_id == f"{PREFIX}:subscription_paused:1795167000125"


def test_a_skipped_delivery_is_told_about_its_contracts_person() -> None:
    """Once a delivery of a contract, however often it is told."""
    event = only(told("subscription_billing_cycles/skip", cycle(), {"contract": FETCHED}))
    assert (event.name, event.event_id) == ("subscription_skipped", f"{PREFIX}:subscription_skipped:3")
    assert (event.occurred_at, event.order_id, event.person) == (AT, "450", ADA)
    assert event.properties == {"subscription_id": "900", "skipped_on": "2026-12-01"}


@pytest.mark.parametrize(("hydrated", "code", "waits"), [(None, "not_asked", True), ({}, "record_unknown", False)])
def test_a_skipped_delivery_of_an_unknown_contract_says_so(
    hydrated: dict[str, object] | None,
    code: str,
    waits: bool,  # noqa: FBT001
) -> None:
    """Its body names nobody, so there is nobody to tell it of."""
    rejection = refused(told("subscription_billing_cycles/skip", cycle(), hydrated))
    assert (rejection.code, rejection.path, rejection.waits) == (code, "subscription_contract_id", waits)


def test_a_delivery_that_is_not_skipped_is_none() -> None:
    """Whatever the header says."""
    rejection = refused(told("subscription_billing_cycles/skip", cycle(skipped=False), {"contract": FETCHED}))
    assert rejection.path == "skipped"


class Store:
    """A store that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def read(self, kind: str, record_id: str) -> dict[str, object]:
        """Ada's contract."""
        self.asked.append((kind, record_id))
        return FETCHED


@pytest.mark.parametrize(
    ("topic", "body", "asked"),
    [
        ("subscription_contracts/pause", contract(), [("subscriber", "900")]),
        ("subscription_contracts/update", contract(), []),
        ("subscription_billing_cycles/skip", cycle(), [("contract", "900")]),
        ("subscription_billing_cycles/unskip", cycle(), []),
        ("orders/edited", {"order_edit": {"order_id": 450}}, [("order", "450")]),
        ("orders/edited", {"order_edit": {"order_id": "450/../1"}}, []),
        ("orders/edited", {"order_edit": None}, []),
        ("orders/updated", {"id": 450}, []),
        ("orders/create", {"id": 450}, []),
    ],
)
def test_only_what_a_thin_body_names_is_asked_for(topic: str, body: Body, asked: list[tuple[str, str]]) -> None:
    """A full order never costs a call."""
    store = Store()
    hydrate("shopify", topic, encoded(body), lambda: store)
    assert store.asked == asked


LIFE = [
    ("subscription_contracts/create", contract(), None),
    ("subscription_contracts/pause", contract(status="paused", revision_id="5002"), {"subscriber": FETCHED}),
    ("subscription_contracts/activate", contract(revision_id="5003"), None),
    ("subscription_contracts/pause", contract(status="paused", revision_id="5004"), None),
    ("subscription_billing_cycles/skip", cycle(), {"contract": FETCHED}),
    ("subscription_contracts/cancel", contract(status="cancelled", revision_id="5005"), {}),
]


@given(st.permutations(LIFE), st.lists(st.sampled_from(LIFE), max_size=5))
def test_a_contracts_story_is_the_same_in_any_order(told_first: list[tuple], again: list[tuple]) -> None:  # type: ignore[type-arg]
    """Two pauses are two, and repeats add nothing."""
    ids = {event.event_id for topic, body, more in (*told_first, *again) for event in told(topic, body, more).events}
    assert len(ids) == len(LIFE)
