"""Contacts at random, field by field, over AWS in process and the strict sandboxes: each difference has its reason."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from commerce_sync.composing import sample_facts

from local.in_process import InProcessBundle, LambdaContext
from local.sandboxes.klaviyo.given import Given
from local.sandboxes.klaviyo.people import change, create
from local.sandboxes.klaviyo.state import KlaviyoState
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import add_fault, command, deliver
from tests.fakes.properties import look_again, observe, row, sync
from tests.integration.test_a_delivery_becomes_events import shopify_order
from tests.integration.test_a_plan_writes_nothing import ADA, asked, edit, kept, tell, writes
from tests.integration.test_the_duplicate_audit import finish, start

pytestmark = pytest.mark.network
WEEKLY = {"time": "2026-11-29T09:47:00Z", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
STAGE = "klaviyo hubspot_lifecycle_stage"
NO_PROPERTY = "klaviyo hubspot_customer_type"
"""The shipped map reads a property that no account has of its own."""


@pytest.fixture
def sandboxes(sandboxes: Sandboxes) -> Sandboxes:
    """Vendors that answer as often as they are asked."""
    sandboxes.hubspot.state.configure({"rate_limits": False})
    sandboxes.klaviyo.state.configure({"rate_limits": False})
    return sandboxes


@pytest.fixture
def ada(bundle: InProcessBundle, sandboxes: Sandboxes) -> str:
    """A buyer of whom all was told; her contact's id."""
    deliver(bundle, shopify_order())
    edit(sandboxes, ADA, firstname="Ada", lifecyclestage="lead")
    (contact,) = sandboxes.hubspot.state.snapshot()["contacts"]
    tell(bundle, [contact["id"]])
    look_again(bundle)
    return str(contact["id"])


def klaviyo(sandboxes: Sandboxes) -> KlaviyoState:
    """The account's innards."""
    state = sandboxes.klaviyo.state
    assert isinstance(state, KlaviyoState)
    return state


def edited(sandboxes: Sandboxes, email: str, **properties: Any) -> None:
    """Klaviyo's staff change a profile by hand."""
    state = klaviyo(sandboxes)
    profile = next(one for one in state.profiles.values() if one.attributes["email"] == email)
    change(state, profile, Given(None, {"properties": properties}))


def looked_at(bundle: InProcessBundle, *emails: str) -> dict[str, str]:
    """Codes of those fields that are not alike."""
    told = command(bundle, "sample_contacts", emails=list(emails or [ADA]))
    return {name: one["code"] for name, one in shown(told).items()}


def shown(told: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Fields that are not alike, by destination and name; but for the property that the account has not."""
    named = {f"{one['destination']} {one['field']}": one for one in told["differences"]}
    return {name: one for name, one in named.items() if name != NO_PROPERTY}


def weekly(bundle: InProcessBundle, **environment: str) -> dict[str, Any]:
    """What the schedule does."""
    with bundle.function("contact_sampling", environment) as module:
        answer: dict[str, Any] = module.handler(dict(WEEKLY), LambdaContext(600_000))
    return answer


def report(bundle: InProcessBundle, key: str) -> list[dict[str, Any]]:
    """The lines of a report."""
    body = b.aws_client("s3").get_object(Bucket=bundle.names["Archive"], Key=key)["Body"].read().decode()
    return [json.loads(line) for line in body.splitlines()]


def test_who_was_told_everything_differs_in_nothing(bundle: InProcessBundle, sandboxes: Sandboxes, ada: str) -> None:
    """At both destinations, order totals too; what nobody has is no difference."""
    told = command(bundle, "sample_contacts", emails=[ADA])
    assert shown(told) == {}
    assert set(told["codes"]) == {"equal", "no_value_at_either", "not_read"}
    assert [one["words"] for one in told["differences"]] == [sample_facts.NOT_SHOWN]
    assert told["by_field"]["hubspot sync_order_total"] == {"equal": 1}
    assert told["by_field"]["klaviyo $first_name"] == {"equal": 1}
    assert (told["contacts"], told["unexplained_percent"], told["report"]) == (1, 0.0, "")


def test_each_way_to_differ_has_its_reason(bundle: InProcessBundle, sandboxes: Sandboxes, ada: str) -> None:
    """An edit at the destination, a change at the owner, a text that is no value, a rule that keeps."""
    edited(sandboxes, ADA, hubspot_lifecycle_stage="evangelist", hubspot_original_source="BY_HAND")
    edit(sandboxes, ADA, firstname="Adeline", country="Atlantis")
    told = command(bundle, "sample_contacts", emails=[ADA])
    differing = shown(told)
    assert {name: one["code"] for name, one in differing.items()} == {
        STAGE: "changed_at_destination",
        "klaviyo hubspot_original_source": "kept_by_rule",
        "klaviyo $first_name": "changed_at_owner",
        "klaviyo $country": "unreadable",
        "klaviyo hubspot_country_code": "unreadable",
    }
    stage = {name: differing[STAGE][name] for name in ("owner", "made", "told", "there", "email")}
    assert stage == {"owner": "lead", "made": "lead", "told": "lead", "there": "evangelist", "email": "a***@e***.com"}
    assert differing["klaviyo $country"]["owner"] == "Atlantis"
    assert set(told["meanings"]) == set(told["codes"])


def test_what_nobody_heard_of_for_long_was_missed(
    bundle: InProcessBundle, sandboxes: Sandboxes, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a change of just now, which may be on its way in."""
    edit(sandboxes, ADA, firstname="Adeline")
    assert looked_at(bundle)["klaviyo $first_name"] == "changed_at_owner"
    monkeypatch.setattr(sample_facts, "SETTLED_AFTER", timedelta(seconds=-5))
    assert looked_at(bundle)["klaviyo $first_name"] == "missed"


def test_what_is_due_waits_and_what_was_refused_is_parked(
    bundle: InProcessBundle, sandboxes: Sandboxes, ada: str
) -> None:
    """Until it is told: a vendor that is away leaves a look, one that refuses leaves its words."""
    edit(sandboxes, ADA, firstname="Adeline")
    add_fault(sandboxes.klaviyo, {"path_prefix": "/api/profile-import", "times": 1, "status": 503})
    tell(bundle, [ada])
    assert looked_at(bundle)["klaviyo $first_name"] == "waiting"
    add_fault(sandboxes.klaviyo, {"path_prefix": "/api/profile-import", "times": 1, "status": 400})
    look_again(bundle)
    told = command(bundle, "sample_contacts", emails=[ADA])
    parked = shown(told)["klaviyo $first_name"]
    assert parked["code"] == "parked"
    assert parked["words"].startswith("klaviyo")
    command(bundle, "release", reason="*")
    look_again(bundle)
    assert looked_at(bundle) == {}


def test_order_totals_wait_while_they_settle(bundle: InProcessBundle, sandboxes: Sandboxes, ada: str) -> None:
    """A second order is counted once its look is due; nothing is wrong meanwhile."""
    deliver(bundle, shopify_order(id=1002, total_price="30.50"))
    assert looked_at(bundle)["hubspot sync_order_count"] == "waiting"
    look_again(bundle)
    assert looked_at(bundle) == {}


def test_people_whom_one_side_does_not_know(bundle: InProcessBundle, sandboxes: Sandboxes, ada: str) -> None:
    """A contact that may have no profile, a profile without a contact: nobody is hidden, and the reason is a rule."""
    edit(sandboxes, "staff.friend@example.com", firstname="Flo")
    create(klaviyo(sandboxes), Given(None, {"email": "list.only@example.com", "first_name": "Lee"}))
    contact_alone = Counter(looked_at(bundle, "staff.friend@example.com").values())
    profile_alone = looked_at(bundle, "list.only@example.com")
    assert set(contact_alone) == {"not_selected"}
    assert profile_alone["klaviyo $first_name"] == "no_contact"


def test_a_destination_that_is_not_live_explains_what_it_lacks(
    bundle: InProcessBundle, sandboxes: Sandboxes, ada: str
) -> None:
    """Nobody is told, so nobody edited or missed anything."""
    edit(sandboxes, ADA, firstname="Adeline")
    with bundle.function("operations", {"KLAVIYO_MODE": "observe"}) as operations:
        answer = operations.handler({"command": "sample_contacts", "arguments": {"emails": [ADA]}}, None)
    assert [one["code"] for one in shown(answer["result"]).values()] == ["not_live"]


def test_a_sample_reads_everywhere_and_writes_nothing_at_a_vendor(
    bundle: InProcessBundle, sandboxes: Sandboxes, log: Path, ada: str
) -> None:
    """Nor in any table; few calls, however many people."""
    everybody(bundle, sandboxes)
    before, since = kept(bundle), len(asked(log))
    figures = weekly(bundle, SAMPLE_SIZE="40")
    assert writes(asked(log, since)) == Counter()
    assert kept(bundle) == before
    assert len(asked(log, since)) < 30
    assert figures["contacts"] == 40


def everybody(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Thirty who bought, thirty whom HubSpot alone knows, thirty whom Klaviyo alone knows; and last night's audit."""
    people = ((one, f"buyer.{one}@example.com") for one in range(30))
    deliver(bundle, *(shopify_order(id=5000 + one, email=buyer, contact_email=buyer) for one, buyer in people))
    for one in range(30):
        edit(sandboxes, f"crm.{one}@example.com", firstname="C")
        create(klaviyo(sandboxes), Given(None, {"email": f"list.{one}@example.com"}))
    assert start(bundle)["systems"] == ["hubspot", "klaviyo"]
    finish(bundle)


def test_the_weekly_run_draws_from_every_side_and_keeps_its_report(
    bundle: InProcessBundle, sandboxes: Sandboxes, ada: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half ours, a quarter each vendor's; report and log name nobody; status shows it; a repeat is the same."""
    everybody(bundle, sandboxes)
    edited(sandboxes, ADA, hubspot_lifecycle_stage="evangelist")
    capsys.readouterr()
    figures = weekly(bundle, SAMPLE_SIZE="40")
    logged = capsys.readouterr().out
    assert figures["drawn"] == {"ours": 20, "hubspot": 10, "klaviyo": 10}
    assert (figures["run_id"], figures["not_drawn"], figures["left_out"]) == ("20261129T094700Z", {}, 0)
    first, *rows = report(bundle, figures["report"])
    assert first == figures
    assert first["schema_version"] == 1
    assert len(rows) == sum(
        number for code, number in figures["codes"].items() if code not in {"equal", "no_value_at_either"}
    )
    assert "@" not in json.dumps([first, rows]) + logged
    assert '"UnexplainedFieldsPercent":' in logged
    glance = command(bundle, "status")["contact_sample"]
    assert (glance["contacts"], glance["report"]) == (40, figures["report"])
    assert weekly(bundle, SAMPLE_SIZE="40") == figures


def test_the_same_seed_finds_the_same_people(bundle: InProcessBundle, sandboxes: Sandboxes, ada: str) -> None:
    """And without an audit, or without a vendor's token, that is said."""
    one, other = (command(bundle, "sample_contacts", number=5, seed="again") for _ in range(2))
    assert [one[name] for name in ("contacts", "codes", "by_field")] == [
        other[name] for name in ("contacts", "codes", "by_field")
    ]
    assert one["not_drawn"] == dict.fromkeys(("hubspot", "klaviyo"), "there is no duplicate audit of it yet")
    bundle.put_secret("VendorTokens", {"hubspot": "pat-local"})
    assert weekly(bundle) == {"no_token": ["klaviyo"]}


def test_an_address_that_a_vendor_refuses_keeps_nobody_else_from_being_compared(
    bundle: InProcessBundle, sandboxes: Sandboxes, ada: str
) -> None:
    """It is left out, and counted; a refusal that blames nobody fails the command."""
    refusal: dict[str, Any] = {"method": "GET", "path_prefix": "/api/profiles"}
    add_fault(sandboxes.klaviyo, {**refusal, "status": 400})
    told = command(bundle, "sample_contacts", emails=[ADA, "odd@example.com"])
    assert (told["contacts"], told["left_out"]) == (1, 1)
    add_fault(sandboxes.klaviyo, {**refusal, "status": 404})
    with bundle.function("operations") as operations:
        answer = operations.handler({"command": "sample_contacts", "arguments": {"emails": [ADA]}}, None)
    assert not answer["ok"]


def test_a_vendor_that_does_not_answer_fails_the_run(bundle: InProcessBundle, sandboxes: Sandboxes, ada: str) -> None:
    """Nothing is kept, nothing is guessed: the run is tried again, and the command says why."""
    add_fault(sandboxes.klaviyo, {"method": "GET", "path_prefix": "/api/profiles", "status": 503})
    with bundle.function("operations") as operations:
        answer = operations.handler({"command": "sample_contacts", "arguments": {"number": 1}}, None)
    assert not answer["ok"]
    assert answer["errors"][0].startswith("klaviyo")
    assert command(bundle, "status")["contact_sample"] is None


def test_what_is_observed_and_phone_numbers_are_compared_too(
    bundle: InProcessBundle, sandboxes: Sandboxes, ada: str
) -> None:
    """A value that ends some day is no change on its way; a number that gave way to Klaviyo's own is a rule's."""
    sync(bundle, observe(bundle, row("loyalty_tier", "gold", datetime.now(UTC))))
    look_again(bundle)
    assert looked_at(bundle) == {}
    edited(sandboxes, ADA, loyalty_tier="silver")
    assert looked_at(bundle) == {"klaviyo loyalty_tier": "changed_at_destination"}
    profile = next(one for one in klaviyo(sandboxes).profiles.values() if one.attributes["email"] == ADA)
    change(klaviyo(sandboxes), profile, Given(None, {"phone_number": "+12025550188"}))
    edit(sandboxes, ADA, phone="+12025550199")
    tell(bundle, [ada])
    assert looked_at(bundle)["klaviyo $hubspot_phone"] == "kept_by_rule"
