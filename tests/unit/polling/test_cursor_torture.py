"""HubSpot's records through the shipped sources and a model of the search API: 0 lost, whatever happens meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast

import pytest
from commerce_sync.composing.hints import Hint
from commerce_sync.composing.polling_hubspot import LAG
from commerce_sync.composing.polling_records import TiedSource
from commerce_sync.polling.cursors import Rule
from commerce_sync.polling.walking import Source
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.hubspot.associations import HubSpotAssociations
from commerce_sync.vendors.hubspot.searching import HubSpotSearch
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.unit.polling.pollers import (
    OVERLAP,
    PAGE,
    Told,
    by_after,
    by_latest_seen,
    by_time,
    closed_by_our_clock,
    contacts,
    moved_before_it_is_kept,
    run,
    without_lag,
    without_overlap,
)
from tests.unit.polling.search_api import SearchApi
from tests.unit.polling.search_models import World

ROWS = st.integers(1, 12)
LATE = st.sampled_from([0.0, 0.5, 1.0])


class Polling(RuleBasedStateMachine):
    """An account that lives while it is polled; at the end all that is there was told as it is."""

    make: Callable[..., Source] = staticmethod(contacts)

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.api = SearchApi(self.world)
        self.told: Told = []

    @initialize(skew=st.sampled_from([-600, -180, -60, 0, 60, 240, 600]))
    def begins(self, skew: int) -> None:
        """The clocks differ by minutes; the first run begins now."""
        self.api.skew = timedelta(seconds=skew)
        self.source = type(self).make(self.api, self.told)
        run(self.world, self.source)
        self.world.at += timedelta(minutes=10)

    @rule(seconds=st.sampled_from([1, 30, 61, 150, 600, 7200]))
    def time_passes(self, seconds: int) -> None:
        """Between two runs, or for hours."""
        self.world.at += timedelta(seconds=seconds)

    @rule(row=ROWS, late=LATE)
    def changes(self, row: int, late: float) -> None:
        """A record is made, or changed once more."""
        self.api.change(row, late)

    @rule(rows=st.lists(ROWS, min_size=1, max_size=12, unique=True), late=LATE)
    def a_bulk_job_stamps(self, rows: list[int], late: float) -> None:
        """More rows of one time than a page holds."""
        self.api.bulk(rows, late)

    @rule(row=ROWS)
    def is_dated_ahead(self, row: int) -> None:
        """By a year."""
        self.api.change(row, 0.0, ahead=timedelta(days=365))

    @rule(row=ROWS)
    def is_archived(self, row: int) -> None:
        """It is told no more, and hides nobody."""
        self.api.archive(row)

    @rule(pages=st.integers(1, 5), killed_at=st.sampled_from([-1, *range(18)]))
    def runs(self, pages: int, killed_at: int) -> None:
        """To the end, out of time, or killed anywhere."""
        run(self.world, self.source, pages, killed_at)

    @rule(row=ROWS, late=LATE, pages=st.integers(1, 5))
    def changes_while_paged(self, row: int, late: float, pages: int) -> None:
        """Between two pages of a run."""
        self.api.between.append(lambda: self.api.change(row, late))
        run(self.world, self.source, pages)

    @rule(row=ROWS, pages=st.integers(1, 5))
    def is_archived_while_paged(self, row: int, pages: int) -> None:
        """What stood behind it moves up."""
        self.api.between.append(lambda: self.api.archive(row))
        run(self.world, self.source, pages)

    @rule(pages=st.integers(1, 5), others=st.integers(1, 5))
    def two_run_at_once(self, pages: int, others: int) -> None:
        """The second one begins within a page of the first."""
        self.api.between.append(lambda: run(self.world, self.source, others))
        run(self.world, self.source, pages)

    @rule()
    def the_vendor_fails(self) -> None:
        """The next call."""
        self.api.failures += 1

    def settle(self) -> None:
        """Time and runs enough for everything to show. Years do not pass: what is dated ahead is told today."""
        self.api.failures = 0
        self.api.between.clear()
        for _ in range(3):
            self.world.at += timedelta(minutes=3)
            for _ in range(40):
                if run(self.world, self.source):
                    break

    def teardown(self) -> None:
        """Nothing that is there is missing."""
        if hasattr(self, "source"):
            self.settle()
            assert self.api.wanted() - set(self.told) == set()


SHORT = settings(
    max_examples=400,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.generate],
)
TestPolling = Polling.TestCase
TestPolling.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)


def test_25_000_rows_of_one_time_are_all_told_within_a_few_runs() -> None:
    """No query shows more than 10,000, and a run ends where time is short."""
    world = World()
    api, told = SearchApi(world), cast("Told", [])
    source = contacts(api, told, page=200)
    run(world, source)
    world.at += timedelta(minutes=10)
    api.bulk(range(1, 25_001))
    world.at += timedelta(minutes=5)
    runs = 1
    while not run(world, source, pages=40):
        runs += 1
    assert api.wanted() - set(told) == set()
    assert (len(told), runs) == (25_000, 4)


def test_contacts_of_an_object_are_told_page_by_page() -> None:
    """Of one with many contacts, in the middle of others, wherever a run ends."""
    world = World()
    api = SearchApi(world, ties={1: [11], 2: list(range(20, 31)), 3: [], 4: [11, 41, 42, 43]})
    told: list[Hint] = []
    client = cast("HubSpot", api)
    source = TiedSource(
        "deals", Rule(OVERLAP, lag=LAG), HubSpotSearch(client, PAGE), HubSpotAssociations(client), told.extend
    )
    run(world, source)
    world.at += timedelta(minutes=10)
    api.bulk([1, 2, 3, 4])
    world.at += timedelta(minutes=5)
    while not run(world, source, pages=1):
        pass
    assert {one.contact_id for one in told} == {"11", *map(str, range(20, 31)), "41", "42", "43"}
    assert {one.about for one in told if one.contact_id == "11"} == {"deals:1", "deals:4"}


@pytest.mark.parametrize(
    "mutant",
    [without_overlap, without_lag, by_latest_seen, by_time, closed_by_our_clock, moved_before_it_is_kept],
    ids=lambda mutant: mutant.__name__,
)
def test_a_cursor_that_is_less_careful_is_caught(mutant: Callable[..., Source]) -> None:
    """Each way by which others lose rows."""
    careless = cast("type[Polling]", type("Careless", (Polling,), {"make": staticmethod(mutant)}))
    with pytest.raises(AssertionError):
        run_state_machine_as_test(careless, settings=SHORT)


@pytest.mark.parametrize(("make", "loses"), [(contacts, False), (by_after, True)])
def test_a_row_that_is_archived_between_two_pages_hides_no_other(make: Callable[..., Source], *, loses: bool) -> None:
    """Where pages are counted it does, once the rows are older than what is read again."""
    world, told = World(), cast("Told", [])
    api = SearchApi(world)
    source = make(api, told)
    run(world, source)
    world.at += timedelta(minutes=10)
    api.bulk(range(1, 8))
    world.at += timedelta(minutes=20)
    api.between.append(lambda: api.archive(1))
    assert run(world, source)
    for _ in range(3):
        world.at += timedelta(minutes=5)
        run(world, source)
    assert bool(api.wanted() - set(told)) is loses
