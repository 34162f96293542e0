"""Vendors' records become entries: identifiers as keyed hashes, refusals as the vendor tells them."""

from typing import Any

import pytest
from commerce_sync.duplicates.entries import Marking
from commerce_sync.duplicates.hubspot import contact_entry
from commerce_sync.duplicates.klaviyo import profile_entry
from commerce_sync.identity import normalize_country, normalize_email, normalize_phone
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.identity.policy import Policy

KEYS = IdentifierKeys({"current": "1", "1": "pepper"})
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


def permission(consent: str, **more: Any) -> dict[str, Any]:
    """A permission as Klaviyo shows it."""
    return {"consent": consent, **more}


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


@pytest.mark.parametrize(
    ("properties", "refused"),
    [
        ({}, ""),
        ({"hs_email_optout": "false", "hs_email_optout_77": "false"}, ""),
        ({"hs_email_optout": "true", "hs_email_optout_77": "true"}, "77,all"),
        ({"hs_email_optout_77": "true"}, "77"),
    ],
)
def test_what_a_contact_refused_is_named(properties: dict[str, str], refused: str) -> None:
    """All mail, or single subscriptions."""
    assert contact_entry(contact(**properties), MARKING).opt_outs == refused


def test_refusals_that_were_not_read_are_unknown() -> None:
    """Silence is no permission."""
    assert contact_entry({"id": "1", "properties": {"email": "ana@example.com"}}, MARKING).opt_outs is None
    assert profile_entry(profile(email="ana@example.com"), MARKING).opt_outs is None


@pytest.mark.parametrize(
    ("subscriptions", "refused"),
    [
        ({"email": {"marketing": permission("SUBSCRIBED")}, "sms": {"marketing": permission("NEVER_SUBSCRIBED")}}, ""),
        ({"email": {"marketing": permission("UNSUBSCRIBED")}}, "email.marketing:UNSUBSCRIBED"),
        ({"sms": {"marketing": permission("HELD")}}, "sms.marketing:HELD"),
        (
            {
                "email": {
                    "marketing": permission(
                        "SUBSCRIBED",
                        can_receive_email_marketing=False,
                        suppression=[{"reason": "HARD_BOUNCE"}],
                        list_suppressions=[{"list_id": "L1", "reason": "UNSUBSCRIBE"}],
                    )
                }
            },
            "email.marketing:HARD_BOUNCE,email.marketing:L1/UNSUBSCRIBE,email.marketing:suppressed",
        ),
    ],
)
def test_what_a_profile_refused_is_named(subscriptions: dict[str, Any], refused: str) -> None:
    """Every channel and purpose, suppressions too; a consent we have no word for is a refusal."""
    assert profile_entry(profile(subscriptions=subscriptions), MARKING).opt_outs == refused
