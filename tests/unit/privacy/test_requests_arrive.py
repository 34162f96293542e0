"""A request finds its case or opens one, and leaves no delivery behind that names the person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from commerce_sync.contracts import Person, PrivacyRequest
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase
from commerce_sync.privacy.receiving import Reception

from tests.fakes.privacy import NOW, Office
from tests.unit.privacy.people import ANA, ANAS, archived, deliver, left_of, met

CONTACT = Person(hubspot_contact_id="501501")


def named(request: PrivacyRequest) -> Sequence[Identifier]:
    """As identity reads a request."""
    person = request.person or Person()
    record = (f"{request.source}:{request.store}", person.hubspot_contact_id or person.customer_id)
    return [(kind, value) for kind, value in (("email", person.email), record) if value]


def take(office: Office, request: PrivacyRequest) -> PrivacyCase:
    """The message handler's part."""
    return Reception(office.cases, office.places(), named, lambda name: [f"1#{name}"], 30).take(request)


def redact(at: datetime = NOW, key: str | None = None, orders: tuple[str, ...] = ()) -> PrivacyRequest:
    """The store asks, from a delivery in the archive."""
    return PrivacyRequest(
        schema_version=2,
        request_id="r",
        kind="erase",
        source="shopify",
        store="us",
        requested_at=at,
        person=ANA,
        orders=orders,
        archive_key=key,
    )


def echo(at: datetime, key: str | None = None) -> PrivacyRequest:
    """HubSpot tells that a contact was deleted for privacy."""
    request = redact(at, key).model_dump() | {"request_id": "h", "source": "hubspot", "store": "main"}
    return PrivacyRequest.model_validate(request | {"person": CONTACT.model_dump()})


def kept(office: Office, name: str, at: datetime, *, under: Identifier | None = None) -> str:
    """A delivery that names Ana, with its trace."""
    key = archived(office, name, at, '{"customer":{"email":"ana@example.com","id":770001},"objectId":501501}')
    office.traces.note([(under, f"archive#{key}", None)] if under else [])
    return key


def test_the_delivery_that_carried_the_request_goes_first_and_repeated() -> None:
    """It names the person, and a repeat comes when nobody looks any more."""
    office = met(Office())
    key = kept(office, "redact", NOW)
    case = take(office, redact(key=key))
    assert key not in office.archive.objects
    office.work(case.case_id)
    again = kept(office, "repeat", office.now + timedelta(days=2))
    assert take(office, redact(key=again)).case_id == case.case_id
    assert left_of(office) == []


def test_a_repeat_that_does_not_say_its_delivery_is_found_by_its_trace() -> None:
    """Requests of the previous version, and what else arrived about who is gone."""
    office = met(Office())
    case = office.work(take(office, redact()).case_id)
    kept(office, "repeat", office.now + timedelta(days=2), under=ANAS[0])
    take(office, redact())
    assert (case.state, left_of(office), office.traces.rows & {(ANAS[0], "archive#")}) == ("done", [], set())


def test_a_repeat_takes_nothing_of_a_new_acquaintance() -> None:
    """A store has met her since."""
    office = met(Office())
    office.work(take(office, redact()).case_id)
    deliver(office, ANA, ANAS[:1], "1009", office.now + timedelta(days=1))
    office.people.returned = {ANAS[0]}
    take(office, redact())
    assert any("1009" in key for key in office.archive.objects)


def test_the_echo_of_our_own_deletion_opens_no_second_erasure() -> None:
    """It is closed at once, and says why."""
    office = met(Office())
    case = take(office, redact())
    office.desk().go_on(office.cases.cases[case.case_id])
    key = kept(office, "echo", office.now + timedelta(minutes=1), under=ANAS[2])
    closed = take(office, echo(office.now + timedelta(minutes=1), key))
    assert (closed.state, closed.steps, closed.work) == ("done", (), None)
    assert "repeat" in str(closed.reason)
    assert (len(closed.about), key in office.archive.objects) == (1, False)
    assert office.work(case.case_id).state == "done"
    assert left_of(office) == []


@pytest.mark.parametrize("why", ["unmarked", "back", "store"])
def test_what_is_no_echo_is_worked_on(why: str) -> None:
    """Somebody deleted her in HubSpot first; or she is known again; or a store asks, who means it."""
    office = met(Office())
    if why != "unmarked":
        office.work(take(office, redact()).case_id)
    office.people.returned = {ANAS[2]} if why == "back" else set()
    later = office.now + timedelta(days=1)
    office.now = later + timedelta(hours=1)
    assert take(office, redact(later) if why == "store" else echo(later)).state == "open"


def test_a_request_after_the_mark_of_an_open_case_is_another() -> None:
    """She came back while the first one waits for a vendor, and asks again."""
    office = met(Office(klaviyo_live=False))
    first = take(office, redact())
    office.desk().go_on(first)
    office.now += timedelta(hours=1)
    second = take(office, redact(NOW + timedelta(minutes=30)))
    assert second.case_id != first.case_id
    assert take(office, redact(NOW + timedelta(minutes=30))).case_id == second.case_id
    assert take(office, redact()).case_id == first.case_id


def test_no_request_is_later_than_it_came() -> None:
    """A sender's clock may be ahead; the deadline counts from what is sure."""
    office = met(Office())
    case = take(office, redact(NOW + timedelta(days=3)))
    assert (case.requested_at, case.deadline) == (NOW, NOW + timedelta(days=30))


@pytest.mark.parametrize(("asked", "state"), [(timedelta(days=-1), "parked"), (timedelta(days=3), "done")])
def test_who_came_back_is_erased_again_only_by_a_later_request(asked: timedelta, state: str) -> None:
    """A late repeat must not take the new acquaintance; her own second wish must."""
    office = met(Office())
    office.work(take(office, redact()).case_id)
    returned = office.now + timedelta(days=1)
    office.people.profiles.append(set(ANAS[:2]))
    office.people.returned = set(ANAS[:2])
    deliver(office, ANA, ANAS[:1], "1009", returned)
    office.now = returned + timedelta(days=4)
    case = office.work(take(office, redact(returned + asked).model_copy(update={"request_id": "other"})).case_id)
    assert case.state == state
    assert (left_of(office) == []) is (state == "done")
    if state == "parked":
        assert "came back" in str(case.reason)
        office.change(case.case_id, state="open", reason=None, confirmed_at=office.now)
        assert office.work(case.case_id).state == "done"
