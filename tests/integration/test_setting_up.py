"""``setup`` over AWS in process and the strict sandboxes: what it says, and that it writes once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import add_fault, command, make_due

pytestmark = pytest.mark.network
UNLIKE = [
    "klaviyo's account has the currency EUR, stores.toml says USD",
    "klaviyo's account has the time zone Europe/Madrid, stores.toml says America/New_York",
    "hubspot's account has the time zone UTC, stores.toml says America/New_York",
]
KEYS = {"sync_order_key", "sync_line_key"}


@pytest.fixture
def fresh(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A bundle that was never set up."""
    named = {"KlaviyoBaseUrl": "klaviyo", "HubSpotBaseUrl": "hubspot", "EcbBaseUrl": "ecb"}
    urls = {parameter: sandboxes.urls[vendor] for parameter, vendor in named.items()}
    with b.ready_bundle({**b.LIVE, **urls}) as ready:
        yield ready


def written(log: Path, since: int = 0) -> list[dict[str, Any]]:
    """The writes among the requests after so many."""
    lines = (json.loads(line) for line in log.read_text().splitlines()[since:])
    return [one for one in lines if one["method"] != "GET" and not one["path"].endswith("/search")]


def test_a_plan_writes_nothing_setup_does_what_it_says_and_a_second_one_nothing(
    fresh: InProcessBundle, log: Path
) -> None:
    """What was planned is what is created, to the name."""
    planned = command(fresh, "setup", plan=True)
    assert written(log) == []
    done = command(fresh, "setup")
    assert done["created"] == planned["would_create"]
    names = {name for some in done["created"].values() for name in some} - {"the property group"}
    posted = {one["body"]["name"] for one in written(log)} - {"commerce_sync"}
    assert posted == names
    assert names >= KEYS
    since = len(log.read_text().splitlines())
    make_due(fresh)
    assert command(fresh, "setup")["created"] == {}
    assert command(fresh, "setup", plan=True)["would_create"] == {}
    assert written(log, since) == []


def test_what_a_person_has_to_mend_is_named(fresh: InProcessBundle) -> None:
    """The account's clocks and currencies, what fields.toml reads and is not there; nothing was left unanswered."""
    told = command(fresh, "setup", plan=True)
    assert told["misfits"] == ["contacts have no property customer_type, which fields.toml reads", *UNLIKE]
    assert told["calls_today"]["limit"] == 250000
    assert told.keys() == {"would_create", "webhooks", "klaviyo_metrics", "misfits", "calls_today", "store_apps"}
    assert told["webhooks"]["shopify:us"] == {"not_done": "vendor tokens say nothing of shopify:us"}


def test_an_account_with_little_room_gets_the_keys_first_and_hears_what_is_left_out(
    fresh: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Three properties of each type fit; without the unique key no order could be written."""
    sandboxes.hubspot.state.configure({"most_custom_properties": 3})
    planned = command(fresh, "setup", plan=True)
    done = command(fresh, "setup")
    assert (done["created"], done["left_out"]) == (planned["would_create"], planned["left_out"])
    orders = done["created"]["hubspot orders"]
    assert orders[:2] == ["the property group", "sync_order_key"]
    assert len(orders) == 4
    assert len(done["created"]["hubspot contacts"]) == 4
    assert "sync_company_currency" in done["left_out"]["hubspot orders"]
    again = command(fresh, "setup")
    assert (again["created"], again["left_out"]) == ({}, done["left_out"])


def test_a_question_that_is_not_answered_keeps_nothing_else_up(fresh: InProcessBundle, sandboxes: Sandboxes) -> None:
    """A service key may be refused what is about the account; properties are created all the same."""
    add_fault(sandboxes.hubspot, {"method": "GET", "path_prefix": "/account-info", "times": 9, "status": 403})
    done = command(fresh, "setup")
    assert "hubspot orders" in done["created"]
    assert done["not_said"].keys() == {"hubspot account", "hubspot calls of today"}


def test_no_page_size_is_asked_of_what_has_none(fresh: InProcessBundle, log: Path) -> None:
    """Klaviyo's lists, segments and metrics come in pages of its own; it may refuse to be asked for others."""
    command(fresh, "setup", plan=True)
    asked = [json.loads(line) for line in log.read_text().splitlines()]
    for path in ("/api/lists", "/api/segments", "/api/metrics"):
        queries = [json.dumps(one) for one in asked if one["path"].startswith(path)]
        assert queries
        assert not [one for one in queries if "page[size]" in one or "page%5Bsize%5D" in one]


def test_scopes_that_are_missing_are_one_list(fresh: InProcessBundle, sandboxes: Sandboxes) -> None:
    """HubSpot names them in its refusals, Klaviyo's are found by trying to read; what needs none of them goes on."""
    sandboxes.hubspot.state.configure({"missing_scopes": ["crm.schemas.line_items.write"]})
    for path in ("/api/lists", "/api/flows", "/api/segments"):
        add_fault(sandboxes.klaviyo, {"method": "GET", "path_prefix": path, "times": 9, "status": 403})
    done = command(fresh, "setup")
    klaviyo = ["flows:read", "lists:read", "segments:read"]
    assert done["grant"] == {"hubspot": ["crm.schemas.line_items.write"], "klaviyo": klaviyo}
    assert "hubspot orders" in done["created"]


def test_an_account_whose_currencies_may_not_be_read_is_set_up_all_the_same(
    fresh: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """The scope is on the list of those to grant, and nothing else is kept up."""
    sandboxes.hubspot.state.configure({"missing_scopes": ["settings.currencies.read"]})
    done = command(fresh, "setup")
    assert done["grant"] == {"hubspot": ["settings.currencies.read"]}
    assert done["not_allowed"] == {"hubspot revenue": ["settings.currencies.read"]}
    assert "hubspot orders" in done["created"]
    assert UNLIKE[0] in done["misfits"]


def test_klaviyos_metrics_are_made_by_an_event_of_nobody_where_that_is_asked_for(
    fresh: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Once each, without a flow, a value or an address; and not beside an app's of the same meaning."""
    native = {"integration": "Shopify", "metric": "Checkout Started", "time": "2020-01-01T00:00:00Z"}
    sandboxes.klaviyo.state.configure({"rate_limits": False})
    sandboxes.klaviyo.state.configure({"native_events": [{**native, "email": "ana@example.com", "unique_id": "1"}]})
    assert "klaviyo metrics" not in command(fresh, "setup")["created"]
    said = command(fresh, "setup", plan=True, metrics=True)
    assert said["klaviyo_metrics"]["of_apps"] == {"Started Checkout": "Shopify"}
    assert sandboxes.klaviyo.state.snapshot()["events"] == []
    done = command(fresh, "setup", metrics=True)
    made = done["created"]["klaviyo metrics"]
    assert made == said["would_create"]["klaviyo metrics"] == said["klaviyo_metrics"]["missing"]
    assert "Placed Order" in made
    assert "Started Checkout" not in made
    known = sandboxes.klaviyo.state.snapshot()
    assert {(one["value"], one["backfill"]) for one in known["events"]} == {(None, True)}
    (nobody,) = [one for one in known["profiles"] if one["external_id"] == "commerce-sync:setup"]
    assert (nobody["email"], nobody["phone_number"], known["flow_triggers"]) == (None, None, 0)

    again = command(fresh, "setup", metrics=True)
    assert again["created"] == {}
    assert again["klaviyo_metrics"]["there"] == made
    assert len(sandboxes.klaviyo.state.snapshot()["events"]) == len(made)


def test_while_klaviyo_has_not_shown_a_metric_a_second_event_is_none(
    fresh: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """It accepts events and processes them later."""
    sandboxes.klaviyo.state.configure({"event_lag": 60.0, "rate_limits": False})
    made = command(fresh, "setup", metrics=True)["created"]["klaviyo metrics"]
    assert command(fresh, "setup", metrics=True)["created"]["klaviyo metrics"] == made
    sandboxes.klaviyo.clock.advance(61)
    assert command(fresh, "setup", metrics=True)["created"] == {}
    assert len(sandboxes.klaviyo.state.snapshot()["events"]) == len(made)


def test_metrics_that_were_made_are_named_though_the_next_was_not(fresh: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Nobody takes them back: what is there has to be said."""
    sandboxes.klaviyo.state.configure({"rate_limits": False})
    wanted = command(fresh, "setup", plan=True, metrics=True)["would_create"]["klaviyo metrics"]
    posts = {"method": "POST", "path_prefix": "/api/events"}
    add_fault(sandboxes.klaviyo, {**posts, "times": 2, "drop": True})
    add_fault(sandboxes.klaviyo, {**posts, "status": 503})
    done = command(fresh, "setup", metrics=True)
    assert done["created"]["klaviyo metrics"] == wanted[:2]
    assert done["not_said"]["klaviyo metrics"] == "klaviyo 503"


def test_while_everything_is_stopped_no_metric_is_made(fresh: InProcessBundle, sandboxes: Sandboxes) -> None:
    """An event is no opt-out."""
    command(fresh, "stop", by="ops", why="drill")
    done = command(fresh, "setup", metrics=True)
    assert done["not_said"] == {"klaviyo metrics": "everything is stopped: none is made"}
    assert sandboxes.klaviyo.state.snapshot()["events"] == []


def test_limits_that_the_account_does_not_have_are_named(fresh: InProcessBundle, sandboxes: Sandboxes) -> None:
    """As the answers to the same set-up say, once they are counted."""
    sandboxes.hubspot.state.configure({"ten_second_limit": 190})
    with fresh.function("operations", {"BUDGET_PATIENCE": "0"}) as operations:
        answer = operations.handler({"command": "setup", "arguments": {"plan": True, "webhooks": False}}, None)
    assert "hubspot: limits.toml says 100 calls in 10 s (general), the account allows 190" in answer["result"]["limits"]


@pytest.mark.parametrize("arguments", [{"plna": True}, {"plan": "yes"}, {"webhooks": 1}, {"metrics": None}])
def test_an_argument_that_is_misspelt_or_no_choice_writes_nothing(
    arguments: dict[str, Any], fresh: InProcessBundle, log: Path
) -> None:
    """Whoever meant a plan gets no set-up; nothing that was written there is repeated."""
    with fresh.function("operations") as operations:
        answer = operations.handler({"command": "setup", "arguments": arguments}, None)
    assert answer["ok"] is False
    assert "plna" not in str(answer)
    assert not log.exists() or written(log) == []
