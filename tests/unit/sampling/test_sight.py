"""What was read of one address becomes what is known of each field: what is due, what moved, what could not be read."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from commerce_sync.composing.sample_facts import NOT_SHOWN, Finder, Sight
from commerce_sync.contracts import Promise
from commerce_sync.contracts.fields import FieldLine
from commerce_sync.contracts.samples import Code
from commerce_sync.contracts.told import Told
from commerce_sync.profiles.looks import A_VALUE_ENDS, CONTACT, OBSERVED
from commerce_sync.profiles.standing import at_hubspot, at_klaviyo

NOW = datetime(2026, 11, 29, 9, 47, tzinfo=UTC)
STAGE = FieldLine("hubspot", "lifecyclestage", "klaviyo", "stage", clear=True)
OPEN_DEAL = FieldLine("hubspot", "deals.has_open", "klaviyo", "open_deal", "boolean")
TIER = FieldLine("bundle", "loyalty_tier", "klaviyo", "tier", clear=True)
LONG_AGO = "2026-11-01T00:00:00Z"


def profile(**values: object) -> Finder:
    """A profile that has these."""
    return lambda line: at_klaviyo(line, values)


def sight(**more: Any) -> Sight:
    """Ada at Klaviyo, of whom all was told; but for what is said otherwise."""
    told = Told({"stage": "lead", "open_deal": "false", "tier": "gold"}, revision=3)
    usual: dict[str, Any] = {
        "email": "ada@example.com",
        "contact_id": "501",
        "to": "klaviyo",
        "is_live": True,
        "now": NOW,
        "wanted": dict(told.values),
        "before": told,
        "after": told,
        "finder": profile(stage="lead", open_deal=False, tier="gold"),
        "known": {"lifecyclestage": "lead", "deals.has_open": "false", "lastmodifieddate": LONG_AGO},
    }
    return Sight(**usual | more)


def looks(kind: str, status: str = "waiting", **more: Any) -> Mapping[str, list[Promise]]:
    """One look of a source."""
    return {kind: [Promise("subject", "row", status, NOW, **more)]}  # type: ignore[arg-type] # a status by its text


def test_who_was_told_all_is_alike() -> None:
    """Also what is no text."""
    assert {sight().compare(line).code for line in (STAGE, OPEN_DEAL, TIER)} == {"equal"}


def test_a_telling_in_between_is_no_edit() -> None:
    """What stood there was read while somebody told it."""
    there = profile(stage="customer")
    assert sight(finder=there).compare(STAGE).code == "changed_at_destination"
    assert sight(finder=there, after=Told({"stage": "customer"}, revision=4)).compare(STAGE).code == "waiting"


@pytest.mark.parametrize(
    ("look", "code"),
    [
        (looks(OBSERVED, due_at=NOW + timedelta(days=9), reason=A_VALUE_ENDS), "missed"),
        (looks(OBSERVED, due_at=NOW - timedelta(seconds=1), reason=A_VALUE_ENDS), "waiting"),
        (looks(OBSERVED, due_at=NOW + timedelta(days=9), reason="klaviyo 503"), "waiting"),
        (looks(OBSERVED, "delivered"), "missed"),
        (looks(CONTACT, due_at=NOW), "missed"),
    ],
)
def test_only_a_look_that_will_tell_explains_a_difference(look: Mapping[str, list[Promise]], code: Code) -> None:
    """That a value ends some day does not, nor does a look of another source."""
    assert sight(wanted={"tier": "platinum"}, looks=look).compare(TIER).code == code


def test_only_a_contacts_own_property_has_a_time_of_its_change() -> None:
    """What stands beside it changes without it."""
    changed = sight(wanted={"stage": "customer", "open_deal": "true"})
    assert (changed.compare(STAGE).code, changed.compare(OPEN_DEAL).code) == ("missed", "changed_at_owner")
    recent = {"lifecyclestage": "customer", "lastmodifieddate": "2026-11-29T09:40:00Z"}
    assert sight(wanted={"stage": "customer"}, known=recent).compare(STAGE).code == "changed_at_owner"


def test_what_cannot_be_read_says_why() -> None:
    """A property that is not there, a source that must wait; and a text that is no value."""
    unshown = sight(wanted={}, known={}).compare(STAGE)
    assert (unshown.code, unshown.words) == ("not_read", NOT_SHOWN)
    held = sight(wanted={}, held={OBSERVED: "an order without a rate"}).compare(TIER)
    assert (held.code, held.words) == ("not_read", "an order without a rate")
    unreadable = sight(wanted={}, misread=("lifecyclestage",), known={"lifecyclestage": "??"}).compare(STAGE)
    assert (unreadable.code, unreadable.owner) == ("unreadable", "??")


def test_who_may_have_no_profile_or_no_contact_is_said() -> None:
    """Of the contact's own fields; what others say of them is compared."""
    unselected, nobody = sight(wanted={}, known=None), sight(wanted={"tier": "gold"}, contact_id=None, known=None)
    assert (unselected.compare(STAGE).code, nobody.compare(STAGE).code) == ("not_selected", "no_contact")
    assert nobody.compare(TIER).code == "equal"


def test_the_vendors_words_stand_beside_what_was_refused() -> None:
    """And what is waited for beside what waits."""
    refused = Told({"stage": "lead"}, {"stage": "customer"}, "klaviyo 400 invalid", revision=4)
    parked = sight(wanted={"stage": "customer"}, before=refused, after=refused).compare(STAGE)
    assert (parked.code, parked.words) == ("parked", "klaviyo 400 invalid")
    waiting = sight(wanted={"stage": "customer"}, looks=looks(CONTACT, reason="klaviyo 503")).compare(STAGE)
    assert (waiting.code, waiting.words) == ("waiting", "klaviyo 503")


def test_a_lifecycle_stage_that_would_go_back_is_kept() -> None:
    """Forward it was missed, as any field."""
    line = FieldLine("store", "orders.lifecycle", "hubspot", "lifecyclestage")
    told = Told({"lifecyclestage": "lead"}, revision=1)
    at = {"to": "hubspot", "before": told, "after": told, "wanted": {"lifecyclestage": "customer"}}
    there: Finder = lambda line: at_hubspot(line, {"lifecyclestage": "evangelist"})  # noqa: E731 # a value of the test
    assert sight(**at, finder=there, may_move=lambda _made, _there: False).compare(line).code == "kept_by_rule"
    assert sight(**at, finder=there, may_move=lambda _made, _there: True).compare(line).code == "missed"
