"""An office that has met Ana and Ben, who share a phone, and what a look for Ana finds there."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial

from commerce_sync.contracts import CanonicalEvent, Envelope, Page, Person, Plan, PrivacyRequest
from commerce_sync.contracts.identity import PrivacyKind
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.delivery.promises import Lease
from commerce_sync.delivery.recording import Destinations, by_subject, plan
from commerce_sync.privacy.opening import opened

from tests.fakes.facts import facts, placed, refunded, started_checkout
from tests.fakes.privacy import NOW, Office

ANA = Person(email="ana@example.com", phone="+12025550111", customer_id="770001", first_name="Anabel")
BEN = Person(email="ben@example.com", phone="+12025550111", customer_id="770002", first_name="Benedict")
ANAS: tuple[Identifier, ...] = (
    ("email", "ana@example.com"),
    ("shopify:us", "770001"),
    ("hubspot:main", "501501"),
    ("klaviyo", "01ANAKLAVIYO"),
)
BENS: tuple[Identifier, ...] = (("email", "ben@example.com"), ("shopify:us", "770002"), ("own:wholesale", "880002"))
CANARIES = ("ana@example.com", "770001", "501501", "01ANAKLAVIYO", "Anabel")
CASE = "case-1"


def met(office: Office) -> Office:
    """Orders, deliveries, vendors."""
    office.people.profiles = [set(ANAS), set(BENS)]
    for number, (person, identifiers) in enumerate(((ANA, ANAS), (BEN, BENS)), 1):
        deliver(office, person, identifiers, f"{number}001", NOW - timedelta(days=number))
    bad = archived(office, "malformed", NOW - timedelta(days=3), '{"id":1,"email":"ANA@example.com"}')
    office.quarantine.entries = [noted(bad, "e9")]
    office.traces.rows.add((ANAS[0], "archive#exports/older.json"))
    office.archive.objects["exports/older.json"] = '{"email": "ana@example.com"}'
    office.consent.said = {ANAS[0]: ["Anabel ticked the box"], BENS[0]: ["Benedict ticked the box"]}
    office.confirmed.digests = {"ana@example.com": "d1", "ben@example.com": "d2"}
    office.hubspot.contacts = {"501501": "ana@example.com", "502": "ben@example.com"}
    office.klaviyo.profiles = {
        "01ANAKLAVIYO": {"email": "ana@example.com"},
        "01BEN": {"email": "ben@example.com", "phone_number": "+12025550111"},
    }
    return office


def deliver(
    office: Office, person: Person, identifiers: tuple[Identifier, ...], order: str, at: datetime, *, kept: bool = True
) -> None:
    """An order, a refund and a checkout of one person, as the functions would write them."""
    if kept:
        key = archived(office, order, at, json.dumps({"email": person.email, "name": person.first_name}))
        subjects = (f"shopify:us:{order}", f"shopify:us:c{order}:started_checkout")
        office.traces.note((identifiers[0], f"archive#{key}", None) for _ in range(1))
        office.traces.note((identifiers[0], f"order#{subject}", None) for subject in subjects)
    order_facts = (placed(order, person=person, at=at), refunded(order), started_checkout(f"c{order}", person))
    record(office, facts(*order_facts).events, at)


def record(office: Office, events: Iterable[CanonicalEvent], at: datetime) -> None:
    """What event_delivery writes down."""
    lease, live = Lease.starting("worker", at, 120), Destinations(klaviyo=True, hubspot=True)
    for subject, theirs in by_subject(events).items():
        office.book.record(subject, partial(_plan, theirs, lease, live))


def _plan(events: list[CanonicalEvent], lease: Lease, live: Destinations, page: Page) -> Plan:
    return plan(page, events, lease, live, 15)


def archived(office: Office, name: str, at: datetime, body: str) -> str:
    """One archived delivery."""
    key = f"archive/shopify/us/{at:%Y/%m/%d/%H%M%S%f}-{name}.json"
    office.archive.objects[key] = Envelope(
        schema_version=1,
        envelope_id=name,
        source="shopify",
        store="us",
        topic="orders/create",
        delivery_id="d",
        received_at=at,
        archive_key=key,
        body=body,
    )
    return key


def noted(key: str, envelope_id: str, store: str = "us") -> dict[str, str]:
    """A delivery that was set aside, as the quarantine notes it."""
    return {"archive_key": key, "envelope_id": envelope_id, "place": "p", "source": "shopify", "store": store}


def asks(
    office: Office, kind: PrivacyKind = "erase", person: Person | None = ANA, orders: tuple[str, ...] = ("1001",)
) -> None:
    """Shopify passes a request on."""
    request = PrivacyRequest(
        schema_version=1,
        request_id="r-1",
        kind=kind,
        source="shopify",
        store="us",
        requested_at=NOW,
        person=person,
        orders=orders,
    )
    named = () if person is None else (("email", str(person.email)), ("shopify:us", str(person.customer_id)))
    office.cases.put(opened(request, named, CASE, NOW, 30))


def left_of(office: Office, canaries: tuple[str, ...] = CANARIES) -> list[str]:
    """Every place that still says something of Ana; marks are keyed hashes in the real table."""
    places = {
        "people": [sorted(profile) for profile in office.people.profiles],
        "traces": sorted(trace for _, trace in office.traces.rows),
        "archive": [str(one) for one in office.archive.objects.values()],
        "quarantine": office.quarantine.entries,
        "confirmed": office.confirmed.digests,
        "consent": list(office.consent.said.values()),
        "orders": [asdict(page) | {"order": page.order.model_dump()} for page in office.book.pages.values()],
        "hubspot": office.hubspot.contacts,
        "klaviyo": office.klaviyo.profiles,
        "cases": [case.model_dump_json() for case in office.cases.cases.values()],
    }
    return [f"{name}: {canary}" for name, place in places.items() for canary in canaries if canary in str(place)]
