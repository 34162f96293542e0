"""Many profiles go to Klaviyo as bulk imports, from HubSpot's webhooks to the end of each row."""

from collections.abc import Mapping
from typing import Any

import pytest

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import add_fault, changes_delivery, command, contact_change, dispatch, make_due
from tests.fakes.properties import sync
from tests.integration.test_a_delivery_becomes_events import shopify_order

pytestmark = pytest.mark.network

BUYERS = 24
"""A few more than what is told one by one."""


def buyer(number: int) -> str:
    """Somebody whom a store has met."""
    return f"buyer.{number}@example.com"


@pytest.fixture
def messages(bundle: InProcessBundle, sandboxes: Sandboxes) -> list[str]:
    """Everybody has bought something, and every contact has changed."""
    sandboxes.hubspot.state.configure({"rate_limits": False})
    sandboxes.klaviyo.state.configure({"rate_limits": False})
    for number in range(BUYERS):
        order = shopify_order(id=5000 + number, email=buyer(number), contact_email=buyer(number), customer=None)
        assert b.post(bundle, b.api_event(order))["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    b.waiting(bundle, "ProfileChangesQueue")
    for number in range(BUYERS):
        known = {"email": buyer(number), "properties": {"firstname": f"N{number}", "lifecyclestage": "lead"}}
        sandboxes.hubspot.state.configure({"edit_contact": known})
    return changes(bundle, sandboxes)


def changes(bundle: InProcessBundle, sandboxes: Sandboxes) -> list[str]:
    """Every contact has changed: the messages that stand in profile_sync's queue."""
    contacts = [contact["id"] for contact in sandboxes.hubspot.state.snapshot()["contacts"]]
    delivery = changes_delivery([contact_change(contact) for contact in contacts])
    assert b.post(bundle, b.api_event(delivery))["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    return b.waiting(bundle, "ProfileChangesQueue")


def look_at_imports(bundle: InProcessBundle) -> None:
    """Whatever is due of profile_sync's is looked at, and nothing else."""
    make_due(bundle)
    dispatch(bundle)
    sync(bundle, b.waiting(bundle, "ProfileChangesQueue"))


def at_klaviyo(sandboxes: Sandboxes) -> Mapping[str, Mapping[str, Any]]:
    """Profiles by address."""
    return {one["email"]: one for one in sandboxes.klaviyo.state.snapshot()["profiles"]}


def test_many_are_imported_and_confirmed_once_the_import_is_over(
    bundle: InProcessBundle, sandboxes: Sandboxes, messages: list[str]
) -> None:
    """No single import is made; a second round of the same changes makes no call at all."""
    add_fault(sandboxes.klaviyo, {"path_prefix": "/api/profile-import", "times": 1, "status": 503})
    sync(bundle, messages)
    look_at_imports(bundle)
    profiles = at_klaviyo(sandboxes)
    assert [profiles[buyer(number)]["first_name"] for number in range(BUYERS)] == [f"N{at}" for at in range(BUYERS)]
    assert profiles[buyer(3)]["properties"]["hubspot_lifecycle_stage"] == "lead"
    add_fault(sandboxes.klaviyo, {"path_prefix": "/api/profile-bulk-import-jobs", "times": 1, "status": 503})
    sync(bundle, changes(bundle, sandboxes))
    assert [fault.times for fault in sandboxes.klaviyo.faults] == [1, 1], "a call was made"


def test_an_import_that_takes_long_is_looked_at_again(
    bundle: InProcessBundle, sandboxes: Sandboxes, messages: list[str]
) -> None:
    """Nobody waits for it; until it is over, nothing is confirmed and nothing is sent twice."""
    sandboxes.klaviyo.state.configure({"job_lag": 3600})
    sync(bundle, messages)
    look_at_imports(bundle)
    assert buyer(0) not in at_klaviyo(sandboxes)
    (reason,) = {reason for reason in command(bundle, "status")["open_reasons"] if "import" in reason}
    assert reason == "klaviyo has not finished an import"
    sandboxes.klaviyo.clock.advance(3600)
    look_at_imports(bundle)
    assert len(at_klaviyo(sandboxes)) >= BUYERS
    assert not [item for item in b.items(bundle, "IdentityTable") if "pending" in item]


def test_what_travels_to_the_end_of_an_import_names_nobody(
    bundle: InProcessBundle, sandboxes: Sandboxes, messages: list[str]
) -> None:
    """Neither the due row nor the object of its members."""
    sandboxes.klaviyo.state.configure({"job_lag": 3600})
    sync(bundle, messages)
    s3 = b.aws_client("s3")
    (listed,) = s3.list_objects_v2(Bucket=bundle.names["Archive"], Prefix="imports/profiles/")["Contents"]
    kept = s3.get_object(Bucket=bundle.names["Archive"], Key=listed["Key"])["Body"].read().decode()
    rows = [item for item in b.items(bundle, "OrderBookTable") if item["row"]["S"] == "profile#import"]
    assert len(rows) == 1
    assert [text for text in ("example.com", "N7", "lead") if text in kept + str(rows)] == []


def test_rows_that_klaviyo_could_not_import_are_parked_and_released(
    bundle: InProcessBundle, sandboxes: Sandboxes, messages: list[str]
) -> None:
    """With its words; the others are confirmed. Mended and released, they arrive, and nothing is parked any more."""
    sandboxes.klaviyo.state.configure({"import_refuses": [buyer(1), buyer(9)]})
    sync(bundle, messages)
    look_at_imports(bundle)
    profiles = at_klaviyo(sandboxes)
    assert {number for number in range(BUYERS) if "first_name" not in profiles.get(buyer(number), {})} == {1, 9}
    parked = command(bundle, "status")["parked_promises"]
    assert parked == {"klaviyo 202 invalid at /data/attributes/properties": 2}
    sync(bundle, changes(bundle, sandboxes))
    assert command(bundle, "status")["parked_promises"] == parked
    sandboxes.klaviyo.state.configure({"import_refuses": []})
    assert command(bundle, "release", reason="*") == {"released": 2}
    look_at_imports(bundle)
    assert at_klaviyo(sandboxes)[buyer(9)]["first_name"] == "N9"
    assert command(bundle, "status")["parked_promises"] == {}


@pytest.mark.parametrize("names", [True, False], ids=["named", "nobody is named"])
def test_an_import_that_is_refused_whole_is_sent_without_its_culprits(
    bundle: InProcessBundle, sandboxes: Sandboxes, messages: list[str], *, names: bool
) -> None:
    """Whoever they are, everybody else arrives."""
    sandboxes.klaviyo.state.configure({"import_refuses_whole": [buyer(5)], "import_names_rows": names})
    sync(bundle, messages)
    look_at_imports(bundle)
    profiles = at_klaviyo(sandboxes)
    assert {number for number in range(BUYERS) if profiles.get(buyer(number), {}).get("first_name") is None} == {5}
    (reason,) = command(bundle, "status")["parked_promises"]
    assert reason.startswith("klaviyo 400 invalid at /data/attributes")


def test_a_storm_of_429_and_a_lost_answer_lose_nobody(
    bundle: InProcessBundle, sandboxes: Sandboxes, messages: list[str]
) -> None:
    """Everybody waits as a due row; an import whose answer was lost is an upsert like any other."""
    imports = "/api/profile-bulk-import-jobs"
    for _ in range(3):
        add_fault(sandboxes.klaviyo, {"path_prefix": imports, "status": 429, "headers": {"Retry-After": "7"}})
    add_fault(sandboxes.klaviyo, {"path_prefix": imports, "status": 504, "apply_first": True})
    sync(bundle, messages)
    for _ in range(5):
        look_at_imports(bundle)
    profiles = at_klaviyo(sandboxes)
    assert {number for number in range(BUYERS) if profiles[buyer(number)]["first_name"] != f"N{number}"} == set()
    assert not [item for item in b.items(bundle, "IdentityTable") if "pending" in item]
