"""Who joins and leaves HubSpot's lists is told, whatever happens between two pages and wherever a run is killed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from commerce_sync.composing.hints import Hint
from commerce_sync.composing.polling_lists import EVERY, MOST_MEMBERS, KeptLists, MemberSource, member_sources
from commerce_sync.contracts.fields import HubSpotList
from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.polling.members import Members, packed, unpacked
from commerce_sync.polling.walking import walk
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.control import ControlInMemory
from tests.unit.polling.search_models import KilledError, World

OVERLAP = timedelta(minutes=10)
IDS = st.frozensets(st.integers(1, 10**13).map(str), max_size=200)
PEOPLE = st.integers(1, 9)
PAGE = 2


class MortalControl(ControlInMemory):
    """Killed before a write, or after it."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def write(self, name: str, document: Mapping[str, Any], revision: int) -> bool:
        """One step before it, one after."""
        self.world.step()
        written = super().write(name, document, revision)
        self.world.step()
        return written


class Portal:
    """A list as a model: pages by position, so whoever leaves moves the others; profile_sync reads at every hint."""

    def __init__(self) -> None:
        self.world = World()
        self.control = MortalControl(self.world)
        self.members: list[str] = []
        self.between: list[Any] = []
        self.told: dict[str, bool] = {}
        self.hints: list[str] = []
        self.seconds = 0.0
        self.kept = KeptLists(self.control, [HubSpotList("41", "VIP", "Y6nRLr")])

    def page(self, list_id: str, after: str | None) -> tuple[list[str], str | None]:
        """So many, and something happens behind them."""
        assert list_id == "41"
        self.world.step()
        start = int(after or 0)
        found = self.members[start : start + PAGE]
        following = str(start + PAGE) if start + PAGE < len(self.members) else None
        for act in self.between[:1]:
            act()
        del self.between[:1]
        return found, following

    def tell(self, hints: Sequence[Hint]) -> None:
        """profile_sync looks at once."""
        for one in hints:
            self.world.step()
            self.hints.append(one.contact_id)
            self.told[one.contact_id] = self.kept.of([one.contact_id])[one.contact_id]["41"]

    def run(self, killed_at: int = -1) -> bool:
        """One run of the schedule; whether it was not killed."""
        self.world.steps_left = killed_at
        try:
            for source in self._sources():
                walk(source, self.control, self.world.now, lambda: True)
        except (KilledError, RetriableError, PermanentError):
            return False
        finally:
            self.world.steps_left = -1
        return True

    def _sources(self) -> Iterator[MemberSource]:
        class Lists:
            members = staticmethod(self.page)

        for source in member_sources(Lists(), self.kept, OVERLAP, self.world.at, self.tell):
            yield replace(source, clock=self._clock)

    def _clock(self) -> float:
        """Each look at it is two seconds later: a page is three of HubSpot's."""
        self.seconds += 2.0
        return self.seconds

    def settle(self) -> None:
        """Runs without mishaps: whoever is missing is missing twice."""
        self.between.clear()
        for _ in range(3):
            self.world.at += EVERY
            while not self.run():
                pass

    def join(self, one: int) -> None:
        """At the end, where a page may have passed."""
        if str(one) not in self.members:
            self.members.append(str(one))

    def leave(self, one: int) -> None:
        """Whoever stood behind moves up."""
        if str(one) in self.members:
            self.members.remove(str(one))


JOIN, LEAVE = st.tuples(st.just("join"), PEOPLE), st.tuples(st.just("leave"), PEOPLE)
STEPS = st.lists(
    st.one_of(
        JOIN,
        LEAVE,
        st.tuples(st.just("join meanwhile"), PEOPLE),
        st.tuples(st.just("leave meanwhile"), PEOPLE),
        st.tuples(st.just("run"), st.sampled_from([-1, *range(25)])),
        st.tuples(st.just("advance"), st.sampled_from([5, 15, 60])),
    ),
    max_size=40,
)


@settings(max_examples=400, deadline=None)
@given(STEPS)
def test_in_the_end_everybody_was_told_as_they_stand(steps: list[tuple[str, int]]) -> None:
    """What profile_sync last read of each is what is so now."""
    portal = Portal()
    for what, number in steps:
        if what == "run":
            portal.run(number)
        elif what == "advance":
            portal.world.at += timedelta(minutes=number)
        elif what.endswith("meanwhile"):
            act = portal.join if what.startswith("join") else portal.leave
            portal.between.append(lambda act=act, number=number: act(number))
        else:
            (portal.join if what == "join" else portal.leave)(number)
    portal.settle()
    assert {one for one, is_on_it in portal.told.items() if is_on_it} == set(portal.members)


def test_a_quiet_list_gives_no_hint_and_is_not_read_before_its_time() -> None:
    """Nor is anything written again."""
    portal = Portal()
    portal.members = ["1", "2", "3"]
    portal.settle()
    assert sorted(portal.hints) == ["1", "2", "3"]
    portal.between = [lambda: None]
    portal.run()
    assert len(portal.between) == 1, "it was read a moment ago"
    portal.settle()
    assert sorted(portal.hints) == ["1", "2", "3"]


def test_nobody_left_who_is_missing_once() -> None:
    """Whoever stood at a page's edge while somebody else left is not taken off another list for it."""
    portal = Portal()
    portal.members = ["1", "2", "3", "4"]
    portal.settle()
    portal.hints.clear()
    portal.between = [lambda: portal.leave(1)]
    portal.world.at += EVERY
    portal.run()
    assert unpacked(portal.control.read("members#hubspot:41")[0]["missing"]) == {"3"}
    portal.settle()
    assert portal.hints == ["1"]


def test_two_readings_at_a_time_take_nobody_off() -> None:
    """One begins anew while the other is on its way: that one does not know all, and ends."""
    portal = Portal()
    portal.members = [str(number) for number in range(1, 60)]
    portal.settle()
    portal.hints.clear()
    for _ in range(4):
        portal.world.at += EVERY
        portal.between = [lambda: None] * 25 + [
            lambda: portal.control.write("members#hubspot:41#scan", {"of": "b"}, _rev(portal))
        ]
        portal.run()
    portal.settle()
    assert portal.hints == []


@given(IDS)
def test_ids_are_packed_and_unpacked(ids: frozenset[str]) -> None:
    """The same ones."""
    assert unpacked(packed(ids)) == ids


@pytest.mark.parametrize("top", [10**11, 10**12])
def test_as_many_as_are_allowed_fit_a_document(top: int) -> None:
    """At a first reading, and where everybody is replaced by others: the table takes 400 KB."""
    chance = Random(7)  # noqa: S311 # chance is no secret
    before, after = ({str(one) for one in chance.sample(range(top), MOST_MEMBERS)} for _ in range(2))
    first = Members().compared(frozenset(before), "1")
    for members in (first, first.said(before).compared(frozenset(after), "2")):
        assert len(json.dumps(members.to_document())) < 390_000


@given(IDS, IDS)
def test_a_reading_is_compared_once(before: frozenset[str], after: frozenset[str]) -> None:
    """Asked for its last page again, nobody is missing twice for it."""
    first = Members().compared(before, "1")
    second = first.compared(after, "2")
    assert second.compared(after, "2") == second
    assert second.members == before | after
    assert second.compared(after, "3").members == after


def _rev(portal: Portal) -> int:
    return portal.control.read("members#hubspot:41#scan")[1]
