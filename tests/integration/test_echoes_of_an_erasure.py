"""HubSpot tells of every deletion, our own included: the echo brings nobody back and opens no second erasure."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import changes_delivery, contact_change, make_due
from tests.integration import test_erasure_and_access as asked

pytestmark = [pytest.mark.network, pytest.mark.long]
Told = list[dict[str, Any]]


@contextmanager
def listening(sandboxes: Sandboxes) -> Iterator["queue.Queue[Told]"]:
    """What HubSpot tells from now on."""
    came: queue.Queue[Told] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/hubspot/main"
        sandboxes.hubspot.state.configure({"webhook_url": url, "webhook_secret": "a-secret-for-tests"})
        yield came
        server.shutdown()
        thread.join()


def deletions(came: "queue.Queue[Told]") -> Told:
    """What HubSpot told of deletions, until both kinds of it have come."""
    events: Told = []
    while {one["subscriptionType"] for one in events} < {"contact.deletion", "contact.privacyDeletion"}:
        told = came.get(timeout=20)
        events += [one for one in told if one["subscriptionType"].lower().endswith("deletion")]
    return events


def tell(bundle: InProcessBundle, events: Told, at: datetime) -> None:
    """Pass on what HubSpot told, as it arrives at a moment."""
    milliseconds = int(at.timestamp() * 1000)
    event = b.api_event(changes_delivery([one | {"occurredAt": milliseconds} for one in events]))
    event["requestContext"]["timeEpoch"] = milliseconds
    asked.post(bundle, event)


def first_pass(bundle: InProcessBundle) -> None:
    """Everything up to the check, which waits for a quarter of an hour."""
    assert b.consume(bundle, "privacy_requests", b.waiting(bundle, "PrivacyQueue"), {"CHECK_AFTER": "900"}) == []


@pytest.mark.parametrize("known", [True, False], ids=["contact known", "contact found by address"])
def test_the_echo_of_our_own_deletion_is_no_return_and_no_second_request(
    bundle: InProcessBundle,
    sandboxes: Sandboxes,
    known: bool,  # noqa: FBT001 # a parameter
) -> None:
    """Between the erasure and its check, and once more afterwards: nothing is left, of the echo neither."""
    asked.deliver(bundle, asked.order_webhook())
    (contact,) = sandboxes.hubspot.state.snapshot()["contacts"]
    now = datetime.now(UTC)
    if known:
        asked.deliver(bundle, asked.changed_contact(contact["id"], now - timedelta(minutes=1)))
    asked.post(bundle, asked.redact_webhook(now))
    with listening(sandboxes) as came:
        first_pass(bundle)
        echo = deletions(came)
    tell(bundle, echo, datetime.now(UTC))
    make_due(bundle)
    cases = {case.source: case for case in asked.work(bundle)}
    assert {source: case.state for source, case in cases.items()} == {"shopify": "done", "hubspot": "done"}
    assert "repeat" in str(cases["hubspot"].reason)
    assert cases["hubspot"].steps == ()
    assert not any("came_back" in step.counts for step in cases["shopify"].steps)
    assert (asked.left(bundle), asked.vendors_know(sandboxes)) == ([], [])

    tell(bundle, [one for one in echo if "privacy" in one["subscriptionType"]], datetime.now(UTC))
    asked.work(bundle, rounds=2)
    said = asked.said_anywhere(bundle)
    assert [place for place in said if place.startswith("object") and contact["id"] in said[place]] == []


def test_an_edit_in_the_crm_after_the_mark_is_no_return(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """HubSpot is not live yet: staff go on working with the contact, and it is deleted all the same."""
    asked.deliver(bundle, asked.order_webhook())
    (contact,) = sandboxes.hubspot.state.snapshot()["contacts"]
    asked.deliver(bundle, asked.changed_contact(contact["id"], datetime.now(UTC) - timedelta(minutes=1)))
    asked.post(bundle, asked.redact_webhook(datetime.now(UTC)))
    asked.work(bundle, rounds=2, HUBSPOT_MODE="observe")
    edit = contact_change(contact["id"]) | {"propertyName": "email", "propertyValue": asked.CANARIES[0]}
    tell(bundle, [edit], datetime.now(UTC))
    b.waiting(bundle, "ProfileChangesQueue")
    (case,) = asked.work(bundle)
    assert case.state == "done"
    assert not any("came_back" in step.counts for step in case.steps)
    assert (asked.left(bundle), asked.vendors_know(sandboxes)) == ([], [])


def test_a_contact_that_staff_merged_into_another_is_left(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Its id leads to the other person: an operator is asked, and nobody else is deleted."""
    asked.deliver(bundle, asked.order_webhook(), asked.order_webhook(asked.OTHER))
    contacts = {one["properties"]["email"]: one["id"] for one in sandboxes.hubspot.state.snapshot()["contacts"]}
    assert asked.OTHER.buyer
    theirs, others = contacts[asked.CANARIES[0]], contacts[str(asked.OTHER.buyer.email).lower()]
    asked.deliver(bundle, asked.changed_contact(theirs, datetime.now(UTC) - timedelta(minutes=1)))
    with bundle.function("privacy_requests") as module:
        client = module._office().hubspot()
    client.merge(others, theirs)
    asked.post(bundle, asked.redact_webhook(datetime.now(UTC)))
    (case,) = asked.work(bundle)
    assert (case.state, others in str(case.reason)) == ("parked", True)
    assert [one["id"] for one in sandboxes.hubspot.state.snapshot()["contacts"]] == [others]
