"""From a store's webhook to the proof: nothing of the person is left, and no old webhook brings anything back."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from commerce_sync.aws.privacy_requests import PrivacyRequests
from commerce_sync.contracts.privacy import PrivacyCase

from local.deployment import QUEUES, TABLES
from local.in_process import InProcessBundle
from local.sample_day import identity_bodies, shopify_bodies
from local.sample_day.deliveries import Delivery
from local.sample_day.shops import tell
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import as_json, changes_delivery, contact_change, dispatch, make_due

pytestmark = [pytest.mark.network, pytest.mark.long]

SOON = {"CHECK_AFTER": "0.01"}
AT_ONCE = {"VERIFY_AFTER": "0,0"}
TOLD = tell(datetime.now(UTC) - timedelta(days=3))
ORDER, OTHER = [order for order in TOLD.orders if order.source == "shopify" and order.store == "us" and order.buyer][:2]
assert ORDER.buyer
assert ORDER.buyer.email
CANARIES = (ORDER.buyer.email.lower(), str(ORDER.buyer.customer_id), "canarysurname", "canary lane")
SEEDED = {f'"{ORDER.buyer.last_name}"': '"Canarysurname"', "Sample Street": "Canary Lane"}


def shopify(topic: str, body: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """A signed webhook that arrived at a moment."""
    headers = {"X-Shopify-Topic": topic, "X-Shopify-Triggered-At": at.isoformat()}
    event = b.api_event(Delivery("shopify", "us", topic, as_json(body), f"d-{topic}-{at}", headers=headers))
    event["requestContext"]["timeEpoch"] = int(at.timestamp() * 1000)
    return event


def order_webhook(order: Any = ORDER, at: datetime | None = None, **changes: object) -> dict[str, Any]:
    """An order, soon after it was placed."""
    body = shopify_bodies.order_body(order, [], order.placed_at) | changes
    text = json.dumps(body)
    for name, canary in SEEDED.items() if order is ORDER else ():
        assert name in text
        text = text.replace(name, canary)
    body = json.loads(text)
    return shopify("orders/create", body, at or order.placed_at)


def changed_contact(contact_id: str, at: datetime) -> dict[str, Any]:
    """HubSpot tells of a change."""
    milliseconds = int(at.timestamp() * 1000)
    event = b.api_event(changes_delivery([contact_change(contact_id) | {"occurredAt": milliseconds}]))
    event["requestContext"]["timeEpoch"] = milliseconds
    return event


def redact_webhook(at: datetime) -> dict[str, Any]:
    """Shopify passes on that the buyer wants to be forgotten."""
    assert ORDER.buyer
    return shopify("customers/redact", identity_bodies.erasure(ORDER.buyer, [ORDER.order_id]), at)


def post(bundle: InProcessBundle, *events: dict[str, Any]) -> None:
    """Webhooks through the door and identity."""
    for event in events:
        assert b.post(bundle, event)["statusCode"] == 200
    waiting = b.waiting(bundle, "InboundQueue") + b.waiting(bundle, "ConsentInboundQueue")
    assert b.consume(bundle, "identity_normalization", waiting) == []


def deliver(bundle: InProcessBundle, *events: dict[str, Any]) -> None:
    """All the way to the vendors."""
    post(bundle, *events)
    assert b.consume(bundle, "event_delivery", b.waiting(bundle, "EventsQueue")) == []
    assert b.consume(bundle, "profile_sync", b.waiting(bundle, "ProfileChangesQueue")) == []


def work(bundle: InProcessBundle, rounds: int = 12, **overrides: str) -> list[PrivacyCase]:
    """privacy_requests, consent_propagation and the dispatcher go round until nothing is due; returns every case."""
    for _ in range(rounds):
        assert b.consume(bundle, "privacy_requests", b.waiting(bundle, "PrivacyQueue"), SOON | overrides) == []
        make_due(bundle)
        b.consume(bundle, "event_delivery", dispatch(bundle))
        assert b.consume(bundle, "consent_propagation", b.waiting(bundle, "OptOutsQueue"), AT_ONCE) == []
    b.waiting(bundle, "PrivacyQueue")
    return list(PrivacyRequests(bundle.names["PrivacyTable"]).all())


def said_anywhere(bundle: InProcessBundle) -> dict[str, str]:
    """Every table, every version of every object, and every message, as text."""
    texts = {table: json.dumps(b.items(bundle, table), default=str) for table in TABLES}
    s3, bucket = b.aws_client("s3"), bundle.names["Archive"]
    versions = s3.list_object_versions(Bucket=bucket).get("Versions", [])
    for number, one in enumerate(versions):
        body = s3.get_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])["Body"].read().decode()
        texts[f"object {number}"] = f"{one['Key']} {body}"
    for queue in QUEUES:
        for name in (f"{queue}Queue", f"{queue}DeadLetters"):
            texts[name] = json.dumps(b.waiting(bundle, name))
    return texts


def left(bundle: InProcessBundle) -> list[str]:
    """Where something of the person still stands."""
    said = said_anywhere(bundle)
    return [f"{place}: {canary}" for place, text in said.items() for canary in CANARIES if canary in text.lower()]


def vendors_know(sandboxes: Sandboxes) -> list[str]:
    """Where a vendor still knows the person."""
    klaviyo, hubspot = sandboxes.klaviyo.state.snapshot(), sandboxes.hubspot.state.snapshot()
    places = {"profiles": klaviyo["profiles"], "contacts": hubspot["contacts"]}
    return [name for name, place in places.items() if CANARIES[0] in json.dumps(place, default=str).lower()]


@pytest.mark.parametrize("versioning", ["Enabled", ""], ids=["versioned", "plain"])
def test_a_person_whom_the_store_asks_to_forget_is_gone_everywhere(
    bundle: InProcessBundle, sandboxes: Sandboxes, capsys: pytest.CaptureFixture[str], versioning: str
) -> None:
    """Tables, archive in all versions, queues, logs, vendors; then old webhooks; then a new order."""
    if versioning:
        configuration = {"Bucket": bundle.names["Archive"], "VersioningConfiguration": {"Status": versioning}}
        b.aws_client("s3").put_bucket_versioning(**configuration)
    deliver(bundle, order_webhook(), order_webhook(), order_webhook(OTHER))
    deliver(bundle, order_webhook(total_price="not money"))
    (contact,) = [
        one for one in sandboxes.hubspot.state.snapshot()["contacts"] if CANARIES[0] in json.dumps(one).lower()
    ]
    deliver(bundle, changed_contact(contact["id"], datetime.now(UTC) - timedelta(minutes=1)))
    assert {line.split()[0].strip(":") for line in left(bundle)} == {"IdentityTable", "OrderBookTable", "object"}
    assert sorted(vendors_know(sandboxes)) == ["contacts", "profiles"]
    capsys.readouterr()

    post(bundle, redact_webhook(datetime.now(UTC)))
    (case,) = work(bundle)
    printed = "".join(capsys.readouterr()).lower()
    assert (case.state, case.waits, case.work) == ("done", {}, None)
    assert (left(bundle), vendors_know(sandboxes)) == ([], [])
    assert [canary for canary in CANARIES if canary in printed] == []
    assert OTHER.buyer
    assert str(OTHER.buyer.email).lower() in said_anywhere(bundle)["IdentityTable"]
    assert {f"{step.step}" for step in case.steps} >= {"find", "mark", "archive", "orders", "klaviyo", "check_hubspot"}

    deliver(bundle, order_webhook(), order_webhook(total_tax="0.00"), redact_webhook(case.requested_at))
    assert len(work(bundle)) == 1
    assert (left(bundle), vendors_know(sandboxes)) == ([], [])

    again = datetime.now(UTC)
    times = dict.fromkeys(("created_at", "processed_at", "updated_at"), again.isoformat())
    deliver(bundle, order_webhook(at=again, id=99_000_001, name="#99", **times))
    assert "IdentityTable" in {line.partition(":")[0] for line in left(bundle)}
    assert sorted(vendors_know(sandboxes)) == ["contacts", "profiles"]


def test_what_waits_in_a_queue_during_the_erasure_reaches_nobody(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Facts from before stand in the events queue; they are recorded without their person."""
    post(bundle, order_webhook())
    held = b.waiting(bundle, "EventsQueue")
    post(bundle, redact_webhook(datetime.now(UTC)))
    (case,) = work(bundle)
    assert case.state == "done"
    assert b.consume(bundle, "event_delivery", held) == []
    assert (left(bundle), vendors_know(sandboxes)) == ([], [])
    assert str(ORDER.total) in said_anywhere(bundle)["OrderBookTable"]


def test_an_export_lies_in_the_archive_until_it_is_sent_or_its_person_forgotten(bundle: InProcessBundle) -> None:
    """Everything in one file, named by the case; the erasure takes it along."""
    assert ORDER.buyer
    deliver(bundle, order_webhook())
    now = datetime.now(UTC)
    post(bundle, shopify("customers/data_request", identity_bodies.data_request(ORDER.buyer, [ORDER.order_id]), now))
    (case,) = work(bundle, rounds=2)
    assert (case.state, case.result) == ("ready", f"exports/{case.case_id}.json")
    body = b.aws_client("s3").get_object(Bucket=bundle.names["Archive"], Key=case.result)["Body"].read()
    export = json.loads(body)
    assert export["identity"]["profiles"]
    assert [one["order"]["placed"]["value"] for one in export["orders"]] == [str(ORDER.total)]
    assert len(export["deliveries"]) == 2
    assert [one["properties"]["email"] for one in export["hubspot"]] == [CANARIES[0]]
    assert len(export["klaviyo"]) == 1
    post(bundle, redact_webhook(datetime.now(UTC)))
    assert {one.state for one in work(bundle)} == {"ready", "done"}
    assert left(bundle) == []


def test_a_shop_waits_for_an_operator(bundle: InProcessBundle) -> None:
    """shop/redact alone changes nothing; an operator's word erases the shop's deliveries, orders and records."""
    deliver(bundle, order_webhook(), order_webhook(OTHER))
    post(bundle, shopify("shop/redact", identity_bodies.SHOP, datetime.now(UTC)))
    (case,) = work(bundle, rounds=2)
    assert case.state == "parked"
    assert "IdentityTable" in {line.partition(":")[0] for line in left(bundle)}
    cases = PrivacyRequests(bundle.names["PrivacyTable"])
    cases.put(case.model_copy(update={"state": "open", "reason": None, "confirmed_at": datetime.now(UTC)}))
    post(bundle, shopify("shop/redact", identity_bodies.SHOP, case.requested_at))
    (case,) = work(bundle)
    assert case.state == "done"
    said = said_anywhere(bundle)
    assert [place for place in said if CANARIES[1] in said[place]] == []
    assert '"buyer"' not in said["OrderBookTable"].replace("\\", "")


def test_a_request_that_nobody_answers_in_time_is_counted(
    bundle: InProcessBundle, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also one that waits for an operator's word: it is looked at again when it is due."""
    asked_at = datetime.now(UTC) - timedelta(days=31)
    post(bundle, shopify("shop/redact", identity_bodies.SHOP, asked_at))
    capsys.readouterr()
    (case,) = work(bundle, rounds=2)
    assert (case.state, "OverduePrivacyRequests" in capsys.readouterr().out) == ("parked", True)
    assert [item["status"]["S"] for item in b.items(bundle, "OrderBookTable")] == ["pending"]


def test_a_vendor_that_is_not_live_keeps_the_request_open(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Everything here is gone; what waits is said, and goes on when the vendor is live."""
    deliver(bundle, order_webhook())
    post(bundle, redact_webhook(datetime.now(UTC)))
    (case,) = work(bundle, rounds=2, KLAVIYO_MODE="observe")
    assert (case.state, case.waits) == ("waiting", {"klaviyo": "klaviyo is not live"})
    assert vendors_know(sandboxes) == ["profiles"]
    (case,) = work(bundle)
    assert (case.state, left(bundle), vendors_know(sandboxes)) == ("done", [], [])
