"""Whatever is learned, decided, repeated, lost and raced for: who is who stays what the facts and decisions fold to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from random import Random

import pytest
from commerce_sync.contracts.identity_book import Basis, Change, Identifier, Link, Separation, text_of
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.identity.policy import Policy
from commerce_sync.identity.resolution import Observation, Resolver
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.fakes.identity_book import IdentityBookInMemory
from tests.unit.identity.reference_model import Units, fold_plainly
from tests.unit.identity.strategies import START, addresses, days, phones, policies, records

KEYS = IdentifierKeys({"current": "1", "1": "a pepper of the tests"})
DECISIONS_FROM = START + timedelta(days=100)

seen = st.one_of(
    st.tuples(records, addresses.map(lambda one: (one,))),
    st.tuples(records, st.tuples(addresses, phones)),
    st.tuples(records, phones.map(lambda one: (one,))),
    st.tuples(addresses, phones.map(lambda one: (one,))),
    st.tuples(st.one_of(records, addresses, phones), st.just(())),
)
stated = st.tuples(records, st.lists(st.one_of(records, addresses), min_size=1, max_size=2, unique=True).map(tuple))


def _observation(said: tuple[Identifier, tuple[Identifier, ...]], at: datetime, basis: Basis) -> Observation:
    center, others = said
    others = tuple(one for one in others if one != center)
    return Observation(center=center, others=others, at=at, by="shopify:us", basis=basis)


observations = st.one_of(
    *[st.builds(_observation, seen, days, st.just("seen"))] * 5,
    st.builds(_observation, stated, days, st.just("stated")),
)


class Known:
    """All facts and decisions so far, each once, as the specification keeps them."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.links: dict[tuple[frozenset[Identifier], Basis], Link] = {}
        self.separations: list[Separation] = []
        self.identifiers: dict[Identifier, None] = {}

    def observe(self, seen: Observation) -> None:
        """Keep the earliest time of each link."""
        self.identifiers |= dict.fromkeys((seen.center, *seen.others))
        for other in seen.others:
            self._keep(seen.center, other, seen.basis, seen.at)

    def merge(self, chosen: Sequence[Identifier], at: datetime) -> None:
        """Keep the latest time of each link."""
        for other in chosen[1:]:
            self._keep(chosen[0], other, "decided", at)

    def separate(self, groups: Iterable[Iterable[Identifier]], at: datetime) -> None:
        """Keep every separation."""
        self.separations.append(Separation(groups=tuple(map(tuple, groups)), at=at))

    def _keep(self, center: Identifier, other: Identifier, basis: Basis, at: datetime) -> None:
        name = (frozenset({center, other}), basis)
        if name in self.links:
            kept = self.links[name].at
            at = max(kept, at) if basis == "decided" else min(kept, at)
        self.links[name] = Link.model_construct(center=center, other=other, basis=basis, at=at, by="test")

    def profiles(self) -> Units:
        """Who is who."""
        roles, most = self.policy.role_local_parts, self.policy.most_sharing
        return fold_plainly(
            self.identifiers, self.links.values(), self.separations, roles=roles, most_sharing=most
        ).profiles


class Worker:
    """A resolver over a book, with a clock that goes on by a minute at each decision."""

    def __init__(self, policy: Policy, book: IdentityBookInMemory, names: str = "") -> None:
        self.book = book
        self.at = DECISIONS_FROM
        numbers = count(1)
        self.resolver = Resolver(book, KEYS, policy, lambda: self.at, lambda: f"{names}{next(numbers)}")

    def tick(self) -> datetime:
        """The next minute."""
        self.at += timedelta(minutes=1)
        return self.at

    def profiles(self, known: Iterable[Identifier]) -> Units:
        """Who is who, as the pointers tell it."""
        profiles: dict[str, set[Identifier]] = {}
        for identifier, profile in self.resolver.profiles_of(tuple(known)).items():
            profiles.setdefault(profile, set()).add(identifier)
        return frozenset(map(frozenset, profiles.values()))


def assert_the_book_is_whole(book: IdentityBookInMemory, known: Iterable[Identifier]) -> None:
    """Each identifier points at the one neighbourhood that holds it, and at the profile that stands there."""
    homes = {text: name for name, one in book.stored.items() for text in one.members}
    assert sum(len(one.members) for one in book.stored.values()) == len(homes), "an identifier is in two neighbourhoods"
    assert set(homes) == {text_of(one) for one in known}
    assert len(book.pointing) == len(homes)
    for one in known:
        pointer, home = book.pointing[KEYS.key(one)], homes[text_of(one)]
        assert (pointer.neighbourhood_id, pointer.profile_id) == (home, book.stored[home].members[text_of(one)])
    profiles = [set(one.members.values()) for one in book.stored.values()]
    assert len(set().union(*profiles)) == sum(map(len, profiles)), "a profile is in two neighbourhoods"


def assert_the_history_leads_to_now(book: IdentityBookInMemory) -> None:
    """The last entry that names an identifier names the profile that it has."""
    for neighbourhood in book.stored.values():
        last: dict[str, str] = {}
        for entry in neighbourhood.history:
            assert len(entry.before) > 1 or len(entry.after) > 1
            last |= {text_of(one): side.profile_id for side in entry.after for one in side.identifiers}
        now: Mapping[str, str] = neighbourhood.members
        assert {text: now[text] for text in last if text in now} == {t: p for t, p in last.items() if t in now}


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
        self.rival = Worker(policy, self.book, "rival-")
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
            at = self.worker.tick()
            change = self.worker.resolver.merge(chosen, by="operator:test", why="one person")
            self.known.merge(chosen, at)
            self.decided.append(("merge", (tuple(chosen),), at))
            self._compare(change)

    @precondition(lambda self: len(self.known.identifiers) > 1)
    @rule(data=st.data(), size=st.integers(2, 6))
    def separate(self, data: st.DataObject, size: int) -> None:
        """An operator says that groups of known identifiers are different people."""
        chosen = self._some(data, size)
        cut = data.draw(st.integers(1, len(chosen) - 1))
        groups = (tuple(chosen[:cut]), tuple(chosen[cut:]))
        with self._whole_step():
            at = self.worker.tick()
            change = self.worker.resolver.separate(groups, by="operator:test", why="two people")
            self._separated(groups, at)
            self._compare(change)

    @precondition(lambda self: self._merges())
    @rule(data=st.data())
    def unmerge(self, data: st.DataObject) -> None:
        """An operator takes back an entry of the history."""
        entry = data.draw(st.sampled_from(self._merges()))
        of = data.draw(st.sampled_from(entry.before[0].identifiers))
        with self._whole_step():
            at = self.worker.tick()
            change = self.worker.resolver.unmerge(entry.change_id, of, by="operator:test", why="two people")
            self._separated([side.identifiers for side in entry.before], at)
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
        other, heard = Worker(self.policy, IdentityBookInMemory()), set[Identifier]()
        waiting: list[object] = [*self.said, *self.decided]
        self.shuffle.shuffle(waiting)
        while waiting:
            one = waiting.pop(0)
            if isinstance(one, Observation):
                other.resolver.absorb([one])
                heard |= {one.center, *one.others}
                continue
            assert isinstance(one, tuple)
            kind, groups, other.at = one
            if not {identifier for group in groups for identifier in group} <= heard:
                waiting.append(one)
            elif kind == "merge":
                other.resolver.merge(groups[0], by="operator:test", why="one person")
            else:
                other.resolver.separate(groups, by="operator:test", why="two people")
        assert other.profiles(self.known.identifiers) == self.known.profiles()
        assert_the_book_is_whole(other.book, self.known.identifiers)

    def _note(self, batch: Iterable[Observation]) -> None:
        for one in batch:
            self.said.append(one)
            self.known.observe(one)

    def _separated(self, groups: Iterable[Iterable[Identifier]], at: datetime) -> None:
        fixed = tuple(map(tuple, groups))
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
