"""event_delivery, due_dispatch and profile_sync over AWS in process and the strict sandboxes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from commerce_sync.aws.confirmed import ConfirmedProfiles
from commerce_sync.contracts import DueWork
from commerce_sync.profiles.klaviyo_profile import KlaviyoProfile

from local.in_process import InProcessBundle, LambdaContext
from local.sample_day import shopify_bodies
from local.sample_day.deliveries import Delivery
from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes, start_sandboxes
from tests.fakes import bundle as b
from tests.integration.test_a_delivery_becomes_events import ORDER, STORY, shopify_order

pytestmark = pytest.mark.network


@pytest.fixture
def sandboxes() -> Iterator[Sandboxes]:
    """Fresh vendors."""
    running = start_sandboxes()
    yield running
    running.stop()


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A live bundle in front of them, with HubSpot set up."""
    urls = {"KlaviyoBaseUrl": sandboxes.urls["klaviyo"], "HubSpotBaseUrl": sandboxes.urls["hubspot"]}
    with b.ready_bundle({**b.LIVE, **urls}) as ready:
        command(ready, "setup")
        yield ready


def command(bundle: InProcessBundle, name: str, **arguments: Any) -> dict[str, Any]:
    """One command of operations."""
    with bundle.function("operations") as operations:
        answer = operations.handler({"command": name, "arguments": arguments}, None)
    assert answer["ok"], answer
    result: dict[str, Any] = answer["result"]
    return result


def deliver(bundle: InProcessBundle, *deliveries: Delivery) -> list[str]:
    """Deliveries all the way; returns the messages that event_delivery took."""
    for delivery in deliveries:
        assert b.post(bundle, b.api_event(delivery))["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    messages = b.waiting(bundle, "EventsQueue")
    assert b.consume(bundle, "event_delivery", messages) == []
    return messages


def dispatch(bundle: InProcessBundle) -> list[str]:
    """One round of the dispatcher; returns what it sent to event_delivery."""
    with bundle.function("due_dispatch") as module:
        module.handler({}, None)
    return b.waiting(bundle, "EventsQueue")


def make_due(bundle: InProcessBundle) -> None:
    """Let every wait be over."""
    table, client = bundle.names["OrderBookTable"], b.aws_client("dynamodb")
    for item in b.items(bundle, "OrderBookTable"):
        if "due_at" in item and item["status"]["S"] in {"pending", "waiting"}:
            key = {"subject": item["subject"], "row": item["row"]}
            values = {":past": {"S": "2000-01-01T00:00:00.000000Z"}}
            client.update_item(
                TableName=table, Key=key, UpdateExpression="SET due_at = :past", ExpressionAttributeValues=values
            )


def statuses(bundle: InProcessBundle) -> set[str]:
    """The statuses of all promises."""
    return {item["status"]["S"] for item in b.items(bundle, "OrderBookTable") if "status" in item}


def test_an_order_reaches_both_vendors(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Events at Klaviyo; contact, order and their tie at HubSpot; money to the cent."""
    deliver(bundle, shopify_order())
    klaviyo, hubspot = sandboxes.klaviyo.state.snapshot(), sandboxes.hubspot.state.snapshot()
    assert [event["metric"] for event in klaviyo["events"]].count("Placed Order") == 1
    (order,) = hubspot["orders"]
    assert order["properties"]["hs_total_price"] == str(ORDER.total)
    assert [contact["properties"]["email"] for contact in hubspot["contacts"]] == ["ada.archer.0@example.com"]
    assert len(hubspot["associations"]) > 0
    assert statuses(bundle) == {"delivered"}


def test_setting_up_twice_changes_nothing(bundle: InProcessBundle) -> None:
    """Setup is idempotent, and its plan says that nothing is missing."""
    assert command(bundle, "setup") == {"created": {}}
    assert command(bundle, "setup", plan=True) == {"would_create": {}}


def test_a_refund_before_its_order_waits_and_then_goes_out(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """The refund names nobody; its order does."""
    refund = next(one for one in STORY.happenings if one.kind == "refunded" and one.order.source == "shopify")
    body = shopify_bodies.refund_body(refund) | {"order_id": ORDER.order_id}
    first = shopify_order()
    delivery = Delivery(
        "shopify", "us", "refunds/create", _json(body), "r-1", headers={"X-Shopify-Topic": "refunds/create"}
    )
    deliver(bundle, delivery)
    assert statuses(bundle) == {"waiting"}
    assert command(bundle, "status")["open_promises"] == 1
    deliver(bundle, first)
    events = sandboxes.klaviyo.state.snapshot()["events"]
    assert [event["value"] for event in events if event["metric"] == "Refunded Order"] == [float(refund.amount)]
    (order,) = sandboxes.hubspot.state.snapshot()["orders"]
    assert order["properties"]["sync_refunded_amount"] == str(refund.amount)
    assert statuses(bundle) == {"delivered"}


def test_a_rate_limit_becomes_a_due_row_and_the_message_is_acknowledged(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Waiting is a row: the dispatcher hands it out when the vendor's wait is over."""
    fault = {"path_prefix": "/api/events", "times": 1, "status": 429, "headers": {"Retry-After": "30"}}
    _fault(sandboxes.klaviyo, fault)
    deliver(bundle, shopify_order())
    assert "pending" in statuses(bundle)
    assert dispatch(bundle) == [], "nothing is due before the vendor's wait is over"
    make_due(bundle)
    (due,) = dispatch(bundle)
    assert DueWork.parse(due).rows
    assert b.consume(bundle, "event_delivery", [due, due]) == []
    assert statuses(bundle) == {"delivered"}
    events = sandboxes.klaviyo.state.snapshot()["events"]
    assert len(events) == 1 + len(ORDER.lines)


def test_an_answer_lost_after_the_write_took_doubles_nothing(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """The vendors know the repeat by its id."""
    _fault(sandboxes.klaviyo, {"path_prefix": "/api/events", "times": 2, "status": 503, "apply_first": True})
    _fault(sandboxes.hubspot, {"path_prefix": "/crm/objects", "times": 3, "status": 502, "apply_first": True})
    deliver(bundle, shopify_order())
    for _ in range(5):
        make_due(bundle)
        b.consume(bundle, "event_delivery", dispatch(bundle))
    assert statuses(bundle) == {"delivered"}
    assert len(sandboxes.klaviyo.state.snapshot()["events"]) == 1 + len(ORDER.lines)
    hubspot = sandboxes.hubspot.state.snapshot()
    assert (len(hubspot["orders"]), len(hubspot["contacts"])) == (1, 1)


def test_refused_credentials_pause_and_lose_nothing(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """401 is the destination's trouble: promises stay, and go out when the token is right."""
    bundle.put_secret("VendorTokens", {"klaviyo": "pk_wrong", "hubspot": "pat-wrong"})
    deliver(bundle, shopify_order())
    assert statuses(bundle) == {"pending"}
    bundle.put_secret("VendorTokens", b.TOKENS)
    make_due(bundle)
    b.consume(bundle, "event_delivery", dispatch(bundle))
    assert statuses(bundle) == {"delivered"}


def test_a_refused_property_parks_the_order_with_the_vendors_reason(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """The reason names the property, and the events still go out."""
    sandboxes.hubspot.state.configure({"required": {"orders": ["hs_pipeline"]}})
    deliver(bundle, shopify_order())
    parked = command(bundle, "status")["parked_promises"]
    assert sum(parked.values()) == 1, parked
    assert "hs_pipeline" in next(iter(parked))
    assert len(sandboxes.klaviyo.state.snapshot()["events"]) == 1 + len(ORDER.lines)


def test_observe_mode_calls_no_vendor(sandboxes: Sandboxes) -> None:
    """The default: everything is written down, nothing is sent."""
    urls = {"KlaviyoBaseUrl": sandboxes.urls["klaviyo"], "HubSpotBaseUrl": sandboxes.urls["hubspot"]}
    modes = {"KlaviyoMode": "observe", "HubSpotMode": "observe"}
    with b.ready_bundle({**b.LIVE, **urls, **modes}) as bundle:
        deliver(bundle, shopify_order())
        assert statuses(bundle) == {"observed"}
    assert sandboxes.klaviyo.state.snapshot()["events"] == []
    assert sandboxes.hubspot.state.snapshot()["orders"] == []


def test_what_hubspot_knows_of_a_buyer_reaches_klaviyo_once(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """A change is a hint to read the contact; what Klaviyo has already is not written again; strangers stay out."""
    deliver(bundle, shopify_order())
    staff = {"email": "ada.archer.0@example.com", "properties": {"lifecyclestage": "customer", "firstname": "Ada"}}
    sandboxes.hubspot.state.configure({"edit_contact": staff})
    sandboxes.hubspot.state.configure({"edit_contact": {"email": "stranger@example.com", "properties": {}}})
    contacts = sandboxes.hubspot.state.snapshot()["contacts"]
    changes = [_change(contact["id"]) for contact in contacts]
    for _ in range(2):
        assert b.post(bundle, b.api_event(changes_delivery(changes)))["statusCode"] == 200
        assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
        assert b.consume(bundle, "profile_sync", b.waiting(bundle, "ProfileChangesQueue")) == []
    profiles = {one["email"]: one for one in sandboxes.klaviyo.state.snapshot()["profiles"]}
    assert profiles["ada.archer.0@example.com"]["properties"]["hubspot_lifecycle_stage"] == "customer"
    assert profiles["ada.archer.0@example.com"]["first_name"] == "Ada"
    assert "stranger@example.com" not in profiles


def test_a_contact_whose_sync_must_wait_becomes_a_due_row(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """profile_sync acknowledges, and the dispatcher gives the contact back to it."""
    deliver(bundle, shopify_order())
    (contact,) = sandboxes.hubspot.state.snapshot()["contacts"]
    _fault(sandboxes.klaviyo, {"path_prefix": "/api/profile-import", "times": 1, "status": 503})
    assert b.post(bundle, b.api_event(changes_delivery([_change(contact["id"])])))["statusCode"] == 200
    b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue"))
    assert b.consume(bundle, "profile_sync", b.waiting(bundle, "ProfileChangesQueue")) == []
    make_due(bundle)
    assert dispatch(bundle) == []
    (due,) = b.waiting(bundle, "ProfileChangesQueue")
    assert b.consume(bundle, "profile_sync", [due]) == []
    profiles = {one["email"]: one for one in sandboxes.klaviyo.state.snapshot()["profiles"]}
    assert profiles["ada.archer.0@example.com"]["first_name"] == "Ada"
    assert statuses(bundle) == {"delivered"}


def test_dead_letters_go_back_to_their_queue(bundle: InProcessBundle) -> None:
    """Redrive, where the platform has no move task."""
    b.aws_client("sqs").send_message(QueueUrl=bundle.names["EventsDeadLetters"], MessageBody="{}")
    assert command(bundle, "redrive", queue="Events") == {"redriven": 1}
    assert b.waiting(bundle, "EventsQueue") == ["{}"]


def test_a_command_that_is_not_known_says_which_are(bundle: InProcessBundle) -> None:
    """A clear error, and nothing done."""
    with bundle.function("operations") as operations:
        answer = operations.handler({"command": "explode"}, LambdaContext())
    assert not answer["ok"]
    assert "setup" in answer["errors"][0]


def test_nothing_that_is_printed_names_a_person_or_a_secret(
    bundle: InProcessBundle, capsys: pytest.CaptureFixture[str]
) -> None:
    """Logs and metrics hold codes and ids alone."""
    deliver(bundle, shopify_order(), shopify_order(total_price="secret-canary"))
    printed = "".join(capsys.readouterr())
    for canary in ("ada", "archer", "example.com", "Sample Street", "shpss", "pk_local", "secret-canary"):
        assert canary not in printed.lower(), canary


def changes_delivery(changes: list[dict[str, Any]]) -> Delivery:
    """A batch of HubSpot's webhook events."""
    return Delivery("hubspot", "main", "events", _json(changes), "")


def _change(contact_id: str) -> dict[str, Any]:
    return {
        "eventId": 1,
        "subscriptionId": 77,
        "portalId": 4242,
        "appId": 9001,
        "occurredAt": 1795262400000,
        "subscriptionType": "contact.propertyChange",
        "attemptNumber": 0,
        "objectId": int(contact_id),
        "propertyName": "lifecyclestage",
        "propertyValue": "customer",
        "changeSource": "CRM_UI",
        "sourceId": "userId:12",
    }


def _fault(sandbox: Any, fault: dict[str, Any]) -> None:

    sandbox.faults.append(Fault(**fault))


def _json(body: Any) -> bytes:

    return json.dumps(body).encode()


def test_a_first_deploy_without_tokens_records_everything() -> None:
    """Observed destinations need no key: the default parameters, and empty secrets."""
    with b.ready_bundle({"PublicBaseUrl": b.BASE_URL}) as bundle:
        bundle.put_secret("VendorTokens", {})
        deliver(bundle, shopify_order())
        assert statuses(bundle) == {"observed"}
        assert b.post(bundle, b.api_event(changes_delivery([_change("501")])))["statusCode"] == 200
        b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue"))
        assert b.consume(bundle, "profile_sync", b.waiting(bundle, "ProfileChangesQueue")) == []


def test_a_live_destination_without_a_token_waits(bundle: InProcessBundle) -> None:
    """Nothing is parked for want of a key, and the other destination goes on."""
    bundle.put_secret("VendorTokens", {"klaviyo": b.TOKENS["klaviyo"]})
    deliver(bundle, shopify_order())
    open_rows = [item["row"]["S"] for item in b.items(bundle, "OrderBookTable") if item.get("due_at")]
    assert open_rows == ["hubspot#order"]


def test_parked_promises_are_released_when_their_reason_is_mended(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Operations release: due again at once, with all their tries."""
    sandboxes.hubspot.state.configure({"required": {"orders": ["hs_pipeline"]}})
    deliver(bundle, shopify_order())
    (reason,) = command(bundle, "status")["parked_promises"]
    sandboxes.hubspot.state.configure({"required": {}})
    assert command(bundle, "release", reason=reason) == {"released": 1}
    b.consume(bundle, "event_delivery", dispatch(bundle))
    assert statuses(bundle) == {"delivered"}
    assert len(sandboxes.hubspot.state.snapshot()["orders"]) == 1


def test_a_bulk_edit_of_more_contacts_than_one_read_takes_is_synced(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """HubSpot's staff may change thousands at once; reads go a hundred at a time."""
    sandboxes.hubspot.state.configure({"rate_limits": False})
    for number in range(130):
        person = {"email": f"person.{number}@example.com", "properties": {"lifecyclestage": "lead"}}
        sandboxes.hubspot.state.configure({"edit_contact": person})
    contacts = [contact["id"] for contact in sandboxes.hubspot.state.snapshot()["contacts"]]
    for start in (0, 65):
        changes = [_change(contact) for contact in contacts[start : start + 65]]
        assert b.post(bundle, b.api_event(changes_delivery(changes)))["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    assert b.consume(bundle, "profile_sync", b.waiting(bundle, "ProfileChangesQueue")) == []


def test_a_very_large_order_goes_in_several_messages(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """600 lines and a landing page of four kilobytes: no message is too large, and every line is told."""
    sandboxes.klaviyo.state.configure({"rate_limits": False})
    line = shopify_bodies.order_body(ORDER, [], ORDER.placed_at)["line_items"][0]
    lines = [line | {"id": 1000 + number} for number in range(600)]
    page = "/?utm_campaign=" + "x" * 3900
    deliver(bundle, shopify_order(line_items=lines, landing_site=page))
    metrics = [event["metric"] for event in sandboxes.klaviyo.state.snapshot()["events"]]
    assert (metrics.count("Ordered Product"), metrics.count("Placed Order")) == (600, 1)


def test_an_event_too_large_for_any_table_is_quarantined(bundle: InProcessBundle) -> None:
    """Never retried for ever."""
    line = shopify_bodies.order_body(ORDER, [], ORDER.placed_at)["line_items"][0] | {"title": "x" * 5000}
    deliver(bundle, shopify_order(line_items=[line | {"id": number} for number in range(1, 100)]))
    assert [item["code"]["S"] for item in b.items(bundle, "QuarantineTable")] == ["too_large"]


def test_an_expired_delivery_holds_up_no_replay(bundle: InProcessBundle) -> None:
    """It stays in quarantine, and the others are sent."""
    for total in ("a", "b"):
        assert b.post(bundle, b.api_event(shopify_order(total_price=total)))["statusCode"] == 200
    b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue"))
    first, _ = b.items(bundle, "QuarantineTable")
    b.aws_client("s3").delete_object(Bucket=bundle.names["Archive"], Key=first["archive_key"]["S"])
    assert command(bundle, "replay", code="*", dry_run=False) == {"replayed": 1, "gone": 1, "more": False}
    assert sum(command(bundle, "status")["quarantined"].values()) == 1


def test_an_older_profile_never_stays_over_a_newer_one() -> None:
    """Two workers read, the older writes last: nothing counts as confirmed, so the next sync writes again."""
    with b.ready_bundle() as bundle:
        confirmed = ConfirmedProfiles(bundle.names["IdentityTable"])
        older = KlaviyoProfile("ana@example.com", "2026-11-21T10:00:00Z", {}, {"stage": "lead"})
        newer = KlaviyoProfile("ana@example.com", "2026-11-21T10:00:01Z", {}, {"stage": "customer"})
        assert confirmed.confirm(newer)
        assert confirmed.without_known([newer]) == []
        assert not confirmed.confirm(older)
        assert confirmed.without_known([newer]) == [newer]
        assert confirmed.confirm(newer)
        assert confirmed.without_known([newer]) == []
