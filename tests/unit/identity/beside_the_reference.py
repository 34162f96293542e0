"""A resolver beside a list of all that was ever said: what each of them knows, and what must agree."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count

from commerce_sync.contracts.identity_book import Basis, Identifier, Link, Separation, text_of
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.identity.policy import Policy
from commerce_sync.identity.resolution import IdentityBook, Observation, Resolver

from tests.fakes.identity_book import IdentityBookInMemory
from tests.unit.identity.reference_model import Units, fold_plainly
from tests.unit.identity.strategies import EVERYBODY, START

DECISIONS_FROM = START + timedelta(days=100)


class LegibleKeys(IdentifierKeys):
    """Keys that are the identifiers' texts: hashing them would take half of the time."""

    def key(self, identifier: Identifier) -> str:
        """The text."""
        return text_of(identifier)

    def keys(self, identifier: Identifier) -> tuple[str, ...]:
        """The text alone."""
        return (text_of(identifier),)


KEYS = LegibleKeys({"current": "1", "1": "a pepper of the tests"})


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
        return fold_plainly(self.identifiers, self.links.values(), self.separations, roles, most).profiles


class Clock:
    """Goes on by a millisecond whenever somebody looks at it; ``at`` is when that was last."""

    def __init__(self) -> None:
        self.at = DECISIONS_FROM

    def __call__(self) -> datetime:
        """The next moment."""
        self.at += timedelta(milliseconds=1)
        return self.at


class Worker:
    """A resolver over a book, and the clock that it goes by."""

    def __init__(self, policy: Policy, book: IdentityBook, names: str = "", clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        numbers = count(1)
        self.resolver = Resolver(book, KEYS, policy, self.clock, lambda: f"{names}{next(numbers)}")

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


def neighbourhoods(said: Iterable[Link], barred: set[Identifier]) -> Units:
    """What links connect, where a barred identifier is only passed through by an operator's word."""
    units: Units = frozenset(frozenset({one}) for one in EVERYBODY)
    for one in said:
        ends = frozenset({one.center, one.other})
        if one.basis == "decided" or not ends & barred:
            meeting = {unit for unit in units if unit & ends}
            units = (units - meeting) | {frozenset().union(*meeting)}
    return units


def roles_of(policy: Policy) -> set[Identifier]:
    """Everybody's role addresses."""
    return {one for one in EVERYBODY if one[0] == "email" and one[1].split("@")[0] in policy.role_local_parts}
