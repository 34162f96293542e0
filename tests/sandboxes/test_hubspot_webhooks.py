"""Webhooks of the HubSpot sandbox: signed, tried again, and sent while nobody holds its lock."""

import json
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask.testing import FlaskClient
from hubspot.utils.signature import Signature

from local.sandboxes.base import Clock, RequestLog, Sandbox
from local.sandboxes.hubspot import ControlledState, hubspot_sandbox
from local.sandboxes.hubspot.webhooks import signature_v3

pytestmark = pytest.mark.network
SECRET = "hs-client-secret-for-tests-0001"
CONTACTS = "/crm/objects/2026-09/contacts"
TOKEN = {"Authorization": "Bearer pat-local"}


@dataclass
class Received:
    """One delivery."""

    body: str
    headers: dict[str, str]

    @property
    def events(self) -> list[dict[str, Any]]:
        """Its events."""
        events: list[dict[str, Any]] = json.loads(self.body)
        return events


@dataclass
class Receiver:
    """A server of our own: what came, and what it answers next (200 unless told otherwise)."""

    url: str = ""
    came: "queue.Queue[Received]" = field(default_factory=queue.Queue)
    answers: list[int] = field(default_factory=list)

    def next(self) -> Received:
        """The next delivery."""
        return self.came.get(timeout=20)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """It listens on loopback."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            receiver.came.put(Received(body, dict(self.headers.items())))

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/hubspot/main"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()


@pytest.fixture
def sandbox(receiver: Receiver) -> Iterator[Sandbox]:
    """An account that tells the receiver."""
    sandbox = hubspot_sandbox(RequestLog(None), Clock())
    settings = {"webhook_url": receiver.url, "webhook_secret": SECRET, "webhook_retry_wait": 0.001}
    sandbox.state.configure(settings)
    yield sandbox
    assert isinstance(sandbox.state, ControlledState)
    sandbox.state.close()


@pytest.fixture
def client(sandbox: Sandbox) -> FlaskClient:
    """Its client."""
    return sandbox.app.test_client()


def edit(client: FlaskClient, **properties: str) -> None:
    """Staff edit a contact."""
    body = {"edit_contact": {"email": "ana@example.com", "properties": properties}}
    assert client.post("/_sandbox/settings", json=body).status_code == 200


def collect(receiver: Receiver, count: int) -> list[dict[str, Any]]:
    """That many events, over as many deliveries as it takes."""
    events: list[dict[str, Any]] = []
    while len(events) < count:
        events += receiver.next().events
    return events


def independent(received: Received, url: str) -> str:
    """What HubSpot's own library says the signature is."""
    timestamp = received.headers["X-HubSpot-Request-Timestamp"]
    signature: str = Signature.get_signature(
        client_secret=SECRET,
        request_body=received.body,
        signature_version="v3",
        http_uri=url,
        http_method="POST",
        timestamp=timestamp,
    )
    return signature


def test_the_signature_is_hubspots_own() -> None:
    """The fact sheet's vector, and the same with codes that are decoded before signing."""
    body = '[{"objectId":502,"propertyName":"firstname","propertyValue":"Zoë"}]'
    plain = "https://sync.example.com/webhooks/hubspot"
    assert signature_v3(SECRET, "POST", plain, body, "1790000000123") == "dkA52K39J+BWMyQ5Hysdd/hC8Bv5PwlgTw9Z3G/eUVk="
    coded = f"{plain}?src=hs%3Aapp&p=a%2Fb"
    assert signature_v3(SECRET, "POST", coded, body, "1790000000123") == "gDKL8xrBkxPlBuUUgfCwO4Ys6VNHK48QPMQL1Wunuzw="


def test_staff_edits_arrive_signed_as_changes_in_the_ui(client: FlaskClient, receiver: Receiver) -> None:
    """A creation and its properties, then one property."""
    edit(client, firstname="Zoë")
    events = collect(receiver, 3)
    assert [event["subscriptionType"] for event in events] == ["contact.creation", *["contact.propertyChange"] * 2]
    edit(client, lifecyclestage="customer")
    received = receiver.next()
    assert received.headers["X-HubSpot-Signature-v3"] == independent(received, receiver.url)
    event = received.events[0]
    assert (event["propertyName"], event["propertyValue"]) == ("lifecyclestage", "customer")
    assert (event["changeSource"], event["attemptNumber"]) == ("CRM_UI", 0)
    assert str(event["objectId"]) == client.get("/_sandbox/state").get_json()["contacts"][0]["id"]


def test_our_own_writes_come_back_as_an_integrations(client: FlaskClient, receiver: Receiver) -> None:
    """Only what changed; a repeated write is silent."""
    body = {"properties": {"email": "ana@example.com"}, "associations": []}
    contact = client.post(CONTACTS, json=body, headers=TOKEN).get_json()["id"]
    for _ in range(2):
        client.patch(f"{CONTACTS}/{contact}", json={"properties": {"firstname": "Ana"}}, headers=TOKEN)
    edit(client, lastname="Last")
    events = collect(receiver, 4)
    assert [event.get("propertyName") for event in events] == [None, "email", "firstname", "lastname"]
    assert {(event["changeSource"], event["sourceId"]) for event in events[:3]} == {("INTEGRATION", "9001")}


def test_a_refused_delivery_is_tried_again(client: FlaskClient, receiver: Receiver) -> None:
    """The same events with a higher attempt number, signed anew."""
    receiver.answers = [503, 401]
    edit(client)
    tries = [receiver.next() for _ in range(3)]
    assert [attempt.events[0]["attemptNumber"] for attempt in tries] == [0, 1, 2]
    assert len({attempt.events[0]["eventId"] for attempt in tries}) == 1
    assert tries[2].headers["X-HubSpot-Signature-v3"] == independent(tries[2], receiver.url)


def test_deliveries_hold_a_hundred_events_and_may_come_twice(client: FlaskClient, receiver: Receiver) -> None:
    """A crowd of changes is cut into arrays."""
    client.post("/_sandbox/settings", json={"duplicate_webhooks": True})
    inputs = [{"properties": {"email": f"p{number}@example.com"}, "associations": []} for number in range(100)]
    client.post(f"{CONTACTS}/batch/create", json={"inputs": inputs}, headers=TOKEN)
    events = collect(receiver, 400)
    ids = [event["eventId"] for event in events]
    assert len(ids) == 400
    assert all(ids.count(one) == 2 for one in set(ids))


def test_no_delivery_is_larger_than_a_hundred(client: FlaskClient, receiver: Receiver) -> None:
    """However many wait."""
    receiver.answers = [503]
    edit(client)
    receiver.next()
    inputs = [{"properties": {"email": f"p{number}@example.com"}, "associations": []} for number in range(80)]
    client.post(f"{CONTACTS}/batch/create", json={"inputs": inputs}, headers=TOKEN)
    seen: list[int] = []
    while sum(seen) < 162:
        seen.append(len(receiver.next().events))
    assert max(seen) <= 100


def test_our_server_may_call_the_sandbox_while_it_is_told(sandbox: Sandbox, receiver: Receiver) -> None:
    """The thread holds no lock of the sandbox: with the lock taken, deliveries still go out."""
    with sandbox.lock:
        sandbox.state.configure({"edit_contact": {"email": "ana@example.com", "properties": {}}})
        assert receiver.next().events


@pytest.mark.parametrize("mischief", ["wrong_signature", "old_timestamp"])
def test_one_delivery_may_be_spoilt(client: FlaskClient, receiver: Receiver, mischief: str) -> None:
    """A forged signature, or one from ten minutes ago; the next try is sound."""
    receiver.answers = [401]
    client.post("/_sandbox/settings", json={"webhook_mischief": mischief})
    edit(client)
    spoilt, sound = receiver.next(), receiver.next()
    fits = spoilt.headers["X-HubSpot-Signature-v3"] == independent(spoilt, receiver.url)
    assert fits == (mischief == "old_timestamp")
    aged = int(sound.headers["X-HubSpot-Request-Timestamp"]) - int(spoilt.headers["X-HubSpot-Request-Timestamp"])
    assert (aged > 300_000) == (mischief == "old_timestamp")
    assert sound.headers["X-HubSpot-Signature-v3"] == independent(sound, receiver.url)


def test_what_is_never_accepted_is_lost_and_nothing_is_pending(client: FlaskClient, receiver: Receiver) -> None:
    """After the last attempt."""
    client.post("/_sandbox/settings", json={"webhook_attempts": 1})
    receiver.answers = [500, 500]
    edit(client)
    while client.get("/_sandbox/state").get_json()["pending_webhooks"]:
        pass
    assert client.get("/_sandbox/state").get_json()["lost_webhooks"] == 2


def test_merges_and_privacy_deletions_are_told(client: FlaskClient, receiver: Receiver) -> None:
    """A privacy deletion comes with a deletion, in either order."""
    client.post("/_sandbox/settings", json={"webhook_style": "object"})
    for email in ("ana@example.com", "bo@example.com"):
        client.post(CONTACTS, json={"properties": {"email": email}}, headers=TOKEN)
    ana, bo = [contact["id"] for contact in client.get("/_sandbox/state").get_json()["contacts"]]
    client.post(f"{CONTACTS}/merge", json={"primaryObjectId": ana, "objectIdToMerge": bo}, headers=TOKEN)
    client.post(f"{CONTACTS}/gdpr-delete", json={"objectId": ana}, headers=TOKEN)
    merge, *ends = collect(receiver, 7)[4:]
    assert (merge["subscriptionType"], merge["objectTypeId"]) == ("object.merge", "0-1")
    assert (merge["primaryObjectId"], merge["mergedObjectIds"]) == (int(ana), [int(bo)])
    assert {event["subscriptionType"] for event in ends} == {"object.deletion", "contact.privacyDeletion"}


def test_a_merge_names_the_primary_the_other_and_what_is_left(client: FlaskClient, receiver: Receiver) -> None:
    """The survivor may be new; then the primary contact went into it too. Staff are named as its author."""
    client.post("/_sandbox/settings", json={"merge_makes_new_id": True})
    for email in ("ana@example.com", "bo@example.com"):
        client.post("/_sandbox/settings", json={"edit_contact": {"email": email, "properties": {}}})
    ana, bo = [contact["id"] for contact in client.get("/_sandbox/state").get_json()["contacts"]]
    client.post("/_sandbox/settings", json={"merge_contacts": [ana, bo]})
    (survivor,) = client.get("/_sandbox/state").get_json()["contacts"]
    merge = collect(receiver, 5)[4]
    assert (merge["subscriptionType"], merge["changeSource"]) == ("contact.merge", "CRM_UI")
    assert (merge["primaryObjectId"], merge["mergedObjectIds"]) == (int(ana), [int(bo)])
    assert merge["newObjectId"] == merge["objectId"] == int(survivor["id"])
    assert survivor["properties"]["hs_merged_object_ids"] == f"{ana};{bo}"


def test_the_two_words_of_a_privacy_deletion_come_in_either_order(client: FlaskClient, receiver: Receiver) -> None:
    """Sometimes the one first, sometimes the other; an address that nobody has is accepted and told to nobody."""
    for number in range(8):
        email = f"person{number}@example.com"
        client.post(CONTACTS, json={"properties": {"email": email}}, headers=TOKEN)
        for _ in range(2):
            body = {"objectId": email, "idProperty": "email"}
            assert client.post(f"{CONTACTS}/gdpr-delete", json=body, headers=TOKEN).status_code == 204
    ends = [event for event in collect(receiver, 32) if event["subscriptionType"].lower().endswith("deletion")]
    firsts = [event["subscriptionType"] for event in ends[::2]]
    assert len(ends) == 16
    assert [one["objectId"] for one in ends[::2]] == [other["objectId"] for other in ends[1::2]]
    assert set(firsts) == {"contact.deletion", "contact.privacyDeletion"}


def test_events_of_one_delivery_may_come_in_any_order(client: FlaskClient, receiver: Receiver) -> None:
    """Order is told by their times only."""
    client.post("/_sandbox/settings", json={"disorder_webhooks": True})
    edit(client, **dict.fromkeys(("firstname", "lastname", "city", "zip", "company", "phone"), "x"))
    ids = [event["eventId"] for event in collect(receiver, 8)]
    assert len(set(ids)) == 8


def test_staff_archive_restore_and_merge(client: FlaskClient, receiver: Receiver) -> None:
    """Each is told, with the user as its author."""
    edit(client)
    contact = client.get("/_sandbox/state").get_json()["contacts"][0]["id"]
    for act in ("archive_contact", "restore_contact"):
        client.post("/_sandbox/settings", json={act: contact})
    events = collect(receiver, 4)[2:]
    assert [event["subscriptionType"] for event in events] == ["contact.deletion", "contact.restore"]
    assert client.get(f"{CONTACTS}/ana@example.com?idProperty=email", headers=TOKEN).get_json()["id"] == contact


def test_without_a_listener_nothing_is_queued() -> None:
    """No URL, no thread."""
    state = hubspot_sandbox(RequestLog(None), Clock()).state
    state.configure({"edit_contact": {"email": "ana@example.com", "properties": {}}})
    assert state.snapshot()["pending_webhooks"] == 0
