"""A field that somebody changed in Klaviyo by hand is told by its owner again, and our own writes start no loop."""

from datetime import UTC, datetime
from typing import Any

import pytest

from local.in_process import InProcessBundle, LambdaContext
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import add_fault, changes_delivery, command, contact_change, dispatch, make_due
from tests.fakes.properties import observe, row, sync
from tests.integration.test_a_delivery_becomes_events import shopify_order

pytestmark = pytest.mark.network
ADA = "ada.archer.0@example.com"


def poll(bundle: InProcessBundle) -> dict[str, Any]:
    """One run of the schedule."""
    with bundle.function("change_polling") as module:
        event = {"source": "klaviyo", "read": "records"}
        return dict(module.handler(event, LambdaContext(60_000))["sources"]["records#klaviyo:profiles"])


def settle(bundle: InProcessBundle) -> None:
    """Whatever is due is looked at."""
    make_due(bundle)
    dispatch(bundle)
    sync(bundle, b.waiting(bundle, "ProfileChangesQueue"))


def properties(sandboxes: Sandboxes) -> dict[str, Any]:
    """Ada's custom properties."""
    (profile,) = sandboxes.klaviyo.state.snapshot()["profiles"]
    return dict(profile["properties"])


def by_hand(sandboxes: Sandboxes, **changed: Any) -> None:
    """Somebody edits Ada's profile."""
    state: Any = sandboxes.klaviyo.state
    (profile,) = state.profiles.values()
    profile.properties.update(changed)
    sandboxes.klaviyo.clock.advance(1)
    profile.updated = state.clock.moment()


@pytest.fixture
def told(bundle: InProcessBundle, sandboxes: Sandboxes) -> InProcessBundle:
    """Ada has bought something, and everybody was told of her."""
    for sandbox in (sandboxes.hubspot, sandboxes.klaviyo):
        sandbox.state.configure({"rate_limits": False})
    order = shopify_order(id=5000, email=ADA, contact_email=ADA, customer=None)
    assert b.post(bundle, b.api_event(order))["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    b.waiting(bundle, "ProfileChangesQueue")
    contact = {"email": ADA, "properties": {"firstname": "Ada", "lifecyclestage": "lead"}}
    sandboxes.hubspot.state.configure({"edit_contact": contact})
    (one,) = sandboxes.hubspot.state.snapshot()["contacts"]
    assert b.post(bundle, b.api_event(changes_delivery([contact_change(one["id"])])))["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    sync(bundle, b.waiting(bundle, "ProfileChangesQueue"))
    assert properties(sandboxes)["hubspot_lifecycle_stage"] == "lead"
    poll(bundle)
    return bundle


def test_what_was_changed_by_hand_is_put_right_and_then_it_is_quiet(
    told: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """One write; five more rounds of polling and looking make none."""
    by_hand(sandboxes, hubspot_lifecycle_stage="customer", loved_by="Kim")
    assert poll(told)["said"] == 1
    settle(told)
    held = properties(sandboxes)
    assert (held["hubspot_lifecycle_stage"], held["loved_by"]) == ("lead", "Kim")
    add_fault(sandboxes.klaviyo, {"path_prefix": "/api/profile-import", "times": 1, "status": 503})
    for _ in range(5):
        poll(told)
        settle(told)
    assert [fault.times for fault in sandboxes.klaviyo.faults] == [1], "a profile was written"
    assert command(told, "status")["cursors"]["records#klaviyo:profiles"]["last_run"]["ended"] == "done"


def test_what_is_observed_is_put_right_too(told: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Its owner is a shop's own system."""
    before = properties(sandboxes)
    sync(told, observe(told, row("loyalty_tier", "gold", datetime.now(UTC))))
    (name,) = properties(sandboxes).keys() - before.keys()
    poll(told)
    by_hand(sandboxes, **{name: "platinum"})
    poll(told)
    settle(told)
    assert properties(sandboxes)[name] == "gold"


def test_a_war_is_parked_with_its_reason(told: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Seen in status; an operator's word tries it again."""
    for _ in range(4):
        by_hand(sandboxes, hubspot_lifecycle_stage="theirs")
        poll(told)
        settle(told)
    assert properties(sandboxes)["hubspot_lifecycle_stage"] == "theirs"
    reasons = [reason for reason in command(told, "status")["parked_promises"] if "keeps writing" in reason]
    assert len(reasons) == 1
    assert "hubspot_lifecycle_stage" in reasons[0]
