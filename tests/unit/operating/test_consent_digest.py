"""The daily digest, and addresses behind a mask."""

from datetime import timedelta

import pytest
from commerce_sync.contracts.consent import Address
from commerce_sync.operating.consent_digest import digest
from commerce_sync.operating.masking import masked

from tests.fakes.consent_office import BO, Office
from tests.fakes.consent_operator import MemoryWaiters
from tests.fakes.consent_world import START, record


def held_since(office: Office, *days: float) -> None:
    """Somebody held since each of these days ago."""
    for day in days:
        address: Address = ("email", f"day{day}@example.com")
        office.hear(address, record(f"h{day}", "info", START - timedelta(days=day), address, action="hold"))


def test_what_waits_is_counted_by_age_and_nobody_is_named() -> None:
    """Numbers and destinations only."""
    office = Office()
    held_since(office, 0, 0.5, 2, 6, 8, 30)
    office.hear(BO, record("ticked", "strong_in", START - timedelta(days=3), BO, method="checkout"))
    office.world.is_braked = True
    imported: Address = ("email", "imported@example.com")
    office.hear(imported, record("import", "pref_out", START, imported, actor="system", source="import:legacy"))
    found = digest(MemoryWaiters(office.world.ledger, office.world.clock), office.rows, START)

    assert found.waiting["hold"] == {"over a week": 2, "over a day": 2, "new": 2}
    assert found.oldest_days == {"hold": 30, "pending": 3}
    assert found.stuck["braked"] == {"klaviyo": 1, "hubspot": 1, "shopify:us": 1}
    assert found.subject() == "Consent: 9 wait for a person"
    assert "the oldest waits 30 days" in found.text()
    assert "@" not in found.text()


def test_a_day_on_which_nothing_waits_has_nothing_to_tell() -> None:
    """It is said so where it is asked for."""
    office = Office()
    found = digest(MemoryWaiters(office.world.ledger, office.world.clock), office.rows, START)
    assert found.is_empty
    assert found.subject() == "Consent: nothing waits for a person"


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("ana@example.com", "a***@e***.com"),
        ("a@b.co.uk", "a***@b***.uk"),
        ("ana@localhost", "a***@l***"),
        ("+12025550101", "+1*****0101"),
        ("+49301234", "+4*****1234"),
        ("+4930123", "+4*****"),
        ("shopify:us#42", "***"),
    ],
)
def test_an_address_behind_a_mask_can_be_told_from_another_and_not_written_to(value: str, seen: str) -> None:
    """Both kinds."""
    assert masked(value) == seen
