"""Advanced properties, from a signed delivery to Klaviyo and HubSpot, over AWS in process and the strict sandboxes."""

import json
import time
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import permutations
from typing import Any

import pytest

from local.in_process import InProcessBundle
from local.sample_day.deliveries import Delivery
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import add_fault, as_json, command, deliver
from tests.fakes.properties import look_again, observe, row, sync
from tests.integration.test_a_delivery_becomes_events import shopify_order

pytestmark = pytest.mark.network

ADA = "ada.archer.0@example.com"
FRAUD = True
NOW = datetime.now(UTC) - timedelta(hours=1)


def at_klaviyo(sandboxes: Sandboxes, email: str = ADA) -> dict[str, Any]:
    """Klaviyo's custom properties of an address."""
    profiles = {one["email"]: one for one in sandboxes.klaviyo.state.snapshot()["profiles"]}
    return dict(profiles[email]["properties"]) if email in profiles else {}


def at_hubspot(sandboxes: Sandboxes, email: str = ADA) -> dict[str, Any]:
    """HubSpot's contact properties of an address."""
    contacts = [one["properties"] for one in sandboxes.hubspot.state.snapshot()["contacts"]]
    return next(dict(one) for one in contacts if one.get("email") == email)


def test_values_reach_both_sides_in_their_types(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Numbers and booleans as such at Klaviyo, texts at HubSpot, whose definitions setup made."""
    deliver(bundle, shopify_order())
    tier, due = row("loyalty_tier", "gold", NOW), row("predicted_replenishment_date", "2026-12-24", NOW)
    sync(bundle, observe(bundle, tier, due))
    score, fraud = row("support_risk_score", "0.70", NOW), row("fraud_suppression", FRAUD, NOW)
    sync(bundle, observe(bundle, score, fraud, owner="helpdesk"))
    klaviyo, hubspot = at_klaviyo(sandboxes), at_hubspot(sandboxes)
    assert klaviyo["loyalty_tier"] == "gold"
    assert klaviyo["predicted_replenishment_date"] == "2026-12-24"
    assert klaviyo["support_risk_score"] == pytest.approx(0.7)
    assert klaviyo["fraud_suppression"] is True
    assert hubspot["sync_loyalty_tier"] == "gold"
    assert hubspot["sync_support_risk_score"] == "0.7"
    assert hubspot["sync_fraud_suppression"] == "true"


def test_the_newest_wins_and_what_is_known_is_not_written_again(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Late, repeated and reordered deliveries end alike, and a repeat makes no call."""
    deliver(bundle, shopify_order())
    rows = [row("loyalty_tier", tier, NOW + timedelta(minutes=at)) for at, tier in enumerate(("silver", "gold"))]
    for first, second in permutations(rows):
        sync(bundle, observe(bundle, first))
        sync(bundle, observe(bundle, second))
    assert at_klaviyo(sandboxes)["loyalty_tier"] == "gold"
    add_fault(sandboxes.klaviyo, {"path_prefix": "/api/profile-import", "times": 1, "status": 503})
    messages = observe(bundle, *rows)
    sync(bundle, [*messages, *messages])
    assert [fault.times for fault in sandboxes.klaviyo.faults] == [1], "a call was made"


def test_a_value_is_taken_back_by_its_owner_and_at_its_end(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Null clears at once; a value that ends is cleared by its due row, and nothing but it."""
    deliver(bundle, shopify_order())
    soon = row("margin_band", "low", NOW) | {"expires_at": (datetime.now(UTC) + timedelta(seconds=2)).isoformat()}
    sync(bundle, observe(bundle, row("loyalty_tier", "gold", NOW), soon))
    assert at_klaviyo(sandboxes)["margin_band"] == "low"
    time.sleep(max(0.0, (datetime.fromisoformat(soon["expires_at"]) - datetime.now(UTC)).total_seconds()))
    look_again(bundle)
    assert at_klaviyo(sandboxes).get("margin_band") is None
    assert at_klaviyo(sandboxes)["loyalty_tier"] == "gold"
    assert not at_hubspot(sandboxes).get("sync_margin_band")
    sync(bundle, observe(bundle, row("loyalty_tier", None, NOW + timedelta(minutes=1))))
    assert at_klaviyo(sandboxes).get("loyalty_tier") is None


def test_whom_no_store_has_met_waits_and_makes_no_profile(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """What is said before the first order is told after it."""
    sync(bundle, observe(bundle, row("loyalty_tier", "gold", NOW)))
    assert at_klaviyo(sandboxes) == {}
    deliver(bundle, shopify_order())
    look_again(bundle)
    assert at_klaviyo(sandboxes)["loyalty_tier"] == "gold"


def test_who_is_merged_and_parted_again_has_what_is_said_of_them_and_no_more(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Both addresses have it while they are one person's; then it stays with whom it was said of.

    Nobody would ever take it back from the other one: it was never said of them.
    """
    bo, words = "bo@example.com", {"by": "kim", "why": "she told support"}
    theirs: dict[str, Any] = {"customer": {"id": 77, "email": bo}, "billing_address": None, "shipping_address": None}
    deliver(bundle, shopify_order(), shopify_order(id=2, email=bo, contact_email=bo, phone=None, **theirs))
    sync(bundle, observe(bundle, row("fraud_suppression", FRAUD, NOW), owner="helpdesk"))
    merged = command(bundle, "merge", identifiers=[ADA, bo], **words)
    look_again(bundle)
    assert at_klaviyo(sandboxes, bo)["fraud_suppression"] is True
    command(bundle, "unmerge", address=bo, change_id=merged["change"]["change_id"], **words)
    look_again(bundle)
    assert at_klaviyo(sandboxes)["fraud_suppression"] is True
    assert at_klaviyo(sandboxes, bo).get("fraud_suppression") is None
    assert not at_hubspot(sandboxes, bo).get("sync_fraud_suppression")


def test_a_merge_of_whom_nothing_is_observed_of_makes_no_look(bundle: InProcessBundle) -> None:
    """Most people."""
    bo, words = "bo@example.com", {"by": "kim", "why": "she told support"}
    theirs: dict[str, Any] = {"customer": {"id": 77, "email": bo}, "billing_address": None, "shipping_address": None}
    deliver(bundle, shopify_order(), shopify_order(id=2, email=bo, contact_email=bo, phone=None, **theirs))
    command(bundle, "merge", identifiers=[ADA, bo], **words)
    assert [item for item in b.items(bundle, "OrderBookTable") if item["row"]["S"] == "profile#observed"] == []


def test_a_customer_of_a_store_is_found(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """By the store's own id, whoever sends it; the phone of one person is one too."""
    deliver(bundle, shopify_order())
    (body,) = [json.loads(shopify_order().body)]
    who = {"customer_id": body["customer"]["id"], "store": "shopify:us"}
    sync(bundle, observe(bundle, row("margin_band", "high", NOW, **who)))
    assert at_klaviyo(sandboxes)["margin_band"] == "high"


def test_what_fails_waits_and_is_written_whole(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Klaviyo down for a moment: the message is acknowledged, the due row tells it later, HubSpot has it already."""
    deliver(bundle, shopify_order())
    add_fault(sandboxes.klaviyo, {"path_prefix": "/api/profile-import", "times": 1, "status": 503})
    sync(bundle, observe(bundle, row("loyalty_tier", "gold", NOW)))
    assert "loyalty_tier" not in at_klaviyo(sandboxes)
    assert at_hubspot(sandboxes)["sync_loyalty_tier"] == "gold"
    look_again(bundle)
    assert at_klaviyo(sandboxes)["loyalty_tier"] == "gold"


def test_rows_that_are_wrong_are_set_aside_and_the_others_go_on(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Each with its code and its place; not even an address that cannot be read is lost."""
    deliver(bundle, shopify_order())
    rows = (
        row("loyalty_tier", "diamond", NOW),
        row("loyalty_tier", "gold", NOW, email="not an address"),
        row("fraud_suppression", FRAUD, NOW),
        row("loyalty_tier", "gold", NOW),
    )
    sync(bundle, observe(bundle, *rows))
    wrong = {(item["code"]["S"], item["path"]["S"]) for item in b.items(bundle, "QuarantineTable")}
    assert wrong == {
        ("value_not_possible", "[0].value"),
        ("person_not_usable", "[1]"),
        ("property_not_yours", "[2].property"),
    }
    assert at_klaviyo(sandboxes)["loyalty_tier"] == "gold"


def test_nothing_is_told_while_observing(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """It is kept, and told once the destination is live."""
    deliver(bundle, shopify_order())
    messages = observe(bundle, row("loyalty_tier", "gold", NOW))
    sync(bundle, messages, KLAVIYO_MODE="observe", HUBSPOT_MODE="observe")
    assert "loyalty_tier" not in at_klaviyo(sandboxes)
    look_again(bundle)
    assert at_klaviyo(sandboxes)["loyalty_tier"] == "gold"


def test_only_the_owner_whose_secret_signed_is_believed(bundle: InProcessBundle) -> None:
    """Anybody else is refused at the door, and nothing of the body goes on."""
    delivery = Delivery("properties", "warehouse", "", as_json([row("loyalty_tier", "gold", NOW)]), "forged")
    forged = b.api_event(delivery, secret="whsec_" + "QUJD" * 11)
    assert b.post(bundle, forged)["statusCode"] == HTTPStatus.UNAUTHORIZED
    assert b.waiting(bundle, "InboundQueue") == []


def test_a_file_goes_through_the_same_door(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """First a dry run; then the good rows arrive, and the others are set aside by their line."""
    deliver(bundle, shopify_order())
    at = NOW.isoformat()
    table = f"email,property,value,observed_at\n{ADA},loyalty_tier,gold,{at}\n{ADA},loyalty_tier,diamond,{at}\n"
    planned = command(bundle, "import_properties", owner="warehouse", csv=table)
    assert (planned["would_import"], planned["rejected"]) == (1, {"value_not_possible": 1})
    assert b.waiting(bundle, "InboundQueue") == []
    assert command(bundle, "import_properties", owner="warehouse", csv=table, dry_run=False)["imported"] == 1
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    sync(bundle, b.waiting(bundle, "ProfileChangesQueue"))
    assert at_klaviyo(sandboxes)["loyalty_tier"] == "gold"
    (wrong,) = b.items(bundle, "QuarantineTable")
    assert wrong["path"]["S"] == "line[3].value"


def test_what_hubspot_refuses_waits_for_a_person(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """An option that somebody removed there: Klaviyo has the value, and status says why HubSpot has not."""
    deliver(bundle, shopify_order())
    add_fault(sandboxes.hubspot, {"path_prefix": "/crm/objects/2026-09/contacts/batch/update", "status": 400})
    sync(bundle, observe(bundle, row("loyalty_tier", "gold", NOW)))
    assert at_klaviyo(sandboxes)["loyalty_tier"] == "gold"
    (reason,) = command(bundle, "status")["parked_promises"]
    assert reason.startswith("hubspot 400 ")
    sync(bundle, observe(bundle, row("margin_band", "low", NOW - timedelta(days=1))))
    assert at_hubspot(sandboxes)["sync_margin_band"] == "low", "a later change tries all of it again"
    assert at_hubspot(sandboxes)["sync_loyalty_tier"] == "gold"
    assert command(bundle, "status")["parked_promises"] == {}


def test_release_tells_what_was_refused_once_more(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """The same values are not sent again by themselves; a person may say so."""
    deliver(bundle, shopify_order())
    add_fault(sandboxes.hubspot, {"path_prefix": "/crm/objects/2026-09/contacts/batch/update", "status": 400})
    messages = observe(bundle, row("loyalty_tier", "gold", NOW))
    sync(bundle, messages)
    sync(bundle, messages)
    assert "sync_loyalty_tier" not in at_hubspot(sandboxes)
    assert command(bundle, "release", reason="*") == {"released": 1}
    look_again(bundle)
    assert at_hubspot(sandboxes)["sync_loyalty_tier"] == "gold"
    assert command(bundle, "status")["parked_promises"] == {}
