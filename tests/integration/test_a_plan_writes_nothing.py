"""What telling would change, said before anything is told: read at the vendors, written nowhere."""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from commerce_sync.budgets.state import Hold, State, hold_name, written
from commerce_sync.config.limits import vendor_limits

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import add_fault, changes_delivery, command, contact_change, deliver
from tests.fakes.properties import look_again
from tests.integration.test_a_delivery_becomes_events import shopify_order

pytestmark = pytest.mark.network
ADA = "ada.archer.0@example.com"
TABLES = ("IdentityTable", "OrderBookTable", "TracesTable", "LedgerTable", "ConsentOutboxTable", "ControlTable")
CONSENT_PATHS = ("subscription", "suppression", "communication-preferences", "unsubscribe")
READS = ("/batch/read", "/search")


def asked(log: Path, since: int = 0) -> list[dict[str, Any]]:
    """The requests after so many."""
    return [json.loads(line) for line in log.read_text().splitlines()[since:]]


def writes(requests: list[dict[str, Any]]) -> Counter[str]:
    """Those that are no reads, as ``POST /path``."""
    return Counter(
        f"{one['method']} {one['path']}"
        for one in requests
        if one["method"] != "GET" and not one["path"].endswith(READS) and not one["path"].startswith("/_sandbox/")
    )


def kept(bundle: InProcessBundle) -> dict[str, str]:
    """All that our tables hold."""
    return {name: json.dumps(sorted(map(json.dumps, b.items(bundle, name)))) for name in TABLES}


def tell(bundle: InProcessBundle, contact_ids: list[str]) -> None:
    """Contacts changed, as HubSpot says."""
    assert (
        b.post(bundle, b.api_event(changes_delivery([contact_change(one) for one in contact_ids])))["statusCode"] == 200
    )
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    assert b.consume(bundle, "profile_sync", b.waiting(bundle, "ProfileChangesQueue")) == []


def edit(sandboxes: Sandboxes, email: str, **properties: str) -> None:
    """HubSpot's staff change somebody."""
    sandboxes.hubspot.state.configure({"edit_contact": {"email": email, "properties": properties}})


def test_a_plan_says_field_by_field_what_changes_and_writes_nothing(
    bundle: InProcessBundle, sandboxes: Sandboxes, log: Path
) -> None:
    """Then telling makes the very calls that were planned, and a second plan has nothing left."""
    deliver(bundle, shopify_order())
    edit(sandboxes, ADA, firstname="Ada", lifecyclestage="customer")
    before, since = kept(bundle), len(asked(log))
    told = command(bundle, "plan", emails=[ADA])
    assert writes(asked(log, since)) == Counter()
    assert kept(bundle) == before
    to_klaviyo = next(one for one in told["profiles"] if one["destination"] == "klaviyo")
    assert to_klaviyo["email"] == "a***@e***.com"
    assert to_klaviyo["fields"]["hubspot_lifecycle_stage"] == {"old": None, "new": "customer"}
    to_hubspot = next(one for one in told["profiles"] if one["destination"] == "hubspot")
    assert to_hubspot["fields"]["sync_order_count"] == {"old": None, "new": "1"}
    assert (told["writes"], told["people"], told["consent"]) == ({"klaviyo": 1, "hubspot": 1}, 1, "none")
    assert (told["waiting"], told["refused"], told["next"]) == ({}, {}, None)

    since = len(asked(log))
    (contact,) = sandboxes.hubspot.state.snapshot()["contacts"]
    tell(bundle, [contact["id"]])
    look_again(bundle)
    made = writes(asked(log, since))
    planned = Counter({call: times for calls in told["calls"].values() for call, times in calls.items()})
    planned = Counter(
        {call: n for call, n in planned.items() if not call.startswith("GET") and not call.endswith(READS)}
    )
    assert made == Counter({call.replace("/V/", "/2026-09/"): times for call, times in planned.items()})
    assert not [path for path in made if any(word in path for word in CONSENT_PATHS)]
    assert command(bundle, "plan", emails=[ADA])["writes"] == {}


def test_everybody_is_planned_in_stretches(bundle: InProcessBundle, sandboxes: Sandboxes, log: Path) -> None:
    """``next`` goes on where the answer ended; whoever may have no profile at Klaviyo is counted, not written."""
    sandboxes.hubspot.state.configure({"rate_limits": False})
    deliver(bundle, shopify_order())
    for number in range(130):
        edit(sandboxes, f"person.{number}@example.com", firstname="P")
    before, since = kept(bundle), len(asked(log))
    first = command(bundle, "plan", all=True, most=100)
    second = command(bundle, "plan", all=True, most=100, next=first["next"])
    assert (first["people"], second["people"], second["next"]) == (100, 31, None)
    assert first["without_a_profile"] + second["without_a_profile"] == 130
    assert first["writes"].get("klaviyo", 0) + second["writes"].get("klaviyo", 0) == 1
    assert writes(asked(log, since)) == Counter()
    assert kept(bundle) == before


def test_many_with_news_are_planned_as_one_import(bundle: InProcessBundle, sandboxes: Sandboxes, log: Path) -> None:
    """The call that telling them together would make; addresses in fields are masked too."""
    sandboxes.hubspot.state.configure({"rate_limits": False})
    orders = [
        shopify_order(
            id=5000 + number, email=f"buyer.{number}@example.com", contact_email=f"buyer.{number}@example.com"
        )
        for number in range(25)
    ]
    deliver(bundle, *orders)
    since = len(asked(log))
    told = command(bundle, "plan", all=True)
    assert told["calls"]["klaviyo"]["POST /api/profile-bulk-import-jobs"] == 1
    assert "POST /api/profile-import" not in told["calls"]["klaviyo"]
    assert "@example.com" not in json.dumps(told)
    assert writes(asked(log, since)) == Counter()


def test_whom_it_is_for_is_said_once_and_clearly(bundle: InProcessBundle) -> None:
    """Anything else is an error."""
    wrong: list[dict[str, Any]] = [{}, {"emails": [ADA], "all": True}, {"emails": []}, {"all": True, "next": 7}]
    with bundle.function("operations") as operations:
        answers = [operations.handler({"command": "plan", "arguments": one}, None) for one in wrong]
    assert [answer["ok"] for answer in answers] == [False] * len(wrong)


def test_a_plan_for_everybody_keeps_no_live_work_waiting(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """It reads in history's lane: where history may not call, it stops and says why. Whoever is named is looked at."""
    edit(sandboxes, ADA, firstname="Ada")
    name, tier = vendor_limits()["hubspot"].place("hubspot", "GET", "/crm/objects/{V}/contacts")
    hold = Hold(until=time.time() + 3600, why="little is left")
    state = State(holds={hold_name(tier.name, history_only=True): hold})
    item = {"name": {"S": name}, "body": {"S": written(state)}, "revision": {"N": "1"}, "schema_version": {"N": "1"}}
    b.aws_client("dynamodb").put_item(TableName=bundle.names["BudgetTable"], Item=item)
    assert command(bundle, "plan", all=True)["stopped"] == f"{name}: little is left"
    assert command(bundle, "plan", emails=[ADA])["people"] == 1


def test_a_plan_that_cannot_see_what_stands_there_says_what_it_has(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """What was looked at to its end is answered, with where to go on; nothing is called new that may stand there."""
    sandboxes.hubspot.state.configure({"rate_limits": False})
    for number in range(130):
        edit(sandboxes, f"person.{number}@example.com", firstname="P")
    deliver(bundle, shopify_order())
    add_fault(sandboxes.klaviyo, {"method": "GET", "path_prefix": "/api/profiles", "times": 9, "status": 503})
    told = command(bundle, "plan", all=True)
    assert (told["people"], told["writes"], told["stopped"]) == (100, {}, "klaviyo 503")
    sandboxes.klaviyo.faults.clear()
    rest = command(bundle, "plan", all=True, next=told["next"])
    assert (rest["people"], rest["writes"].get("klaviyo"), rest["next"]) == (31, 1, None)
