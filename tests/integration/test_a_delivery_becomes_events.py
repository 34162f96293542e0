"""webhook_intake and identity_normalization over AWS in process, from a signed request to canonical events."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from commerce_sync.contracts import DeliveredFacts, Envelope

from local.in_process import InProcessBundle
from local.sample_day import shopify_bodies
from local.sample_day.deliveries import Delivery, deliveries_of
from local.sample_day.shops import tell
from local.sample_day.story import Story
from tests.fakes import bundle as b

STORY: Story = tell(datetime.now(UTC).replace(minute=0, second=0, microsecond=0))
"""Of today: what is older than a week goes another way to Klaviyo."""
ORDER = STORY.orders[0]


def shopify_order(**changes: object) -> Delivery:
    """A signed order."""
    body = shopify_bodies.order_body(ORDER, [], ORDER.placed_at) | changes
    data = json.dumps(body).encode()
    return Delivery("shopify", "us", "orders/create", data, "d-1", headers={"X-Shopify-Topic": "orders/create"})


def facts_of(bundle: InProcessBundle, queue: str = "EventsQueue") -> list[DeliveredFacts]:
    """The facts that wait in a queue."""
    return [DeliveredFacts.parse(body) for body in b.waiting(bundle, queue)]


def through_identity(bundle: InProcessBundle, delivery: Delivery) -> None:
    """One delivery through both functions."""
    assert b.post(bundle, b.api_event(delivery))["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []


def test_a_signed_order_is_archived_and_becomes_events_about_one_profile() -> None:
    """The whole way on our side."""
    with b.ready_bundle() as bundle:
        through_identity(bundle, shopify_order())
        (facts,) = facts_of(bundle)
        names = [event.name for event in facts.events]
        assert names == ["placed_order", *["ordered_product"] * len(ORDER.lines)]
        assert len({event.profile_id for event in facts.events}) == 1
        assert facts.events[0].value == ORDER.total
        assert facts.events[0].person is not None
        assert facts.events[0].person.email == "ada.archer.0@example.com"
        archived = b.aws_client("s3").list_objects_v2(Bucket=bundle.names["Archive"])["Contents"]
        assert len(archived) == 1


def test_the_same_delivery_again_makes_the_same_message() -> None:
    """Every id depends on the content alone, so downstream knows the repeat."""
    with b.ready_bundle() as bundle:
        through_identity(bundle, shopify_order())
        through_identity(bundle, replace(shopify_order(), delivery_id="another"))
        first, second = facts_of(bundle)
        assert first == second
        profiles = {item["profile_id"]["S"] for item in b.items(bundle, "IdentityTable") if "profile_id" in item}
        assert len(profiles) == 1


def test_a_body_too_large_for_a_message_travels_by_reference() -> None:
    """The claim check: S3 holds it, the message names it."""
    with b.ready_bundle() as bundle:
        assert b.post(bundle, b.api_event(shopify_order(note="x" * 300_000)))["statusCode"] == 200
        (message,) = b.waiting(bundle, "InboundQueue")
        assert Envelope.parse(message).body is None
        assert len(message) < 2000
        assert b.consume(bundle, "identity_normalization", [message]) == []
        assert facts_of(bundle)[0].events[0].name == "placed_order"


def test_a_consent_topic_goes_on_a_queue_of_its_own() -> None:
    """An opt-out never waits behind orders."""
    body = shopify_bodies.consent_body(STORY.customers[0][1], STORY.started_at)
    topic = "customers_email_marketing_consent/update"
    delivery = Delivery("shopify", "us", topic, json.dumps(body).encode(), "c-1", headers={"X-Shopify-Topic": topic})
    with b.ready_bundle() as bundle:
        assert b.post(bundle, b.api_event(delivery))["statusCode"] == 200
        assert b.waiting(bundle, "InboundQueue") == []
        assert len(b.waiting(bundle, "ConsentInboundQueue")) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\xff\xfe{}", "not_utf8"),
        (b"<html>", "not_json"),
        (b"", "not_json"),
        (b"[" * 10_000 + b"]" * 10_000, "too_deep"),
        (b'{"id":1,"id":2}', "duplicate_key"),
        (b'{"id":NaN}', "not_a_number"),
        (b"{}", "missing_field"),
    ],
)
def test_a_verified_body_that_cannot_be_believed_is_quarantined(body: bytes, code: str) -> None:
    """Answered 200, set aside with its reason, never retried for ever."""
    with b.ready_bundle() as bundle:
        through_identity(bundle, replace(shopify_order(), body=body))
        (item,) = b.items(bundle, "QuarantineTable")
        assert item["code"]["S"] == code
        assert facts_of(bundle) == []


def test_quarantining_twice_leaves_one_item() -> None:
    """A redelivery finds it there."""
    with b.ready_bundle() as bundle:
        for _ in range(2):
            through_identity(bundle, replace(shopify_order(), body=b"{}"))
        assert len(b.items(bundle, "QuarantineTable")) == 1


def test_what_was_quarantined_is_replayed_from_the_archive() -> None:
    """Operations replay, dry first."""
    with b.ready_bundle() as bundle:
        through_identity(bundle, replace(shopify_order(), body=b"{}"))
        with bundle.function("operations") as operations:
            dry = operations.handler({"command": "replay", "arguments": {"code": "missing_field"}}, None)
            assert dry["result"]["would_replay"] == 1
            assert b.waiting(bundle, "InboundQueue") == []
            arguments = {"code": "missing_field", "dry_run": False}
            wet = operations.handler({"command": "replay", "arguments": arguments}, None)
            assert wet["result"]["replayed"] == 1
        (message,) = b.waiting(bundle, "InboundQueue")
        assert b.consume(bundle, "identity_normalization", [message]) == []
        (item,) = b.items(bundle, "QuarantineTable")
        assert "replayed_at" not in item, "still wrong, so it is recorded anew"


def test_a_day_is_replayed_by_its_time() -> None:
    """Every archived delivery of a window goes through the door again."""
    with b.ready_bundle() as bundle:
        through_identity(bundle, shopify_order())
        arguments = {
            "source": "shopify",
            "store": "us",
            "since": "2026-11-21T00:00:00+00:00",
            "until": "2026-11-22T00:00:00+00:00",
            "dry_run": False,
        }
        first = facts_of(bundle)
        with bundle.function("operations") as operations:
            assert operations.handler({"command": "replay", "arguments": arguments}, None)["ok"]
        assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
        assert facts_of(bundle) == first


def test_a_broken_message_comes_back_alone() -> None:
    """Only failed ids are returned, so the neighbours are not redelivered."""
    with b.ready_bundle() as bundle:
        assert b.post(bundle, b.api_event(shopify_order()))["statusCode"] == 200
        good = b.waiting(bundle, "InboundQueue")
        bad = ['{"schema_version":99}', "not json"]
        assert b.consume(bundle, "identity_normalization", [*good, *bad]) == bad
        assert len(facts_of(bundle)) == 1


def test_known_people_are_resolved_without_a_write() -> None:
    """The second order of a buyer writes nothing in the identity table."""
    with b.ready_bundle() as bundle:
        through_identity(bundle, shopify_order())
        before = b.items(bundle, "IdentityTable")
        through_identity(bundle, shopify_order(id=5, note="another order"))
        assert b.items(bundle, "IdentityTable") == before


@pytest.mark.parametrize("how", ["forged", "unsigned", "another store's", "previous secret", "stale"])
def test_only_the_stores_own_secrets_open_the_door(how: str) -> None:
    """A refusal writes nothing and fetches no secret for itself."""
    good = shopify_order()
    events = {
        "forged": b.raw_event(good, {"X-Shopify-Hmac-Sha256": "AAAA"}),
        "unsigned": b.raw_event(good, {}),
        "another store's": b.api_event(good, secret="shpss_eu"),
        "previous secret": b.api_event(good, secret="shpss_previous"),
        "stale": b.api_event(Delivery("own", "wholesale", "", b"{}", "o-1"), at=1.0),
    }
    with b.ready_bundle() as bundle:
        answer = b.post(bundle, events[how])
        assert answer["statusCode"] == (200 if how == "previous secret" else 401)
        assert len(b.waiting(bundle, "InboundQueue")) == (1 if how == "previous secret" else 0)


def test_every_good_delivery_of_the_sample_day_passes_both_functions() -> None:
    """Nothing comes back to a queue, whatever the body holds."""
    day = [one for one in deliveries_of(STORY) if one.expected_status == 200 and one.signature == "well signed"]
    with b.ready_bundle() as bundle, bundle.function("webhook_intake") as intake:
        for delivery in day[:80]:
            assert intake.handler(b.api_event(delivery), None)["statusCode"] == 200
        messages = b.waiting(bundle, "InboundQueue") + b.waiting(bundle, "ConsentInboundQueue")
        assert len(messages) == 80
        assert b.consume(bundle, "identity_normalization", messages) == []
