"""At the vendors only the person's own records go, and nobody is asked more often than needed."""

from datetime import timedelta

import pytest
from commerce_sync.contracts.privacy import StepDone

from tests.fakes.privacy import NOW, Office
from tests.unit.privacy.people import ANA, ANAS, CASE, archived, asks, left_of, met


def counts(office: Office, step: str) -> dict[str, int]:
    """What the proof says of a step."""
    return next(one.counts for one in office.cases.cases[CASE].steps if one.step == step)


@pytest.mark.parametrize("merged", [False, True])
def test_a_contact_that_is_also_somebody_elses_is_left_and_an_operator_asked(merged: bool) -> None:  # noqa: FBT001 # a case
    """Staff merged Ana into Ben's contact: her id, or her address, leads to him."""
    office = met(Office())
    if merged:
        office.hubspot.merged["501501"] = "502"
    office.hubspot.contacts = {"502": "ben@example.com;ana@example.com"}
    asks(office)
    case = office.work(CASE)
    assert case.state == "parked"
    assert "check_hubspot: hubspot contact 502" in str(case.reason)
    assert "@" not in str(case.reason)
    assert office.hubspot.contacts == {"502": "ben@example.com;ana@example.com"}
    assert counts(office, "hubspot")["contacts_not_theirs"] == 1
    assert case.has_done("check_klaviyo")

    office.hubspot.contacts = {"502": "ben@example.com"}
    office.hubspot.merged = {}
    office.change(CASE, state="open", reason=None, confirmed_at=office.now)
    case = office.work(CASE)
    assert (case.state, left_of(office), office.hubspot.contacts) == ("done", [], {"502": "ben@example.com"})


def test_a_profile_that_became_somebody_elses_is_left_and_an_operator_asked() -> None:
    """Its address was changed in Klaviyo."""
    office = met(Office())
    office.klaviyo.profiles["01ANAKLAVIYO"] = {"email": "ben2@example.com"}
    asks(office)
    case = office.work(CASE)
    assert (case.state, "klaviyo profile 01ANAKLAVIYO" in str(case.reason)) == ("parked", True)
    assert "01ANAKLAVIYO" in office.klaviyo.profiles
    assert counts(office, "klaviyo")["profiles_not_theirs"] == 1


def test_an_address_in_another_spelling_is_still_theirs() -> None:
    """HubSpot keeps what it was given; our addresses are in their normal form."""
    office = met(Office())
    office.hubspot.contacts = {"501501": "Ana@Example.com"}
    asks(office)
    assert (office.work(CASE).state, office.hubspot.contacts) == ("done", {})


def test_phones_that_are_left_out_stand_in_the_proof_and_so_do_counts_of_nothing() -> None:
    """What was not done is told like what was."""
    office = met(Office())
    office.people.profiles[0].add(("phone", "+12025550111"))
    asks(office)
    office.work(CASE)
    assert counts(office, "klaviyo") == {"deletions_asked": 2, "phones_shared": 1, "profiles_not_theirs": 0}
    assert counts(office, "check_hubspot") == {"contacts_left": 0}
    assert counts(office, "check_archive") == {"versions": 0}


def test_while_a_deletion_takes_its_time_the_vendor_is_only_read() -> None:
    """Every fifteen minutes a look, once a day a new request."""
    office = met(Office())
    office.klaviyo.lag = 10_000
    office.hubspot.keeps = True
    asks(office)
    office.desk().go_on(office.cases.cases[CASE])
    asked = (office.klaviyo.calls, office.hubspot.calls)
    while office.now < NOW + timedelta(hours=71):
        case, due_at = office.desk().go_on(office.cases.cases[CASE])
        assert due_at, case.reason
        office.now = due_at
    assert office.klaviyo.calls == asked[0] + 2
    assert office.hubspot.calls == asked[1] + 2


def test_a_record_that_a_late_write_made_is_deleted_at_once() -> None:
    """It was never asked for."""
    office = met(Office())
    asks(office)
    _, due_at = office.desk().go_on(office.cases.cases[CASE])
    office.klaviyo.profiles["01LATE"] = {"email": "ana@example.com"}
    office.now = due_at or NOW
    office.desk().go_on(office.cases.cases[CASE])
    assert "01LATE" in office.klaviyo.deleting


def test_contacts_in_hubspots_archive_are_deleted_or_told() -> None:
    """Nothing else shows them, and they can be restored for 90 days."""
    office = met(Office())
    office.hubspot.contacts.pop("501501")
    office.hubspot.bin["501501"] = "ana@example.com"
    asks(office)
    case = office.work(CASE)
    assert counts(office, "hubspot")["contacts_in_archive"] == 1
    assert any("HubSpot" in line for line in case.stays)


def test_a_contact_that_only_an_address_leads_to_is_marked_before_it_is_deleted() -> None:
    """HubSpot tells of its end by its id alone."""
    office = met(Office())
    office.hubspot.contacts = {"777": "ana@example.com"}
    asks(office)
    office.work(CASE)
    assert ("hubspot:main", "777") in office.people.marks
    assert "keyed" in office.cases.cases[CASE].about[-1]


def test_a_vendors_records_of_who_came_back_are_left_and_the_others_are_not() -> None:
    """By identifier: an old address that nobody has used since goes all the same."""
    office = met(Office())
    office.people.profiles[0].add(("email", "ana.old@example.com"))
    asks(office)
    office.desk().go_on(office.cases.cases[CASE])
    office.people.returned = {ANAS[0]}
    office.hubspot.contacts |= {"900": "ana@example.com", "901": "ana.old@example.com"}
    office.klaviyo.profiles |= {"01N": {"email": "ana@example.com"}, "01O": {"email": "ana.old@example.com"}}
    case = office.work(CASE)
    assert case.state == "done"
    assert set(office.hubspot.contacts) == {"502", "900"}
    assert set(office.klaviyo.profiles) == {"01BEN", "01N"}
    assert counts(office, "check_hubspot") == {"contacts_left": 0, "came_back": 1}


def test_what_arrives_after_the_mark_about_nobody_new_goes_too() -> None:
    """HubSpot's echo of our deletion and somebody's edit there are no acquaintance."""
    office = met(Office())
    asks(office)
    office.desk().go_on(office.cases.cases[CASE])
    echo = archived(office, "echo", NOW + timedelta(minutes=2), '[{"objectId":501501}]')
    office.traces.note([(ANAS[2], f"archive#{echo}", None)])
    office.klaviyo.profiles["01LATE"] = {"email": "ana@example.com"}
    assert (office.work(CASE).state, left_of(office)) == ("done", [])
    assert echo not in office.archive.objects
    assert str(ANA.email) not in str(office.klaviyo.profiles)


def test_what_was_done_by_hand_neither_begins_nor_ends_a_wait() -> None:
    """The check waits for what the workers did."""
    office = met(Office(klaviyo_live=False))
    asks(office)
    case, _ = office.desk().go_on(office.cases.cases[CASE])
    done = (StepDone(step=name, at=NOW, by_hand="Olga") for name in ("klaviyo", "check_klaviyo"))
    office.change(CASE, steps=(*case.steps, *done), state="open", waits={})
    case, due_at = office.desk().go_on(office.cases.cases[CASE])
    assert (due_at, case.has_done("check_archive")) == (NOW + timedelta(seconds=900), False)
    late = StepDone(step="check_klaviyo", at=NOW + timedelta(hours=5), by_hand="Olga")
    office.change(CASE, steps=(*case.steps, late))
    assert office.desk().go_on(office.cases.cases[CASE])[1] == due_at
