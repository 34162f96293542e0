"""erase, export and privacy: nothing happens by default, and the answers name nobody."""

from datetime import timedelta
from typing import Any

import pytest
from commerce_sync.identity.persons import address_of
from commerce_sync.operating.privacy import PrivacyCommands
from commerce_sync.privacy.counting import counted
from commerce_sync.privacy.waiting import ROW, case_of, due_now, is_about_privacy, owned, settled

from tests.fakes.privacy import NOW, Office
from tests.unit.privacy.people import CANARIES, CASE, asks, left_of, met


def commands(office: Office, woken: list[str]) -> PrivacyCommands:
    """The commands over the office."""
    return PrivacyCommands(
        office.cases,
        woken.append,
        address_of,
        lambda named: counted([named], office.people, office.traces),
        now=lambda: office.now,
        new_id=lambda: "made-1",
        deadline_days=30,
    )


def test_erase_counts_unless_told_otherwise() -> None:
    """A dry run writes nothing."""
    office, woken = met(Office()), list[str]()
    answer = commands(office, woken).erase({"address": "Ana@example.com", "by": "Olga", "why": "letter"})
    assert answer == {"would_erase": {"profiles": 1, "identifiers": 4, "deliveries": 2, "orders": 2}}
    assert (woken, office.cases.cases) == ([], {})


@pytest.mark.parametrize(
    "who",
    [{"address": "Ana@example.com"}, {"identifier": "shopify:us#770001"}, {"identifier": "email#ANA@Example.com"}],
)
def test_erase_makes_a_request_that_a_worker_keeps(who: dict[str, str]) -> None:
    """By whom and why stand in the proof; every store is named, since nobody asked it."""
    office, woken = met(Office()), list[str]()
    answer = commands(office, woken).erase({**who, "by": "Olga", "why": "letter of May", "dry_run": False})
    case = office.work(answer["request_id"])
    assert (woken, case.state, case.by, case.why) == (["made-1"], "done", "Olga", "letter of May")
    assert (left_of(office), case.ask_by_hand) == ([], ("shopify:us",))


@pytest.mark.parametrize(
    "arguments",
    [
        {"address": "nonsense", "by": "Olga", "why": "x"},
        {"identifier": "nonsense", "by": "Olga", "why": "x"},
        {"address": "ana@example.com", "by": "Olga", "why": "ana@example.com wrote", "dry_run": False},
        {"request_id": "unknown", "confirm": True},
        {"request_id": CASE},
        {"request_id": CASE, "done_by_hand": ["shopify"]},
        {"request_id": CASE, "done_by_hand": "klaviyo"},
        {"request_id": CASE, "confirm": "yes", "by": "Olga"},
        {"request_id": CASE, "confirm": 1},
        {"request_id": 7, "confirm": True},
        {"address": "ana@example.com", "by": "Olga", "why": "x", "dry_run": None},
        {"address": "ana@example.com", "by": "Olga", "why": "x", "dry_run": 0},
        {"address": "ana@example.com", "by": "Olga", "why": "x", "dry_run": "false"},
        {"address": "ana@example.com", "by": "Olga", "why": {"a": "b"}, "dry_run": False},
        {"address": "ana@example.com", "by": "", "why": "x", "dry_run": False},
        {"address": 7, "by": "Olga", "why": "x", "dry_run": False},
        {"address": "ana@example.com", "identifier": "shopify:us#770001", "by": "Olga", "why": "x", "dry_run": False},
        {"identifier": "email#not an address", "by": "Olga", "why": "x", "dry_run": False},
        {"identifier": "phone#ana@example.com", "by": "Olga", "why": "x", "dry_run": False},
        {"identifier": "shopify:us#42", "by": "Olga", "why": "x", "dry_run": False},
        {"address": "anna@example.com", "by": "Olga", "why": "x", "dry_run": False, "unknown": "yes"},
    ],
)
def test_erase_refuses_what_it_cannot_do(arguments: dict[str, Any]) -> None:
    """Nothing is written, nobody woken."""
    office, woken = met(Office()), list[str]()
    asks(office)
    with pytest.raises((ValueError, TypeError), match=r"\w"):
        commands(office, woken).erase(arguments)
    assert (woken, list(office.cases.cases)) == ([], [CASE])


def test_somebody_unknown_is_marked_only_where_that_is_meant() -> None:
    """A slip of the pen must not look like an erasure; a vendor may know whom we do not."""
    office, woken = met(Office()), list[str]()
    office.hubspot.contacts["903"] = "anna@example.com"
    ask = {"address": "anna@example.com", "by": "Olga", "why": "letter"}
    assert commands(office, woken).erase(ask)["would_erase"]["profiles"] == 0
    with pytest.raises(ValueError, match="nobody is known"):
        commands(office, woken).erase({**ask, "dry_run": False})
    with pytest.raises(ValueError, match="nobody is known"):
        commands(office, woken).export({"address": "anna@example.com", "by": "Olga"})
    answer = commands(office, woken).erase({**ask, "dry_run": False, "unknown": True})
    assert office.work(answer["request_id"]).state == "done"
    assert (("email", "anna@example.com") in office.people.marks, "903" in office.hubspot.contacts) == (True, False)


def test_export_asks_and_privacy_says_where_it_lies() -> None:
    """Ready, with its deadline; whom it is about stays in the export."""
    office, woken = met(Office()), list[str]()
    desk = commands(office, woken)
    office.work(desk.export({"address": "ana@example.com", "by": "Olga"})["request_id"])
    told = desk.privacy({"request_id": "made-1"})
    assert (told["state"], told["result"]) == ("ready", "exports/made-1.json")
    assert told["deadline"].startswith("2026-12-21")
    assert not [canary for canary in CANARIES if canary in str(desk.privacy({}))]


def test_a_parked_shop_goes_on_when_it_is_confirmed() -> None:
    """The word and its time stand in the proof."""
    office, woken = met(Office()), list[str]()
    asks(office, "erase_store", person=None, orders=())
    commands(office, woken).erase({"request_id": CASE, "confirm": True, "by": "Olga"})
    case = office.work(CASE)
    assert (woken, case.state, case.confirmed_by) == ([CASE], "done", "Olga")


def test_what_was_done_by_hand_stands_in_the_proof() -> None:
    """Klaviyo was never live, and the request ends all the same."""
    office, woken = met(Office(klaviyo_live=False)), list[str]()
    asks(office)
    desk = commands(office, woken)
    office.work(CASE, rounds=3)
    assert desk.privacy({})["requests"][0]["waits"] == {"klaviyo": "klaviyo is not live"}
    desk.erase({"request_id": CASE, "done_by_hand": ["klaviyo"], "by": "Olga"})
    case = office.work(CASE)
    by_hand = {step.step for step in case.steps if step.by_hand == "Olga"}
    assert (case.state, by_hand) == ("done", {"klaviyo", "check_klaviyo"})
    with pytest.raises(ValueError, match="finished"):
        desk.erase({"request_id": CASE, "confirm": True})


def test_a_late_request_is_overdue_and_stands_first() -> None:
    """Thirty days, unless counsel says otherwise."""
    office = met(Office(klaviyo_live=False))
    asks(office)
    desk = commands(office, [])
    assert not desk.privacy({"request_id": CASE})["overdue"]
    office.now += timedelta(days=31)
    assert desk.privacy({})["requests"][0]["overdue"]


def test_a_request_that_waits_is_a_due_row_that_never_runs_out_of_tries() -> None:
    """Waiting for a vendor to go live is not failing."""
    promise = owned(CASE, NOW, "worker", NOW + timedelta(seconds=360))
    later = settled(promise, NOW + timedelta(hours=1))
    assert (later.status, later.claim, later.attempts) == ("pending", None, 0)
    assert settled(promise, None).status == "delivered"
    assert (case_of(due_now(CASE, NOW)), promise.row) == (CASE, ROW)
    from commerce_sync.contracts import DueRow  # noqa: PLC0415 # beside its one use

    assert is_about_privacy(DueRow(subject=promise.subject, row=promise.row, claim="c"))
