"""Whatever is learned, decided, repeated, lost and raced for: who is who stays what the facts and decisions fold to."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from commerce_sync.contracts.identity_book import Change, Identifier
from commerce_sync.identity.policy import Policy
from commerce_sync.identity.resolution import Observation
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.fakes.identity_book import IdentityBookInMemory
from tests.unit.identity.beside_the_reference import (
    Known,
    Worker,
    assert_the_book_is_whole,
    assert_the_history_leads_to_now,
)
from tests.unit.identity.strategies import observations, policies


class Resolution(RuleBasedStateMachine):
    """One worker's life, with rivals, beside a list of all that was ever said."""

    midway = True
    """A step failed halfway, or none was made: the end is not worth looking at."""

    @initialize(policy=policies, shuffle=st.randoms(use_true_random=True))
    def begin(self, policy: Policy, shuffle: Random) -> None:
        """Nobody is known."""
        self.policy, self.shuffle = policy, shuffle
        self.book = IdentityBookInMemory()
        self.known = Known(policy)
        self.worker = Worker(policy, self.book)
        self.rival = Worker(policy, self.book, "rival-", self.worker.clock)
        self.said: list[Observation] = []
        self.decided: list[tuple[str, tuple[tuple[Identifier, ...], ...], datetime]] = []
        self.midway = False

    @rule(batch=st.lists(observations, min_size=1, max_size=3))
    def learn(self, batch: list[Observation]) -> None:
        """Facts come, known ones among them."""
        with self._whole_step():
            self.worker.resolver.absorb(batch)
            self._note(batch)
            self._compare()

    @precondition(lambda self: self.said)
    @rule(data=st.data(), later=st.integers(0, 3))
    def learn_again(self, data: st.DataObject, later: int) -> None:
        """A second delivery, or the same thing seen once more, writes nothing."""
        again = data.draw(st.lists(st.sampled_from(self.said), min_size=1, max_size=3))
        attempts = self.book.attempts
        with self._whole_step():
            self.worker.resolver.absorb([replace(one, at=one.at + timedelta(days=later)) for one in again])
            assert self.book.attempts == attempts

    @rule(seen=observations)
    def rival_is_faster(self, seen: Observation) -> None:
        """Another worker learns something just before the next write."""

        def learn() -> None:
            self.rival.resolver.absorb([seen])
            self._note([seen])

        self.book.rivals.append(learn)

    @rule(times=st.integers(1, 2))
    def lose(self, times: int) -> None:
        """The next writes are lost to nobody knows whom."""
        self.book.losing = times

    @precondition(lambda self: len(self.known.identifiers) > 1)
    @rule(data=st.data(), size=st.integers(2, 3))
    def merge(self, data: st.DataObject, size: int) -> None:
        """An operator joins known identifiers."""
        chosen = self._some(data, size)
        with self._whole_step():
            change = self.worker.resolver.merge(chosen, by="operator:test", why="one person")
            self.known.merge(chosen, self.worker.clock.at)
            self.decided.append(("merge", (tuple(chosen),), self.worker.clock.at))
            self._compare(change)

    @precondition(lambda self: len(self.known.identifiers) > 1)
    @rule(data=st.data(), size=st.integers(2, 6))
    def separate(self, data: st.DataObject, size: int) -> None:
        """An operator says that groups of known identifiers are different people."""
        chosen = self._some(data, size)
        cut = data.draw(st.integers(1, len(chosen) - 1))
        groups = (tuple(chosen[:cut]), tuple(chosen[cut:]))
        with self._whole_step():
            change = self.worker.resolver.separate(groups, by="operator:test", why="two people")
            self._separated(groups)
            self._compare(change)

    @precondition(lambda self: self._merges())
    @rule(data=st.data())
    def unmerge(self, data: st.DataObject) -> None:
        """An operator takes back an entry of the history."""
        entry = data.draw(st.sampled_from(self._merges()))
        of = data.draw(st.sampled_from(entry.before[0].identifiers))
        with self._whole_step():
            change = self.worker.resolver.unmerge(entry.change_id, of, by="operator:test", why="two people")
            self._separated([side.identifiers for side in entry.before])
            self._compare(change)

    def teardown(self) -> None:
        """All is whole, and the same had it come in another order."""
        if self.midway:
            return
        self._compare()
        assert_the_book_is_whole(self.book, self.known.identifiers)
        assert_the_history_leads_to_now(self.book)
        self._replay()

    def _replay(self) -> None:
        """Everything into a fresh book: shuffled, decisions as soon as those they name are known."""
        book, heard = IdentityBookInMemory(), set[Identifier]()
        other = Worker(self.policy, book)
        waiting: list[object] = [*self.said, *self.decided]
        self.shuffle.shuffle(waiting)
        while waiting:
            one = waiting.pop(0)
            if isinstance(one, Observation):
                other.resolver.absorb([one])
                heard |= {one.center, *one.others}
                continue
            assert isinstance(one, tuple)
            kind, groups, at = one
            other.clock.at = at - timedelta(milliseconds=1)
            if not {identifier for group in groups for identifier in group} <= heard:
                waiting.append(one)
            elif kind == "merge":
                other.resolver.merge(groups[0], by="operator:test", why="one person")
            else:
                other.resolver.separate(groups, by="operator:test", why="two people")
        assert other.profiles(self.known.identifiers) == self.known.profiles()
        assert_the_book_is_whole(book, self.known.identifiers)

    def _note(self, batch: Iterable[Observation]) -> None:
        for one in batch:
            self.said.append(one)
            self.known.observe(one)

    def _separated(self, groups: Iterable[Iterable[Identifier]]) -> None:
        fixed, at = tuple(map(tuple, groups)), self.worker.clock.at
        self.known.separate(fixed, at)
        self.decided.append(("separate", fixed, at))

    @contextmanager
    def _whole_step(self) -> Iterator[None]:
        self.midway = True
        yield
        self.midway = False

    def _compare(self, change: Change | None = None) -> None:
        """The pointers give the reference's profiles, and an operator is told of what happened."""
        profiles = self.known.profiles()
        assert self.worker.profiles(self.known.identifiers) == profiles
        if change is not None:
            assert {frozenset(side.identifiers) for side in change.after} <= profiles

    def _some(self, data: st.DataObject, size: int) -> list[Identifier]:
        known = sorted(self.known.identifiers)
        return data.draw(st.lists(st.sampled_from(known), min_size=2, max_size=size, unique=True))

    def _merges(self) -> list[Change]:
        entries = [entry for one in self.book.stored.values() for entry in one.history if entry.kind == "merged"]
        return sorted(entries, key=lambda entry: entry.change_id)


def live(lives: int, steps: int) -> None:
    """So many random lives of so many steps."""
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    chosen = settings(
        max_examples=lives, stateful_step_count=steps, suppress_health_check=quiet, report_multiple_bugs=False
    )
    run_state_machine_as_test(Resolution, settings=chosen)


def test_who_is_who_is_always_what_was_said_and_decided() -> None:
    """Any life of fifty steps, many times over."""
    live(2_000, 50)


@pytest.mark.soak
def test_who_is_who_is_what_was_said_and_decided_for_a_long_time() -> None:
    """Any life of a hundred steps, for long."""
    live(50_000, 100)
