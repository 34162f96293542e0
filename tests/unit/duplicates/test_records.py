"""Vendors' records become entries: identifiers as keyed hashes, refusals as the vendor tells them."""

from typing import Any

from commerce_sync.duplicates.entries import Marking
from commerce_sync.duplicates.hubspot import contact_entry
from commerce_sync.duplicates.klaviyo import profile_entry
from commerce_sync.identity import normalize_country, normalize_email, normalize_phone
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.identity.policy import Policy

KEYS = IdentifierKeys({"current": "1", "1": "pepper-for-tests"})
MARKING = Marking(
    normalize_email,
    normalize_phone,
    normalize_country,
    KEYS.key,
    Policy(role_local_parts=frozenset({"info"})).is_role,
    ("US",),
)


def contact(**properties: str | None) -> dict[str, Any]:
    """A contact as HubSpot shows it."""
    told = {"hs_email_optout": None, **properties}
    return {"id": "501", "createdAt": "2026-01-01T00:00:00Z", "properties": told}


def profile(**attributes: Any) -> dict[str, Any]:
    """A profile as Klaviyo shows it."""
    return {"id": "01GDDK", "attributes": {"created": "2026-01-01T00:00:00+00:00", **attributes}}


def test_one_person_has_the_same_marks_in_any_spelling() -> None:
    """Normalised as identity does it."""
    one = contact_entry(contact(email="Ana@Example.com", phone="(212) 555-0123"), MARKING)
    other = contact_entry(
        contact(hs_additional_emails="x@example.com;ana@example.com", mobilephone="+1 212 555 0123"), MARKING
    )
    assert set(one.marks) < set(other.marks)
    assert len(one.marks) == 2


def test_an_entry_holds_no_address() -> None:
    """Ids and keyed hashes only."""
    line = contact_entry(contact(email="ana@example.com", phone="+12125550123", country="US"), MARKING).line()
    assert "ana" not in line
    assert "5550123" not in line


def test_a_records_own_country_comes_before_the_accounts() -> None:
    """A number without a country is read as its owner would dial it."""
    national = contact_entry(contact(phone="030 23125000", country="Germany"), MARKING)
    assert national.marks == profile_entry(profile(phone_number="+493023125000"), MARKING).marks


def test_a_teams_address_is_marked_as_one() -> None:
    """It is nobody's own."""
    (mark,) = contact_entry(contact(email="info@example.com"), MARKING).marks
    assert mark.startswith("role:")


def test_an_address_that_is_none_counts_as_an_address_all_the_same() -> None:
    """What we cannot read may still be somebody's."""
    entry = contact_entry(contact(email="not an address"), MARKING)
    assert (entry.has_email, entry.marks) == (True, ())


def test_refusals_that_were_not_read_are_unknown() -> None:
    """Silence is no permission."""
    assert contact_entry({"id": "1", "properties": {"email": "ana@example.com"}}, MARKING).opt_outs is None
    assert contact_entry(contact(email="ana@example.com"), MARKING, ["do_not_mail"]).opt_outs is None
    assert profile_entry(profile(email="ana@example.com"), MARKING).opt_outs is None


def test_what_staff_noted_stands_in_an_entry_by_its_hash() -> None:
    """A property of the account's own may hold anything, also somebody's address."""
    noted = contact(do_not_mail="she called from +1 212 555 0123")
    entry = contact_entry(noted, MARKING, ["do_not_mail"])
    assert (entry.opt_outs or "").startswith("do_not_mail:1#")
    assert "555" not in entry.line()
