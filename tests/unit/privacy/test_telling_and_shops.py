"""Exports for people who ask what is known, and the end of a shop."""

import json
from datetime import timedelta

from commerce_sync.contracts import PrivacyRequest
from commerce_sync.privacy.counting import counted
from commerce_sync.privacy.opening import case_for, opened

from tests.fakes.order_book import CrashedError, Crasher
from tests.fakes.privacy import NOW, Office
from tests.unit.privacy.people import ANA, ANAS, CANARIES, CASE, archived, asks, left_of, met, noted

KEY = f"exports/{CASE}.json"


def test_an_export_holds_everything_and_waits_to_be_sent() -> None:
    """Each place is asked, vendors included, and the case says where it lies."""
    office = met(Office())
    asks(office, "access")
    case = office.work(CASE)
    assert (case.state, case.result, case.work) == ("ready", KEY, None)
    export = json.loads(str(office.archive.objects[KEY]))
    assert {one["subject"] for one in export["orders"]} == {"shopify:us:1001", "shopify:us:c1001:started_checkout"}
    assert [one["id"] for one in export["hubspot"]] == ["501501"]
    assert [one["id"] for one in export["klaviyo"]] == ["01ANAKLAVIYO"]
    assert [one["envelope_id"] for one in export["deliveries"]] == ["malformed", "1001"]
    assert export["deliveries_left_out"] == []
    assert export["last_told"] == [{"email": "ana@example.com", "digest": "d1"}]
    assert "ben@example.com" not in str(office.archive.objects[KEY])
    assert not [canary for canary in CANARIES if canary in case.model_dump_json()]


def test_a_vendor_that_is_not_live_is_named_in_the_export() -> None:
    """Whoever sends it knows what to add."""
    office = met(Office(klaviyo_live=False))
    asks(office, "access")
    office.work(CASE)
    assert json.loads(str(office.archive.objects[KEY]))["klaviyo"] == "not live: ask Klaviyo"


def test_the_erasure_of_a_person_deletes_their_exports() -> None:
    """An export is traced like a delivery."""
    office = met(Office())
    asks(office, "access")
    office.work(CASE)
    office.cases.cases.clear()
    asks(office)
    office.work(CASE)
    assert (KEY in office.archive.objects, left_of(office)) == (False, [])


def test_a_shop_is_erased_by_an_operators_word_alone() -> None:
    """An uninstall by mistake must not erase a shop."""
    office = met(Office())
    asks(office, "erase_store", person=None, orders=())
    case = office.work(CASE)
    assert (case.state, "confirm" in str(case.reason), len(office.archive.objects)) == ("parked", True, 4)
    assert office.book.pages["shopify:us:1001"].order.buyer == ANA


def test_a_confirmed_shop_is_forgotten_in_pieces_and_other_stores_are_not() -> None:
    """Deliveries, orders and records of the shop; who is known elsewhere stays known there."""
    for crash_at in range(-1, 60, 3):
        office = met(Office())
        other = archived(office, "kept", NOW, "{}").replace("shopify/us", "own/wholesale")
        office.archive.objects[other] = office.archive.objects.pop(other.replace("own/wholesale", "shopify/us"))
        seen = archived(office, "seen", NOW, "{}").replace("shopify/us", "web/us")
        office.archive.objects[seen] = office.archive.objects.pop(seen.replace("web/us", "shopify/us"))
        asks(office, "erase_store", person=None, orders=())
        office.change(CASE, state="open", reason=None, confirmed_at=NOW)
        office.quarantine.entries.append(noted("archive/shopify/eu/x", "e7", "eu"))
        office.may_go_on = lambda: False
        office.crash = Crasher(crash_at) if crash_at >= 0 else office.crash
        try:
            office.work(CASE, rounds=200)
        except CrashedError:
            office.crash = lambda _: None
        case = office.work(CASE, rounds=200)
        orders = {page.order.buyer for page in office.book.pages.values()}
        assert (case.state, orders, other in office.archive.objects) == ("done", {None}, True), crash_at
        assert not [key for key in office.archive.objects if key.startswith(("archive/shopify/us/", "archive/web/us/"))]
        profiles = [one for profile in office.people.profiles for one in profile]
        assert {kind for kind, _ in profiles} == {"email", "hubspot:main", "klaviyo", "own:wholesale"}
        assert case.ask_by_hand == ("hubspot", "klaviyo")
        assert [entry["envelope_id"] for entry in office.quarantine.entries] == ["e7"], crash_at


def test_the_same_request_again_finds_its_case_and_a_later_one_is_another() -> None:
    """A replay changes nothing; a person who came back may ask again."""
    office = met(Office())
    asks(office)
    office.work(CASE)
    request = PrivacyRequest(
        schema_version=1, request_id="r", kind="erase", source="shopify", store="us", requested_at=NOW, person=ANA
    )

    def found(request: PrivacyRequest) -> str:
        return case_for(
            request, [CASE], office.cases.find, lambda name: office.cases.put(opened(request, ANAS, name, NOW, 30))
        ).case_id

    later = request.model_copy(update={"requested_at": office.now + timedelta(days=1)})
    assert found(request) == CASE
    assert found(later) == found(later) != CASE
    assert len(office.cases.cases) == 2


def test_counting_changes_nothing() -> None:
    """What an operator sees before deciding."""
    office = met(Office())
    assert counted(ANAS[:1], office.people, office.traces) == {
        "profiles": 1,
        "identifiers": 4,
        "deliveries": 2,
        "orders": 2,
    }
    assert left_of(office, ("ben@example.com",)) != []
