"""``operations replay``: what was verified goes through the door again, and changes nothing that is right already."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.aws.quarantine import Quarantine
from commerce_sync.composing import deliveries
from commerce_sync.errors import RetriableError

from local.in_process import InProcessBundle, LambdaContext
from local.sample_day import shopify_bodies
from local.sample_day.deliveries import Delivery
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import command, deliver
from tests.integration.test_a_delivery_becomes_events import STORY, facts_of, shopify_order, through_identity
from tests.integration.test_erasure_and_access import work

pytestmark = pytest.mark.network

ADA = "ada.archer.0@example.com"
US = {"source": "shopify", "store": "us"}
THEN = {"since": "2026-11-21T00:00:00Z", "until": "2026-11-22T00:00:00Z"}
"""The day on which the tests' deliveries arrive."""


def of_another_buyer() -> Delivery:
    """An order of somebody else."""
    other = next(one for one in STORY.orders if one.store == "us" and one.buyer and one.buyer.number == 1)
    return replace(shopify_order(), body=json.dumps(shopify_bodies.order_body(other, [], other.placed_at)).encode())


def buyer_of(delivery: Delivery) -> str:
    """The local part of an order's address."""
    return str(json.loads(delivery.body)["email"]).partition("@")[0]


def of_another_sender() -> Delivery:
    """What the own system sent, and nobody can read."""
    return Delivery("own", "wholesale", "order", b"{}", "d-3")


def updated() -> Delivery:
    """Ada's order by another topic."""
    topic = "orders/updated"
    return replace(shopify_order(note="gift"), topic=topic, headers={"X-Shopify-Topic": topic}, delivery_id="d-2")


def replayed(bundle: InProcessBundle, **arguments: Any) -> dict[str, Any]:
    """What a dry run says, after which nothing was sent, and the real one says the same."""
    dry = command(bundle, "replay", **arguments)
    assert b.waiting(bundle, "InboundQueue") == []
    wet = command(bundle, "replay", **arguments, dry_run=False)
    assert dry == {"would_replay" if name == "replayed" else name: value for name, value in wet.items()}
    return wet


@pytest.mark.parametrize(
    ("arguments", "topics"),
    [
        (US, {"orders/create": 2, "orders/updated": 1}),
        (US | THEN, {"orders/create": 2, "orders/updated": 1}),
        (US | {"since": THEN["until"]}, {}),
        (US | {"until": THEN["since"]}, {}),
        (US | {"topic": "orders/updated"}, {"orders/updated": 1}),
        ({"source": "shopify", "store": "eu"}, {}),
        ({"profile": "Ada.Archer.0@Example.com"}, {"orders/create": 1, "orders/updated": 1}),
        ({"profile": ADA, "topic": "orders/create"}, {"orders/create": 1}),
        ({"profile": ADA, "store": "eu"}, {}),
        ({"profile": "stranger@example.com"}, {}),
    ],
)
def test_what_is_asked_for_is_replayed(arguments: dict[str, str], topics: dict[str, int]) -> None:
    """By sender, time, topic and person; the answer names nobody."""
    with b.ready_bundle() as bundle:
        for delivery in (shopify_order(), updated(), of_another_buyer()):
            through_identity(bundle, delivery)
        told = replayed(bundle, **arguments)
        assert told["deliveries"] == ({"shopify:us": topics} if topics else {})
        assert told["replayed"] == sum(topics.values()) == len(b.waiting(bundle, "InboundQueue"))
        assert (told["gone"], told["next"]) == (0, None)
        assert "@" not in json.dumps(told)


def test_a_time_alone_takes_every_senders() -> None:
    """After an outage nobody wants to name each store; a piece of it goes on where it stopped, whoever was next."""
    with b.ready_bundle() as bundle, bundle.function("operations") as operations:
        for delivery in (updated(), shopify_order(), replace(shopify_order(), store="eu"), of_another_sender()):
            through_identity(bundle, delivery)
        every = {"own:wholesale": {"no topic": 1}, "shopify:eu": {"orders/create": 1}}
        every["shopify:us"] = {"orders/create": 1, "orders/updated": 1}
        assert replayed(bundle, **THEN)["deliveries"] == every
        for narrower, number in (
            ({"topic": "orders/updated"}, 1),
            ({"source": "shopify", "topic": "orders/create"}, 2),
            ({"store": "wholesale"}, 1),
            ({"since": THEN["until"], "until": "2026-11-23T00:00:00Z"}, 0),
        ):
            assert command(bundle, "replay", **THEN | narrower)["would_replay"] == number
        event = {"command": "replay", "arguments": THEN | {"begin": "archive/shopify/eu/"}}
        assert operations.handler(event, LambdaContext())["result"]["would_replay"] == 3


def test_a_person_is_named_by_a_profile_id_too() -> None:
    """As ``explain`` shows it; one that ended in a merge still means whoever it was."""
    with b.ready_bundle() as bundle:
        for delivery in (shopify_order(), updated(), of_another_buyer()):
            through_identity(bundle, delivery)
        hers, others = (
            command(bundle, "explain", address=f"{name}@example.com")["profiles"][0]["profile_id"]
            for name in ("ada.archer.0", buyer_of(of_another_buyer()))
        )
        assert replayed(bundle, profile=hers)["deliveries"] == {"shopify:us": {"orders/create": 1, "orders/updated": 1}}
        b.waiting(bundle, "InboundQueue")
        assert replayed(bundle, profile=others.upper(), topic="orders/create")["replayed"] == 1
        b.waiting(bundle, "InboundQueue")
        both = [ADA, f"{buyer_of(of_another_buyer())}@example.com"]
        command(bundle, "merge", identifiers=both, by="kim", why="one person")
        for profile in (hers, others):
            assert replayed(bundle, profile=profile)["replayed"] == 3
            b.waiting(bundle, "InboundQueue")
        with bundle.function("operations") as operations:
            stranger = {"profile": "00000000-0000-4000-8000-000000000000"}
            answer = operations.handler({"command": "replay", "arguments": stranger}, None)
        assert answer["errors"] == ["nobody has that profile id"]


def test_a_replay_waits_behind_what_is_in_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Live deliveries come first: where no room comes, it says so and how to go on. A dry run waits for nothing."""
    with b.ready_bundle() as bundle:
        for delivery in (shopify_order(), updated()):
            through_identity(bundle, delivery)
        for queue in ("EventsQueue", "ProfileChangesQueue"):
            b.waiting(bundle, queue)
        monkeypatch.setattr(deliveries, "MOST_WAITING", 1)
        monkeypatch.setattr(deliveries, "PATIENCE", 0)
        for n in range(2):
            b.aws_client("sqs").send_message(QueueUrl=bundle.names["InboundQueue"], MessageBody=str(n))
        assert command(bundle, "replay", **US)["would_replay"] == 2
        told = command(bundle, "replay", **US, dry_run=False)
        assert (told["replayed"], told["waits"]) == (0, "more than 1 messages wait in a queue")
        assert len(b.waiting(bundle, "InboundQueue")) == 2
        told = command(bundle, "replay", **US, dry_run=False, begin=told["next"])
        assert (told["replayed"], told["next"], "waits" in told) == (2, None, False)


def test_what_was_set_aside_is_narrowed_by_sender_and_time() -> None:
    """The reason alone takes every sender's."""
    with b.ready_bundle() as bundle:
        through_identity(bundle, replace(shopify_order(), body=b"{}"))
        through_identity(bundle, replace(shopify_order(), store="eu", body=b"{}"))
        assert replayed(bundle, code="missing_field")["replayed"] == 2
        assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
        assert replayed(bundle, code="missing_field", store="eu")["deliveries"] == {"shopify:eu": {"orders/create": 1}}
        b.waiting(bundle, "InboundQueue")
        assert replayed(bundle, code="*", since=THEN["until"])["replayed"] == 0
        assert replayed(bundle, code="not_json")["replayed"] == 0


def test_a_replay_of_everything_changes_nothing(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Ids are made of what a delivery tells: the same messages, no new promise, no further call."""
    deliver(bundle, shopify_order(), updated(), of_another_buyer())
    before = b.items(bundle, "OrderBookTable"), b.items(bundle, "IdentityTable")
    vendors = sandboxes.klaviyo.state.snapshot(), sandboxes.hubspot.state.snapshot()
    command(bundle, "replay", **US, dry_run=False)
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    messages = b.waiting(bundle, "EventsQueue")
    assert len(messages) == 3
    assert b.consume(bundle, "event_delivery", messages) == []
    assert (b.items(bundle, "OrderBookTable"), b.items(bundle, "IdentityTable")) == before
    assert (sandboxes.klaviyo.state.snapshot(), sandboxes.hubspot.state.snapshot()) == vendors


@pytest.mark.long
def test_a_replay_brings_no_forgotten_person_back(bundle: InProcessBundle) -> None:
    """Nothing of theirs is in the archive any more, and no trace leads anywhere; the others' deliveries are there."""
    deliver(bundle, shopify_order(), updated(), of_another_buyer())
    command(bundle, "erase", address=ADA, by="kim", why="by letter", dry_run=False)
    assert [case.state for case in work(bundle)] == ["done"]
    assert replayed(bundle, profile=ADA)["replayed"] == 0
    assert replayed(bundle, **US)["deliveries"] == {"shopify:us": {"orders/create": 1}}
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    (facts,) = facts_of(bundle)
    assert ADA not in facts.to_json()
    assert command(bundle, "explain", address=ADA)["profiles"] == []


def test_a_replay_that_runs_out_of_time_says_how_to_go_on() -> None:
    """With the key of the first delivery that was not sent; nothing is sent twice."""
    with b.ready_bundle() as bundle, bundle.function("operations") as operations:
        through_identity(bundle, shopify_order())
        arguments: dict[str, Any] = {**US, "dry_run": False}
        event = {"command": "replay", "arguments": arguments}
        told = operations.handler(event, LambdaContext(10_000))["result"]
        assert told["replayed"] == 0
        assert told["next"].startswith("archive/shopify/us/2026/11/21/")
        arguments["begin"] = told["next"]
        assert operations.handler(event, LambdaContext())["result"] == {
            "replayed": 1,
            "gone": 0,
            "deliveries": {"shopify:us": {"orders/create": 1}},
            "next": None,
        }


def test_what_was_erased_while_it_was_read_is_not_noted_as_replayed() -> None:
    """A note of its own would be an entry without a reason, and nothing could be replayed by reason any more."""
    with b.ready_bundle() as bundle:
        through_identity(bundle, replace(shopify_order(), body=b"{}"))
        quarantine = Quarantine(bundle.names["QuarantineTable"])
        read = list(quarantine.items())
        quarantine.remove({item["envelope_id"] for item in read})
        now = datetime.now(UTC)
        quarantine.claim(read, now)
        quarantine.mark_replayed(read, now)
        assert list(quarantine.items()) == []


def test_what_went_through_again_is_no_more_among_what_was_set_aside() -> None:
    """Unless it is still wrong. What ``status`` counts is what a replay by reason sends."""
    with b.ready_bundle() as bundle:
        through_identity(bundle, replace(shopify_order(), body=b"{}"))
        assert replayed(bundle, code="*")["replayed"] == 1
        assert command(bundle, "replay", code="*")["would_replay"] == 0
        assert command(bundle, "status")["quarantined"] == {}
        assert command(bundle, "replay", **US)["would_replay"] == 1, "by its sender it can be sent again"
        assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
        assert command(bundle, "replay", code="*")["would_replay"] == 1
        assert command(bundle, "status")["quarantined"] == {"missing_field": 1}


def test_what_a_replay_could_not_send_is_still_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stopped between the note and the queue: nobody would look for it again."""

    def stop(*_: object) -> None:
        raise RetriableError("sqs is down")

    with b.ready_bundle() as bundle, bundle.function("operations") as operations:
        through_identity(bundle, replace(shopify_order(), body=b"{}"))
        with monkeypatch.context() as patched:
            patched.setattr(deliveries, "send_all", stop)
            event = {"command": "replay", "arguments": {"code": "*", "dry_run": False}}
            assert operations.handler(event, LambdaContext())["errors"] == ["sqs is down"]
        assert command(bundle, "status")["quarantined"] == {"missing_field": 1}
        assert replayed(bundle, code="*")["replayed"] == 1


def test_what_is_wrong_again_before_its_note_is_written_keeps_none() -> None:
    """A worker may be faster than the note."""
    with b.ready_bundle() as bundle:
        through_identity(bundle, replace(shopify_order(), body=b"{}"))
        quarantine, now = Quarantine(bundle.names["QuarantineTable"]), datetime.now(UTC)
        read = list(quarantine.items())
        quarantine.claim(read, now)
        through_identity(bundle, replace(shopify_order(), body=b"{}"))
        quarantine.mark_replayed(read, now)
        assert list(quarantine.items()) == read
