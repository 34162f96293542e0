"""A bulk import that Klaviyo takes up after a deletion makes the profile anew: so the erasure waits for it."""

from datetime import timedelta

from tests.fakes.privacy import NOW, Office
from tests.unit.privacy.people import CASE, asks, left_of, met

ADDRESS = "ana@example.com"


def test_a_profile_that_an_import_makes_late_is_found() -> None:
    """The case stays open while nobody knows how the import ended, and then looks once more."""
    office = met(Office())
    office.confirmed.imported = {ADDRESS}
    asks(office)
    case = office.work(CASE, rounds=30)
    assert (case.state, case.waits["confirmed"]) == ("waiting", "klaviyo may not have finished an import yet")
    assert office.now - NOW > timedelta(hours=1)
    office.klaviyo.profiles["01LATE"] = {"email": ADDRESS}
    office.confirmed.imported = set()
    assert (office.work(CASE).state, left_of(office)) == ("done", [])


def test_an_import_that_begins_after_the_mark_is_waited_for_by_the_check() -> None:
    """A worker sat between a look and its write."""
    office = met(Office())
    asks(office)
    office.desk().go_on(office.cases.cases[CASE])
    office.confirmed.imported = {ADDRESS}
    case = office.work(CASE, rounds=10)
    assert case.waits["check_klaviyo"] == "check_confirmed comes first"
    office.klaviyo.profiles["01LATE"] = {"email": ADDRESS}
    office.confirmed.imported = set()
    assert (office.work(CASE).state, left_of(office)) == ("done", [])


def test_an_import_that_never_ends_holds_up_nothing_for_much_more_than_a_day() -> None:
    """By then profile_sync has given it up."""
    office = met(Office())
    office.confirmed.imported = {ADDRESS}
    asks(office)
    case = office.work(CASE, rounds=400)
    assert (case.state, left_of(office)) == ("done", [])
    assert timedelta(hours=25) <= office.now - NOW < timedelta(hours=26)
