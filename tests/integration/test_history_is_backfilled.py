"""History over AWS in process and the strict sandboxes: contacts by the field map, a store's orders, the guard."""

from typing import Any

import pytest
from commerce_sync.contracts import DeliveredFacts
from commerce_sync.contracts.envelope import Envelope
from commerce_sync.errors import ConfigurationError

from local.in_process import InProcessBundle, LambdaContext
from local.sandboxes.server import Sandboxes
from local.stack import store_urls
from tests.fakes import bundle as b
from tests.fakes.consent_bundle import answer
from tests.fakes.delivered import add_fault, command, deliver, make_due
from tests.integration.test_a_delivery_becomes_events import shopify_order
from tests.unit.intake import bodies as s

pytestmark = pytest.mark.network
CONTACTS = 230
STAGE = "hubspot_lifecycle_stage"
CONSENT = ("LedgerTable", "HeadsTable", "ConsentOutboxTable")
FLOW = {"id": "RfLoW1", "name": "Win-back", "trigger_type": "Added to List"}
FIELDS = {"what": "fields", "do": "start", "dry_run": False}
ORDERS = {**FIELDS, "what": "orders", "store": "shopify:us"}


def walk(bundle: InProcessBundle) -> dict[str, Any]:
    """One run of the schedule, when the calls of the set-up are long past."""
    make_due(bundle)
    with bundle.function("history_backfill") as module:
        return dict(module.handler({}, LambdaContext()))


def stands(bundle: InProcessBundle, name: str = "fields") -> dict[str, Any]:
    """The backfill in status."""
    return dict(command(bundle, "status")["backfills"][name])


def told(messages: list[str]) -> list[str]:
    """The contacts that messages name."""
    facts = [DeliveredFacts.parse(message) for message in messages]
    return [str(event.person and event.person.hubspot_contact_id) for one in facts for event in one.events]


def consent(bundle: InProcessBundle) -> list[Any]:
    """All that is written of consent, and what is on its way there."""
    written = [sorted(map(repr, b.items(bundle, table))) for table in CONSENT]
    return [*written, b.waiting(bundle, "OptInsQueue"), b.waiting(bundle, "OptOutsQueue")]


def plant(sandboxes: Sandboxes, status: str = "live") -> None:
    """A flow behind a segment on a mapped property. Calls are not counted: walks forget them."""
    sandboxes.klaviyo.state.configure({"rate_limits": False})
    condition = {"type": "profile-property", "property": f"properties['{STAGE}']", "filter": {"type": "string"}}
    definition = {"condition_groups": [{"conditions": [condition]}]}
    sandboxes.klaviyo.state.configure({"segments": [{"id": "S1", "name": "SQL", "definition": definition}]})
    triggers = {"triggers": [{"type": "segment", "id": "S1"}], "actions": []}
    sandboxes.klaviyo.state.configure({"flows": [{**FLOW, "status": status, "definition": triggers}]})


def refused(bundle: InProcessBundle, **arguments: Any) -> str:
    """Why a command was."""
    said = answer(bundle, "backfill", **arguments)
    assert not said["ok"], said
    return str(said["errors"][0])


def test_every_contact_is_looked_at_once_and_consent_stays_as_it_is(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """By pages a minute; a run that died before it wrote repeats its pages, and nothing is missed or counted twice."""
    sandboxes.hubspot.state.configure({"rate_limits": False, "search_lag": 0})
    deliver(bundle, shopify_order())
    stage = {"email": "ada.archer.0@example.com", "properties": {"lifecyclestage": "customer"}}
    sandboxes.hubspot.state.configure({"edit_contact": stage})
    for number in range(CONTACTS - 1):
        sandboxes.hubspot.state.configure({"edit_contact": {"email": f"p{number}@example.com", "properties": {}}})
    known = {str(one["id"]) for one in sandboxes.hubspot.state.snapshot()["contacts"]}
    b.waiting(bundle, "ProfileChangesQueue")
    before = consent(bundle)

    plan = command(bundle, "backfill", what="fields", do="start")
    assert (plan["would_start"], plan["total"], plan["flows"]) == (True, CONTACTS, [])
    assert command(bundle, "backfill", what="fields")["state"] == "never started"
    assert command(bundle, "backfill", **FIELDS)["left"] == CONTACTS
    table, key = bundle.names["ControlTable"], {"name": {"S": "backfill#fields"}}
    at_first = b.aws_client("dynamodb").get_item(TableName=table, Key=key)["Item"]

    assert 100 <= walk(bundle)["backfill#fields"]["told"] < CONTACTS
    first = b.waiting(bundle, "ProfileChangesQueue")
    assert (stands(bundle)["done"], stands(bundle)["left"]) == (len(told(first)), CONTACTS - len(told(first)))
    b.aws_client("dynamodb").put_item(TableName=table, Item=at_first)
    rest: list[str] = []
    for _ in range(9):
        ended = walk(bundle)["backfill#fields"]["ended"]
        rest += b.waiting(bundle, "ProfileChangesQueue")
        if ended == "done":
            break
    assert (set(told(rest)), len(told(rest))) == (known, CONTACTS)
    assert told(rest)[: len(told(first))] == told(first)
    assert (stands(bundle)["state"], stands(bundle)["done"], stands(bundle)["left"]) == ("done", CONTACTS, 0)

    for message in (*first, *rest):
        assert b.consume(bundle, "profile_sync", [message]) == []
    profiles = {one["email"]: one for one in sandboxes.klaviyo.state.snapshot()["profiles"]}
    assert profiles["ada.archer.0@example.com"]["properties"][STAGE] == "customer"
    assert not [email for email in profiles if email.startswith("p")]
    assert consent(bundle) == before
    assert walk(bundle) == {}


def test_a_live_flow_on_a_mapped_field_is_asked_about_at_the_start_and_when_resumed(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Refused with its id and what it waits for; acknowledged, it may; resumed, somebody says so anew."""
    plant(sandboxes)
    plan = command(bundle, "backfill", what="fields", do="start")
    (flow,) = plan["flows"]
    assert (plan["would_start"], flow["id"], flow["because"]) == (False, "RfLoW1", f"segment SQL (names {STAGE})")
    assert "RfLoW1 (Win-back, live" in refused(bundle, **FIELDS)
    assert walk(bundle) == {}
    assert command(bundle, "backfill", **FIELDS, acknowledge=["RfLoW1"])["acknowledged"] == ["RfLoW1"]
    assert "has not ended" in refused(bundle, **FIELDS, acknowledge=["RfLoW1"])
    assert command(bundle, "backfill", what="fields", do="pause")["state"] == "paused"
    assert walk(bundle) == {}
    assert "RfLoW1" in refused(bundle, what="fields", do="resume")
    resumed = command(bundle, "backfill", what="fields", do="resume", acknowledge=["RfLoW1"])
    assert resumed["state"] == "running"
    assert command(bundle, "backfill", what="fields", do="cancel")["state"] == "cancelled"


def test_a_draft_asks_nobody_and_what_cannot_be_read_is_not_taken_for_nothing(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Without the scope somebody must say that they looked."""
    plant(sandboxes, status="draft")
    assert command(bundle, "backfill", what="fields", do="start")["would_start"] is True
    add_fault(sandboxes.klaviyo, {"method": "GET", "path_prefix": "/api/flows", "times": 2, "status": 403})
    assert "cannot be read" in refused(bundle, **FIELDS)
    assert "flows_unread" in command(bundle, "backfill", what="fields", do="start")
    assert command(bundle, "backfill", **FIELDS, flows_unread=True)["state"] == "running"


def test_it_gives_way_to_a_deep_queue_and_to_the_stop(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Nothing is read of HubSpot meanwhile; status says to what and since when."""
    sandboxes.hubspot.state.configure({"edit_contact": {"email": "ana@example.com", "properties": {}}})
    command(bundle, "backfill", **FIELDS)
    for _ in range(51):
        b.aws_client("sqs").send_message(QueueUrl=bundle.names["ProfileChangesQueue"], MessageBody="live")
    assert walk(bundle)["backfill#fields"]["ended"] == "gave way"
    assert stands(bundle)["waits"]["why"] == "more than 50 messages wait in a queue"
    assert len(b.waiting(bundle, "ProfileChangesQueue")) == 51
    command(bundle, "stop", by="kim", why="looking")
    assert "stopped" in walk(bundle)["backfill#fields"]["why"]
    assert stands(bundle)["done"] == 0


def test_old_orders_come_by_the_door_of_polls_and_raise_nobody(sandboxes: Sandboxes) -> None:
    """Same ids as their webhooks; the box at an old checkout is not told; the book's own are not sent again."""
    urls = {"KlaviyoBaseUrl": sandboxes.urls["klaviyo"], "HubSpotBaseUrl": sandboxes.urls["hubspot"]}
    with b.ready_bundle({**b.LIVE, **urls, "StoreBaseUrls": store_urls(sandboxes.urls)}) as bundle:
        bundle.put_secret("VendorTokens", {**b.TOKENS, "shopify": {"us": "shpat_local"}})
        old = {"updated_at": "2025-03-01T10:00:00+00:00", "buyer_accepts_marketing": True}
        body = s.order(currency="USD", presentment_currency="USD", **old)
        sandboxes.shopify.state.configure({"put_orders": [body]})
        before = consent(bundle)
        plan = command(bundle, "backfill", **{**ORDERS, "dry_run": True})
        assert (plan["total"], plan["most_a_minute"], "total_unknown" in plan) == (1, 250, False)
        assert command(bundle, "backfill", **ORDERS)["left"] == 1
        assert walk(bundle)["backfill#orders#shopify:us"] == {"ended": "done", "told": 1, "why": ""}
        (message,) = b.waiting(bundle, "InboundQueue")
        assert Envelope.parse(message).headers == {"x-commerce-sync-found-by": "backfill"}
        assert b.consume(bundle, "identity_normalization", [message]) == []
        assert consent(bundle) == before
        messages = b.waiting(bundle, "EventsQueue")
        ids = {event.event_id for one in messages for event in DeliveredFacts.parse(one).events}
        assert f"shopify:us:{s.ORDER_ID}:placed_order" in ids
        assert b.consume(bundle, "event_delivery", messages) == []
        command(bundle, "backfill", **ORDERS)
        walk(bundle)
        assert b.waiting(bundle, "InboundQueue") == []
        polled = Envelope.parse(message).model_copy(update={"headers": {"x-commerce-sync-found-by": "poll"}})
        b.consume(bundle, "identity_normalization", [polled.to_json()])
        assert consent(bundle) != before


def test_a_store_without_a_token_holds_up_no_other(sandboxes: Sandboxes) -> None:
    """A start says so; one whose token goes meanwhile is paused with the reason, and the others are read."""
    urls = {"KlaviyoBaseUrl": sandboxes.urls["klaviyo"], "HubSpotBaseUrl": sandboxes.urls["hubspot"]}
    with b.ready_bundle({**b.LIVE, **urls, "StoreBaseUrls": store_urls(sandboxes.urls)}) as bundle:
        tokens = {**b.TOKENS, "bigcommerce": {"outlet": "bc_local"}, "shopify": {"us": "shpat_local"}}
        bundle.put_secret("VendorTokens", {**tokens, "bigcommerce": {}})
        sandboxes.shopify.state.configure({"put_orders": [s.order(currency="USD", presentment_currency="USD")]})
        outlet = {**ORDERS, "store": "bigcommerce:outlet"}
        assert "vendor tokens say nothing of bigcommerce:outlet" in refused(bundle, **outlet)
        bundle.put_secret("VendorTokens", tokens)
        command(bundle, "backfill", **outlet)
        command(bundle, "backfill", **ORDERS)
        bundle.put_secret("VendorTokens", {**tokens, "bigcommerce": {}})
        with pytest.raises(ConfigurationError):
            walk(bundle)
        assert stands(bundle, "orders#shopify:us")["done"] == 1
        paused = stands(bundle, "orders#bigcommerce:outlet")
        assert (paused["state"], paused["because"]) == ("paused", "vendor tokens say nothing of bigcommerce:outlet")


def test_what_is_called_a_dry_run_changes_nothing(bundle: InProcessBundle) -> None:
    """A start alone has one: the others say so, and do nothing."""
    command(bundle, "backfill", **FIELDS)
    for do in ("pause", "cancel"):
        assert "dry_run" in refused(bundle, what="fields", do=do, dry_run=True)
    assert stands(bundle)["state"] == "running"


@pytest.mark.parametrize(("live", "never_told"), [(("Klaviyo",), ["hubspot"]), ((), ["klaviyo", "hubspot"])])
def test_orders_are_not_walked_for_nobody(sandboxes: Sandboxes, live: tuple[str, ...], never_told: list[str]) -> None:
    """What is observed once is never sent: a start says of whom that is so, and is refused where it is so of all."""
    urls = {"KlaviyoBaseUrl": sandboxes.urls["klaviyo"], "StoreBaseUrls": store_urls(sandboxes.urls)}
    modes = {f"{vendor}Mode": "live" if vendor in live else "observe" for vendor in ("Klaviyo", "HubSpot")}
    with b.ready_bundle({**b.LIVE, **urls, **modes}) as bundle:
        bundle.put_secret("VendorTokens", {**b.TOKENS, "shopify": {"us": "shpat_local"}})
        plan = command(bundle, "backfill", **{**ORDERS, "dry_run": True})
        assert (plan["would_start"], plan["never_told"]) == (bool(live), never_told)
        if not live:
            assert "what was is never sent" in refused(bundle, **ORDERS)
