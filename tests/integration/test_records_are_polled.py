"""What changes in HubSpot without a webhook is a hint about its contacts; a store's customers come as deliveries."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from commerce_sync.aws.control import Control
from commerce_sync.composing.polling_owners import KEPT_FOR, OWNERS
from commerce_sync.contracts import DeliveredFacts
from commerce_sync.contracts.envelope import Envelope
from commerce_sync.polling.cursors import Cursor

from local.in_process import InProcessBundle, LambdaContext
from local.sandboxes.hubspot.owners import Owner
from local.sandboxes.server import Sandboxes
from local.stack import store_urls
from tests.fakes import bundle as b

pytestmark = pytest.mark.network
ANA, BO = "ana@example.com", "bo@example.com"
HUBSPOT = {"Authorization": "Bearer pat-local"}
TOKENS = {**b.TOKENS, "shopify": {"us": "shpat_local"}, "woocommerce": {"uk": "ck_local:cs_local"}}
STORES = {"shopify": "us", "bigcommerce": "outlet", "woocommerce": "uk"}


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A bundle that has polled HubSpot's records once."""
    sandboxes.hubspot.state.configure({"search_lag": 0.0, "rate_limits": False, "tied_page": 1})
    urls = {"HubSpotBaseUrl": sandboxes.urls["hubspot"], "StoreBaseUrls": store_urls(sandboxes.urls)}
    with b.ready_bundle({**b.LIVE, **urls}) as ready:
        ready.put_secret("VendorTokens", TOKENS)
        poll(ready)
        yield ready


def poll(bundle: InProcessBundle, source: str = "hubspot", read: str | None = "records") -> dict[str, Any]:
    """One run of the schedule."""
    with bundle.function("change_polling") as module:
        return dict(module.handler({"source": source} | ({"read": read} if read else {}), LambdaContext(60_000)))


def hinted(bundle: InProcessBundle) -> set[tuple[str, str]]:
    """The contacts that are hinted at and why, taken from the queue."""
    messages = [DeliveredFacts.parse(body) for body in b.waiting(bundle, "ProfileChangesQueue")]
    events = [event for message in messages for event in message.events]
    assert all(event.event_id.startswith("hubspot:main:") and event.name == "profile_updated" for event in events)
    return {(event.person.hubspot_contact_id or "", event.event_id.split(":")[4]) for event in events if event.person}


def operate(bundle: InProcessBundle, name: str, **arguments: Any) -> dict[str, Any]:
    """A command of operations."""
    with bundle.function("operations") as module:
        return dict(module.handler({"command": name, "arguments": arguments}, None))


def contact(sandboxes: Sandboxes, email: str, **properties: str) -> str:
    """A contact that staff made or changed; its id."""
    state: Any = sandboxes.hubspot.state
    state.configure({"edit_contact": {"email": email, "properties": properties}})
    return str(state.stores["contacts"].find("email", email).id)


def record(sandboxes: Sandboxes, kind: str, contacts: list[str], **properties: str) -> str:
    """A deal, company or ticket with its contacts."""
    state: Any = sandboxes.hubspot.state
    store = state.stores[kind]
    made = store.add()
    store.write(made, properties, [])
    for one in contacts:
        state.associations.link((kind, made.id, "contacts", one))
    return str(made.id)


def test_a_contact_and_what_stands_beside_it_are_hints(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Every contact of a deal, also where its ties come on several pages; a second run says nothing."""
    ana, bo = contact(sandboxes, ANA), contact(sandboxes, BO)
    record(sandboxes, "deals", [ana, bo], dealname="Hat", dealstage="contractsent")
    record(sandboxes, "tickets", [bo], subject="Late", hs_pipeline_stage="1")
    record(sandboxes, "companies", [ana], name="Brand")
    poll(bundle)
    hints = hinted(bundle)
    assert hints == {
        *((one, "contact") for one in (ana, bo)),
        *((one, "deals") for one in (ana, bo)),
        (bo, "tickets"),
        (ana, "companies"),
    }
    poll(bundle)
    assert hinted(bundle) == set()


def test_an_owner_who_is_renamed_is_a_hint_of_each_of_their_contacts(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """And of nobody else's; it is read once, and not before a worker that knows the old name has forgotten it."""
    ana = contact(sandboxes, ANA, hubspot_owner_id="71001")
    contact(sandboxes, BO, hubspot_owner_id="71003")
    poll(bundle)
    hinted(bundle)
    state: Any = sandboxes.hubspot.state
    state.owners[0] = Owner("71001", 12, "mia@brand.example", "Maria")
    poll(bundle)
    assert hinted(bundle) == set()
    found_at = (datetime.now(UTC) - KEPT_FOR).isoformat()
    Control(bundle.names["ControlTable"]).change(OWNERS, lambda known: {**known, "changed": {"71001": found_at}})
    told = poll(bundle)
    assert hinted(bundle) == {(ana, "contact")}
    assert any(name.startswith("records#hubspot:owner#71001@") for name in told["sources"])
    assert not any("#owner#" in name for name in poll(bundle)["sources"])


def test_a_missing_scope_is_said_and_fails_nothing(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """The other sources are read."""
    sandboxes.hubspot.state.configure({"missing_scopes": ["tickets.read", "crm.objects.owners.read"]})
    ana = contact(sandboxes, ANA)
    poll(bundle)
    assert hinted(bundle) == {(ana, "contact")}
    cursors = operate(bundle, "status")["result"]["cursors"]
    assert cursors["records#hubspot:tickets"]["last_run"]["ended"] == "not_allowed"
    assert cursors["records#hubspot:tickets"]["last_run"]["scopes"] == ["tickets.read"]
    assert cursors["records#hubspot:owners"]["last_run"]["ended"] == "not_allowed"
    assert cursors["records#hubspot:deals"]["last_run"]["ended"] == "done"
    assert cursors["records#hubspot:deals"]["age_seconds"] < 600


def test_a_cursor_is_set_back_with_a_reason_and_read_again(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """A look changes nothing; the deed stays in the history, also once polling has moved on."""
    ana = contact(sandboxes, ANA)
    poll(bundle)
    assert hinted(bundle) == {(ana, "contact")}
    earlier = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    asked = {"source": "records#hubspot:contacts", "through": earlier, "by": "Kim", "reason": "restored a table"}
    assert operate(bundle, "reset_cursor", **asked)["result"]["dry_run"] is True
    poll(bundle)
    assert hinted(bundle) == set()
    assert operate(bundle, "reset_cursor", **asked, dry_run=False)["ok"]
    poll(bundle)
    assert hinted(bundle) == {(ana, "contact")}
    (reset,) = operate(bundle, "status")["result"]["cursors"]["records#hubspot:contacts"]["resets"]
    assert (reset["by"], reset["reason"], reset["through"]) == ("Kim", "restored a table", earlier)


def test_no_cursor_is_set_past_what_is_unread_by_mistake(bundle: InProcessBundle) -> None:
    """Not into the future, not without a word, and never over opt-outs."""
    control = Control(bundle.names["ControlTable"])
    long_ago, now = datetime(2026, 1, 1, tzinfo=UTC), datetime.now(UTC)
    for source in ("klaviyo#profiles", "records#hubspot:deals"):
        control.change(f"cursor#{source}", lambda _: Cursor(long_ago).to_document())

    def asked(source: str, through: datetime, **more: Any) -> dict[str, Any]:
        said = {"source": source, "through": through.isoformat(), "by": "Kim", "reason": "too much", "dry_run": False}
        return operate(bundle, "reset_cursor", **said, **more)

    assert "future" in asked("records#hubspot:deals", now + timedelta(hours=1), skip=True)["errors"][0]
    assert "opt-out" in asked("klaviyo#profiles", now, skip=True)["errors"][0]
    assert "skip" in asked("records#hubspot:deals", now)["errors"][0]
    assert control.read("cursor#records#hubspot:deals")[0]["resets"] == []
    skipped = asked("records#hubspot:deals", now, skip=True)["result"]
    assert skipped["skips"] == {"from": long_ago.isoformat(), "to": now.isoformat()}
    assert asked("klaviyo#profiles", long_ago - timedelta(days=1))["ok"]
    assert "unknown source" in asked("nobody", now)["errors"][0]


@pytest.mark.parametrize("source", sorted(STORES))
def test_a_customer_without_a_webhook_comes_as_one(bundle: InProcessBundle, sandboxes: Sandboxes, source: str) -> None:
    """With the store, topic and body of its own; Shopify's says of consent what old bodies said."""
    poll(bundle, source, None)
    b.waiting(bundle, "InboundQueue")
    at = datetime.now(UTC).replace(microsecond=0)
    if source == "shopify":
        consent = {"state": "unsubscribed", "opt_in_level": None, "consent_updated_at": at.isoformat()}
        body = {"id": 77, "email": ANA, "first_name": "Ana", "email_marketing_consent": consent}
        sandboxes.shopify.state.configure({"search_lag": 0.0, "put_customers": [body]})
    elif source == "bigcommerce":
        body = {"id": 77, "email": ANA, "date_modified": at.isoformat(), "date_created": at.isoformat()}
        sandboxes.bigcommerce.state.configure({"put_customers": [body]})
    else:
        told = at.replace(tzinfo=None).isoformat()
        body = {"id": 77, "email": ANA, "date_created_gmt": told, "date_modified_gmt": None, "billing": {}}
        sandboxes.woocommerce.state.configure({"put_customers": [body]})
    poll(bundle, source, None)
    found = b.waiting(bundle, "InboundQueue")
    (envelope,) = map(Envelope.parse, found)
    assert (envelope.source, envelope.store, envelope.headers) == (
        source,
        STORES[source],
        {"x-commerce-sync-found-by": "poll"},
    )
    assert b.consume(bundle, "identity_normalization", found) == []
    changes = [DeliveredFacts.parse(one) for one in b.waiting(bundle, "ProfileChangesQueue")]
    ids = {event.event_id for message in changes for event in message.events}
    assert any(one.startswith(f"{source}:{STORES[source]}:77:profile_updated:") for one in ids)
    opt_outs = b.waiting(bundle, "OptOutsQueue")
    assert [ANA in one for one in opt_outs] == ([True] if source == "shopify" else [])
