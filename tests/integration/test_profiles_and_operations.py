"""profile_sync and operations over AWS in process and the strict sandboxes."""

import pytest

from local.in_process import InProcessBundle, LambdaContext
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import (
    add_fault,
    changes_delivery,
    command,
    contact_change,
    deliver,
    dispatch,
    make_due,
    statuses,
)
from tests.integration.test_a_delivery_becomes_events import shopify_order

pytestmark = pytest.mark.network


def test_what_hubspot_knows_of_a_buyer_reaches_klaviyo_once(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """A change is a hint to read the contact; what Klaviyo has already is not written again; strangers stay out."""
    deliver(bundle, shopify_order())
    staff = {"email": "ada.archer.0@example.com", "properties": {"lifecyclestage": "customer", "firstname": "Ada"}}
    sandboxes.hubspot.state.configure({"edit_contact": staff})
    sandboxes.hubspot.state.configure({"edit_contact": {"email": "stranger@example.com", "properties": {}}})
    contacts = sandboxes.hubspot.state.snapshot()["contacts"]
    changes = [contact_change(contact["id"]) for contact in contacts]
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
    add_fault(sandboxes.klaviyo, {"path_prefix": "/api/profile-import", "times": 1, "status": 503})
    assert b.post(bundle, b.api_event(changes_delivery([contact_change(contact["id"])])))["statusCode"] == 200
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


def test_parked_promises_are_released_when_their_reason_is_mended(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Operations release: due again at once, with all their tries."""
    sandboxes.hubspot.state.configure({"required": {"orders": ["hs_external_order_url"]}})
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
        changes = [contact_change(contact) for contact in contacts[start : start + 65]]
        assert b.post(bundle, b.api_event(changes_delivery(changes)))["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    assert b.consume(bundle, "profile_sync", b.waiting(bundle, "ProfileChangesQueue")) == []


def test_an_expired_delivery_holds_up_no_replay(bundle: InProcessBundle) -> None:
    """It stays in quarantine, and the others are sent."""
    for total in ("a", "b"):
        assert b.post(bundle, b.api_event(shopify_order(total_price=total)))["statusCode"] == 200
    b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue"))
    first, _ = b.items(bundle, "QuarantineTable")
    b.aws_client("s3").delete_object(Bucket=bundle.names["Archive"], Key=first["archive_key"]["S"])
    told = command(bundle, "replay", code="*", dry_run=False)
    assert (told["replayed"], told["gone"], told["next"]) == (1, 1, None)
    assert sum(command(bundle, "status")["quarantined"].values()) == 1
