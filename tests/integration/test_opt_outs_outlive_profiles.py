"""Whoever opted out stays out at Klaviyo and HubSpot although their records there are deleted, made anew or new."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from commerce_sync.aws.promise_items import moment
from commerce_sync.contracts.shown_open import SHOWN_OPEN
from commerce_sync.vendors.klaviyo import KlaviyoProfiles, klaviyo_http

from local.in_process import InProcessBundle, LambdaContext
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes import consented as c
from tests.fakes.delivered import command, dispatch, make_due
from tests.fakes.properties import sync
from tests.integration.test_a_delivery_becomes_events import shopify_order
from tests.integration.test_erasure_and_access import work

pytestmark = [pytest.mark.network, pytest.mark.long]
ANA = "ana@example.com"
BO = "+12025550101"
HELD = ("UNSUBSCRIBED UNSUBSCRIBE", "all out")


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """Live everywhere, with a complete baseline, and polled once."""
    for sandbox in (sandboxes.klaviyo, sandboxes.hubspot):
        sandbox.state.configure({"rate_limits": False})
    with b.ready_bundle(c.parameters(sandboxes)) as ready:
        ready.put_secret("VendorTokens", c.TOKENS)
        command(ready, "setup")
        c.complete_baseline(ready)
        poll(ready)
        yield ready


def poll(bundle: InProcessBundle) -> None:
    """Every schedule that reads the two vendors."""
    for event in (
        {"source": "klaviyo"},
        {"source": "hubspot"},
        {"source": "klaviyo", "read": "records"},
        {"source": "hubspot", "read": "records"},
    ):
        with bundle.function("change_polling") as module:
            module.handler(event, LambdaContext(60_000))


def buy(bundle: InProcessBundle, number: int) -> None:
    """Ana orders something."""
    at = datetime.now(UTC)
    times = dict.fromkeys(("created_at", "processed_at", "updated_at"), at.isoformat())
    order = shopify_order(id=number, name=f"#{number}", email=ANA, contact_email=ANA, customer=None, **times)
    event = b.api_event(order)
    event["requestContext"]["timeEpoch"] = int(at.timestamp() * 1000)
    assert b.post(bundle, event)["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    assert b.consume(bundle, "event_delivery", b.waiting(bundle, "EventsQueue")) == []


def drain(bundle: InProcessBundle, sandboxes: Sandboxes, rounds: int = 3) -> None:
    """Time passes, everything is polled, and every queue and every wait is worked off."""
    for _ in range(rounds):
        make_due(bundle)
        for item in b.items(bundle, "ConsentOutboxTable"):
            if item["status"]["S"] in {"pending", "verifying"}:
                _due(bundle, item)
        b.consume(bundle, "event_delivery", dispatch(bundle))
        sync(bundle, b.waiting(bundle, "ProfileChangesQueue"))
        for sandbox in (sandboxes.klaviyo, sandboxes.hubspot):
            sandbox.clock.advance(180)
        poll(bundle)
        c.settle(bundle)


def _due(bundle: InProcessBundle, item: dict[str, Any]) -> None:
    b.aws_client("dynamodb").update_item(
        TableName=bundle.names["ConsentOutboxTable"],
        Key={"subject": item["subject"], "row": item["row"]},
        UpdateExpression="SET due_at = :past",
        ExpressionAttributeValues={":past": {"S": moment(datetime.now(UTC) - timedelta(hours=1))}},
    )


def shown(sandboxes: Sandboxes) -> tuple[str, str]:
    """What both show of Ana."""
    return c.klaviyo_shows(sandboxes, ("email", ANA)), c.hubspot_shows(sandboxes, ANA)


def contact(sandboxes: Sandboxes) -> dict[str, Any]:
    """Ana's properties at HubSpot."""
    (one,) = sandboxes.hubspot.state.snapshot()["contacts"]
    return dict(one["properties"])


def looked_at(bundle: InProcessBundle) -> int:
    """How many records the ledger keeps because a vendor stood open."""
    return sum(SHOWN_OPEN in str(item) for item in b.items(bundle, "LedgerTable"))


def _left(minutes: float = 1) -> datetime:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).replace(microsecond=0)


def test_who_opted_out_and_was_forgotten_and_buys_again_stays_out(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """The order makes a profile and a contact anew, which know nothing; R7: the mark that stays is an opt-out."""
    buy(bundle, 5001)
    c.hear(bundle, c.preference("unsubscribe", _left(), email=ANA))
    drain(bundle, sandboxes)
    assert shown(sandboxes) == HELD
    command(bundle, "erase", address=ANA, by="kim", why="asked for it", dry_run=False)
    (case,) = work(bundle)
    assert (case.state, shown(sandboxes)) == ("done", ("unknown", "{}"))
    buy(bundle, 5002)
    drain(bundle, sandboxes)
    assert shown(sandboxes) == HELD
    assert contact(sandboxes)["sync_email_consent"] == "out"


def test_a_profile_that_was_deleted_at_klaviyo_and_made_anew_is_out_again(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Somebody deletes it there; the next order makes another one. Then it is quiet."""
    buy(bundle, 5001)
    c.hear(bundle, c.preference("unsubscribe", _left(), email=ANA))
    drain(bundle, sandboxes)
    KlaviyoProfiles(klaviyo_http(sandboxes.urls["klaviyo"], "pk_local", "2026-10-15", 10.0)).forget(email=ANA)
    sandboxes.klaviyo.clock.advance(600)
    assert c.klaviyo_shows(sandboxes, ("email", ANA)) == "unknown"
    buy(bundle, 5002)
    drain(bundle, sandboxes)
    assert shown(sandboxes) == HELD
    before = looked_at(bundle)
    drain(bundle, sandboxes)
    assert (before, looked_at(bundle)) == (before, before)


def test_a_contact_that_is_younger_than_a_stop_is_told_of_it(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """HubSpot knows no SMS consent but our property; the number is known when the STOP came, the contact is not."""
    c.hear(bundle, c.text_message(BO, "STOP", _left()))
    drain(bundle, sandboxes)
    known = {"email": ANA, "properties": {"firstname": "Ana", "phone": "(202) 555-0101", "country": "US"}}
    sandboxes.hubspot.state.configure({"edit_contact": known})
    drain(bundle, sandboxes)
    assert contact(sandboxes)["sync_sms_consent"] == "out"


def test_who_never_opted_out_is_looked_at_and_leaves_nothing_in_the_ledger(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """R4: to show nothing is no event of either kind."""
    buy(bundle, 5001)
    drain(bundle, sandboxes)
    assert shown(sandboxes) == ("NEVER_SUBSCRIBED", "{}")
    assert (looked_at(bundle), b.items(bundle, "ConsentOutboxTable")) == (0, [])
