"""An event whose address Klaviyo takes for none keeps no other opt-out from being heard."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from commerce_sync.composing.polling_klaviyo import MetricSource
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.errors import PausedError, RefusedByVendorError
from commerce_sync.polling.cursors import Sighting
from commerce_sync.vendors.klaviyo.polling import MetricEvent
from commerce_sync.vendors.klaviyo.subscriptions import Subscription

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
OLD = "(202) 555-0130"
LIST = "VIP001"


class Profiles:
    """Subscriptions, as strict as Klaviyo may be: one odd address in a filter, and it answers nothing."""

    def __init__(self, odd: str) -> None:
        self.odd = odd
        self.refusal: Exception = RefusedByVendorError("klaviyo", 400, "invalid")
        self.calls = 0

    def subscriptions(self, addresses: Iterable[str], _channel: str) -> dict[str, Subscription]:
        """By address."""
        self.calls += 1
        if self.odd in (asked := list(addresses)):
            raise self.refusal
        return {one: _shown(one) for one in asked}

    def of_profiles(self, profile_ids: Iterable[str], _channel: str) -> dict[str, Subscription]:
        """By the addresses that they have."""
        return {one.removeprefix("01"): _shown(one) for one in profile_ids}


def _shown(address: str) -> Subscription:
    return Subscription(
        profile_id=f"01{address}", consent="SUBSCRIBED", list_suppressions=((LIST, "UNSUBSCRIBE", NOW),)
    )


def _source(profiles: Profiles, said: list[ConsentStatement]) -> MetricSource:
    unused: Any = None
    return MetricSource(
        name="klaviyo#M1",
        metric="Unsubscribed from List",
        metric_id="M1",
        rule=unused,
        polling=unused,
        subscriptions=cast("Any", profiles),
        list_named=lambda name: name,
        tell=said.extend,
    )


def _events(*emails: str) -> list[Sighting]:
    told = (MetricEvent(f"e{at}", NOW, f"01{email}", email, "", {"list_id": LIST}) for at, email in enumerate(emails))
    return [Sighting(one.event_id, NOW, one) for one in told]


def test_everybody_is_heard_and_the_odd_one_by_its_profile() -> None:
    """Also what its profile shows."""
    said: list[ConsentStatement] = []
    emails = [f"p{one}@example.com" for one in range(20)]
    _source(Profiles(OLD), said).say(_events(*emails, OLD))
    shown = {one.address for one in said if one.method != "preference_page"}
    assert shown == {*emails, OLD}


def test_where_nobody_is_odd_it_is_one_call() -> None:
    """As many as before."""
    profiles = Profiles(OLD)
    _source(profiles, []).say(_events("ana@example.com", "bo@example.com"))
    assert profiles.calls == 1


@pytest.mark.parametrize(
    "refusal", [PausedError("klaviyo", retry_after=5.0), RefusedByVendorError("klaviyo", 403, "forbidden")]
)
def test_what_is_nobodys_fault_is_raised(refusal: Exception) -> None:
    """The page is read again."""
    profiles = Profiles(OLD)
    profiles.refusal = refusal
    with pytest.raises(type(refusal)):
        _source(profiles, []).say(_events(OLD))
