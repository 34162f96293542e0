"""A random life: facts, decisions, repeats, losses, rivals, erasures and new peppers, beside what must come of them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from commerce_sync.contracts.identity_book import Change, Identifier, identifier_of
from commerce_sync.identity.deciding import NoSuchChangeError
from commerce_sync.identity.people import People
from commerce_sync.identity.policy import Policy
from commerce_sync.identity.resolution import Observation
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.fakes.identity_book import IdentityBookInMemory
from tests.unit.identity.beside_the_reference import (
    PEPPERED,
    Known,
    Worker,
)
from tests.unit.identity.chronicles import Chronicle
from tests.unit.identity.strategies import days, observations, policies
from tests.unit.identity.whole_books import (
    assert_nothing_tells_of,
    assert_separations_hold,
    assert_the_book_is_whole,
    assert_the_history_leads_to_now,
)


class Resolution(RuleBasedStateMachine):
    """One worker's life, with rivals, beside a list of all that was ever said."""

    midway = True  # a step failed halfway, or none was made: the end is not worth looking at

    @initialize(policy=policies, shuffle=st.randoms(use_true_random=True))
    def begin(self, policy: Policy, shuffle: Random) -> None:
        """Nobody is known."""
        self.policy, self.shuffle = policy, shuffle
        self.book = IdentityBookInMemory()
        self.known = Known(policy)
        self.worker = Worker(policy, self.book)
        self.rival = Worker(policy, self.book, "rival-", self.worker.clock)
        self.told, self.coming = Chronicle(), list[Observation]()
        self.peppers = 1
        self.midway = False

    @rule(batch=st.lists(observations, min_size=1, max_size=3))
    def learn(self, batch: list[Observation]) -> None:
        """Facts come, known ones among them."""
        with self._whole_step():
            self.worker.resolver.absorb(batch)
            self._note(batch)
            self._compare()

    @precondition(lambda self: self.told.said)
    @rule(data=st.data(), later=st.integers(0, 3))
    def learn_again(self, data: st.DataObject, later: int) -> None:
        """A second delivery, or the same thing seen once more, writes nothing."""
        again, more = st.lists(st.sampled_from(self.told.said), min_size=1, max_size=3), timedelta(days=later)
        self._writes_nothing([replace(one, at=one.at + more) for one in data.draw(again)])

    @precondition(lambda self: self.told.forgotten)
    @rule(data=st.data())
    def learn_what_is_forgotten(self, data: st.DataObject) -> None:
        """What was on its way when its person was forgotten brings nobody back, and nothing of them."""
        self._writes_nothing(data.draw(st.lists(st.sampled_from(self.told.forgotten), min_size=1, max_size=3)))

    @rule(seen=observations)
    def rival_is_faster(self, seen: Observation) -> None:
        """Another worker learns something just before the next write.

        It brings back nobody who was forgotten: a batch that was read before and drops what names them is as right as
        one that was read after, and which of the two it was cannot be seen from here.
        """

        def learn() -> None:
            if not self.known.is_of_somebody_forgotten(seen):
                self.rival.resolver.absorb([seen])
                self._note([seen])

        self.book.rivals.append(learn)
        self.coming.append(seen)

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
            self.told.decided.append(("merge", (tuple(chosen),), self.worker.clock.at))
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
        """An operator takes back an entry of the history, as far as a rival did not part its sides just before."""
        entry = data.draw(st.sampled_from(self._merges()))
        of = data.draw(st.sampled_from([one for side in entry.before for one in side.identifiers]))
        rivals = bool(self.book.rivals)
        with self._whole_step():
            try:
                change = self.worker.resolver.unmerge(entry.change_id, of, by="operator:test", why="two people")
            except NoSuchChangeError:
                assert rivals
                self._assert_apart(entry, of)
                self._compare()
                return
            sides = [side.identifiers for side in entry.before]
            self._separated(self._sides_beside(of, sides) if rivals else sides)
            self._compare(change)

    @precondition(lambda self: self.known.identifiers and not (self.book.rivals and self.policy.most_sharing < 10))
    @rule(data=st.data(), at=days)
    def forget(self, data: st.DataObject, at: datetime) -> None:
        """Somebody is to be forgotten, with all that is said of them by then, by a rival in the middle of it too.

        What a rival shows meanwhile to be shared too widely is nobody's own.
        """
        if not (people := self.known.people()):
            return
        gone = data.draw(st.sampled_from(people))
        with self._whole_step():
            said = (*self.told.said, *self.coming)
            at = max([at, *(one.at for one in said if {*one.identifiers} & {*gone})])
            People(self.worker.resolver).forget(gone, at)
            self.known.forget({*gone}, at)
            self.told.forget({*gone})
            self._compare()
            assert_nothing_tells_of(gone, self.book)
            assert not self.worker.resolver.profiles_of(gone)

    @precondition(lambda self: self.peppers < len(PEPPERED))
    @rule()
    def rotate(self) -> None:
        """There is a new pepper; the old one is kept."""
        clock, keys, self.peppers = self.worker.clock, PEPPERED[self.peppers], self.peppers + 1
        self.worker = Worker(self.policy, self.book, f"{self.peppers}-", clock, keys)
        self.rival = Worker(self.policy, self.book, f"rival-{self.peppers}-", clock, keys)
        self._compare()

    def teardown(self) -> None:
        """All is whole, and the same had it come in another order."""
        if self.midway:
            return
        self._compare()
        assert_the_book_is_whole(self.book, self.known.identifiers, PEPPERED[self.peppers - 1])
        assert_the_history_leads_to_now(self.book)
        book = IdentityBookInMemory()
        other = Worker(self.policy, book)
        self.told.tell(other, self.shuffle)
        assert other.profiles(self.known.identifiers) == self.known.profiles(for_good=False)
        assert_the_book_is_whole(book, self.known.identifiers)

    def _note(self, batch: Iterable[Observation]) -> None:
        self.told.said += [kept for one in batch if (kept := self.known.observe(one))]

    def _writes_nothing(self, batch: list[Observation]) -> None:
        """Where there is a new pepper, what was known under an older one is written once more, and that is all."""
        with self._whole_step():
            if self.peppers > 1:
                self.worker.resolver.absorb(batch)
                self._compare()
            attempts = self.book.attempts
            self.worker.resolver.absorb(batch)
            assert self.book.attempts == attempts

    def _separated(self, groups: Iterable[Iterable[Identifier]]) -> None:
        fixed = tuple(map(tuple, groups))
        self.known.separate(fixed, self.worker.clock.at)
        self.told.decided.append(("separate", fixed, self.worker.clock.at))

    @contextmanager
    def _whole_step(self) -> Iterator[None]:
        self.midway = True
        yield
        self.midway = False

    def _compare(self, change: Change | None = None) -> None:
        """The pointers give the reference's profiles, and an operator is told of what happened."""
        profiles = self.known.profiles()
        assert self.worker.profiles(self.known.identifiers) == profiles
        assert_separations_hold(profiles, self.known.separations, self.known.links.values())
        assert change is None or {frozenset(side.identifiers) for side in change.after} <= profiles

    def _sides_beside(self, of: Identifier, sides: Sequence[Sequence[Identifier]]) -> list[tuple[Identifier, ...]]:
        """The groups that were separated just now: the sides of whom a rival left beside this identifier."""
        neighbourhood = self.worker.resolver.neighbourhood_of(of)
        assert neighbourhood
        groups = max(neighbourhood.separations, key=lambda one: one.at).groups
        assert len(groups) > 1
        assert all(any({*group} <= {*side} for side in sides) for group in groups)
        return list(groups)

    def _assert_apart(self, entry: Change, of: Identifier) -> None:
        """Where this identifier is now there are not two sides of the entry."""
        neighbourhood = self.worker.resolver.neighbourhood_of(of)
        here = {identifier_of(text) for text in neighbourhood.members} if neighbourhood else set()
        assert sum(not here.isdisjoint(side.identifiers) for side in entry.before) <= 1

    def _some(self, data: st.DataObject, size: int) -> list[Identifier]:
        return data.draw(
            st.lists(st.sampled_from(sorted(self.known.identifiers)), min_size=2, max_size=size, unique=True)
        )

    def _merges(self) -> list[Change]:
        entries = [
            entry
            for one in self.book.stored.values()
            for entry in one.history
            if entry.kind == "merged" and len(entry.before) > 1
        ]
        return sorted(entries, key=lambda entry: entry.change_id)
