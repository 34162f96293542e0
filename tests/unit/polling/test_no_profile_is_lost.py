"""Klaviyo's profiles through the shipped cursor and a model of its API: the last change of each is seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast, get_args

import pytest
from commerce_sync.composing.polling_drift import DriftSource
from commerce_sync.composing.polling_klaviyo import ProfileSource
from commerce_sync.errors import RetriableError
from commerce_sync.polling.cursors import Rule, Sighting, Window
from commerce_sync.polling.walking import Source, walk
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.klaviyo import KlaviyoPolling, KlaviyoProfiles
from commerce_sync.vendors.klaviyo.in_order import updated_at
from commerce_sync.vendors.klaviyo.reading import instant, page
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from tests.unit.polling.profiles_api import Links, ProfilesApi
from tests.unit.polling.search_models import KilledError, World

OVERLAP = timedelta(minutes=10)
ROWS = st.integers(1, 12)
LATE = st.sampled_from([0.0, 0.5, 1.0])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("change"), ROWS, LATE),
        st.tuples(st.just("bulk"), ROWS, LATE),
        st.tuples(st.just("meanwhile"), ROWS, LATE),
        st.tuples(st.just("goes"), ROWS, st.just(0.0)),
        st.tuples(st.just("advance"), st.sampled_from([1, 30, 61, 600, 7200]), st.just(0.0)),
        st.tuples(st.just("run"), st.sampled_from([-1, *range(14)]), st.sampled_from([1.0, 2.0, 9.0])),
        st.tuples(st.just("fail"), st.just(1), st.just(0.0)),
    ),
    max_size=30,
)
Step = tuple[str, int, float]


@dataclass
class Seen:
    """A source whose sightings are kept one by one, and may be killed in between."""

    source: Source
    world: World
    told: set[tuple[str, datetime]]

    @property
    def name(self) -> str:
        """As it is."""
        return self.source.name

    @property
    def rule(self) -> Rule:
        """As it is."""
        return self.source.rule

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """As it is."""
        return self.source.page(window)

    def say(self, fresh: Sequence[Sighting]) -> None:
        """Kept for good."""
        for one in fresh:
            self.world.step()
            self.told.add((one.id.partition("@")[0], one.at))
        self.world.step()


Reader = Callable[[VendorHttp], Source]


def of_drift(http: VendorHttp) -> Source:
    """As what drifted is read."""
    unused: Any = None
    return DriftSource(Rule(OVERLAP), KlaviyoProfiles(http).changed_since, unused)


def of_consent(http: VendorHttp) -> Source:
    """As consent is read."""
    return _by_time(KlaviyoPolling(http).profiles_updated_since)


def careless(http: VendorHttp) -> Source:
    """Sorted by time, from link to link."""

    def read(moment: datetime, cursor: str | None) -> tuple[Sequence[Mapping[str, Any]], str | None]:
        params = {"filter": f"greater-than(updated,{instant(moment)})", "sort": "updated"}
        return page(http, "/api/profiles", params, cursor)

    return _by_time(read)


def _by_time(read: Any) -> Source:
    unused: Any = None
    return ProfileSource("klaviyo#profiles", Rule(OVERLAP), read, updated_at, unused, unused)


def lives(steps: Sequence[Step], links: Links, skew: int, reader: Reader) -> set[tuple[str, datetime]]:
    """What was never seen, in the end, of an account that lived so."""
    world = World()
    api = ProfilesApi(world, links, skew=timedelta(seconds=skew))
    seen = Seen(reader(cast("VendorHttp", api)), world, set())
    _run(seen, -1, 9)
    world.at += timedelta(minutes=10)
    for what, one, other in steps:
        if what == "run":
            _run(seen, one, int(other))
        elif what == "advance":
            world.at += timedelta(seconds=one)
        elif what == "fail":
            api.failures += 1
        elif what == "meanwhile":
            api.between.append(partial(api.change, one, other))
        elif what == "goes":
            api.between.append(partial(api.go, one))
        else:
            for row in range(1, one + 1) if what == "bulk" else [one]:
                api.change(row, other)
    api.failures = 0
    api.between.clear()
    for _ in range(3):
        world.at += timedelta(minutes=3)
        while not _run(seen, -1, 9):
            pass
    return api.wanted() - seen.told


def _run(seen: Seen, killed_at: int, pages: int) -> bool:
    seen.world.steps_left = killed_at
    left = iter(range(pages))
    try:
        return walk(seen, seen.world, seen.world.now, lambda: next(left, None) is not None).ended == "done"
    except (KilledError, RetriableError):
        return False
    finally:
        seen.world.steps_left = -1


@pytest.mark.parametrize("reader", [of_drift, of_consent])
@pytest.mark.parametrize("links", get_args(Links))
@settings(max_examples=300, deadline=None)
@given(steps=STEPS, skew=st.sampled_from([-180, 0, 180]))
def test_the_last_change_of_every_profile_is_seen(links: Links, reader: Reader, steps: list[Step], skew: int) -> None:
    """Equal times, changes and deletions while pages are read, lag, kills, clocks that differ, whatever a link says."""
    assert lives(steps, links, skew, reader) == set()


@pytest.mark.parametrize("links", ["value", "position"])
def test_from_link_to_link_some_would_be_lost(links: Links) -> None:
    """Behind a value that a page's edge shares, or where a change moves everybody else up."""
    try:
        lost = find(STEPS, lambda steps: bool(lives(steps, links, 0, careless)), settings=settings(max_examples=3000))
    except NoSuchExample:
        pytest.fail("the model lets the careless way pass")
    assert lost


def test_a_profile_says_who_it_is_by_its_address() -> None:
    """One without an address is nobody whom we told of."""
    asked: list[Mapping[str, Any]] = []

    class Noted:
        def __call__(self, shown: Mapping[str, Any]) -> dict[str, int]:
            asked.append(shown)
            return {}

    mend: Any = Noted()
    source = DriftSource(Rule(OVERLAP), lambda _since, _cursor: ([], None), mend)
    whole = {"$email": "Ana@Example.com", "stage": "lead"}
    source.say([Sighting("1@now", World().at, whole), Sighting("2@now", World().at, {"$phone_number": "+1"})])
    assert asked == [{"ana@example.com": whole}]
