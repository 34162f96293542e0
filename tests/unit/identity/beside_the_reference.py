"""A resolver beside a list of all that was ever said: what each of them knows, and what must agree."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from commerce_sync.contracts.identity_book import Basis, Identifier, Link, Separation
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.identity.policy import Policy
from commerce_sync.identity.resolution import IdentityBook, Observation, Resolver

from tests.unit.identity.reference_model import fold_plainly, wide_ones
from tests.unit.identity.reference_units import Units, joined
from tests.unit.identity.strategies import EVERYBODY, START

DECISIONS_FROM = START + timedelta(days=100)


def keys_under(version: int) -> IdentifierKeys:
    """The keys after so many peppers, all of which are kept."""
    return IdentifierKeys(
        {"current": str(version), **{str(one): f"a pepper of the tests {one}" for one in range(1, version + 1)}}
    )


PEPPERED = (keys_under(1), keys_under(2), keys_under(3))
KEYS = PEPPERED[0]


class Known:
    """All facts and decisions so far, each once, as the specification keeps them.

    ``marks`` say until when somebody is forgotten, ``wide`` who is shared too widely though the facts are forgotten.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.links: dict[tuple[Identifier, Identifier, Basis], Link] = {}
        self.separations: list[Separation] = []
        self.identifiers: dict[Identifier, None] = {}
        self.marks: dict[Identifier, datetime] = {}
        self.wide: set[Identifier] = set()

    def observe(self, seen: Observation) -> Observation | None:
        """Keep the earliest time of each link; what is left of the fact without who was forgotten since."""
        gone = {one for one in seen.identifiers if self._is_forgotten(one, seen)}
        named = [one for one in seen.identifiers if "phone" not in one[0]]
        shared = (self._wide() | roles_of(self.policy)) if gone else set()
        own = [one for one in named if one not in shared] or named
        if seen.center in gone or gone & set(own):
            return None
        others = tuple(one for one in seen.others if one not in gone)
        self.identifiers |= dict.fromkeys((seen.center, *others))
        for other in others:
            self._keep(seen.center, other, seen.basis, seen.at)
        return replace(seen, others=others)

    def is_of_somebody_forgotten(self, seen: Observation) -> bool:
        """Whether it names somebody who was forgotten and has not come back."""
        return any(one in self.marks and one not in self.identifiers for one in seen.identifiers)

    def _is_forgotten(self, one: Identifier, seen: Observation) -> bool:
        """Until the mark; for a vendor, until a store has met them again."""
        by_store = seen.by.partition(":")[0] not in {"hubspot", "klaviyo"}
        return one in self.marks and (self.marks[one] >= seen.at or (one not in self.identifiers and not by_store))

    def _wide(self) -> set[Identifier]:
        return self.wide | wide_ones(self.links.values(), self.policy.most_sharing)

    def people(self) -> list[list[Identifier]]:
        """Each profile without what a team reads or too many share; those that have anything else."""
        shared = self._wide() | roles_of(self.policy)
        return [own for profile in sorted(self.profiles(), key=min) if (own := sorted(profile - shared))]

    def merge(self, chosen: Sequence[Identifier], at: datetime) -> None:
        """Keep the latest time of each link."""
        for other in chosen[1:]:
            self._keep(chosen[0], other, "decided", at)

    def separate(self, groups: Iterable[Iterable[Identifier]], at: datetime) -> None:
        """Keep every separation; of the same groups the latest."""
        fixed = tuple(map(tuple, groups))
        self.separations = [one for one in self.separations if one.groups != fixed]
        self.separations.append(Separation(groups=fixed, at=at))

    def forget(self, gone: set[Identifier], at: datetime) -> None:
        """Keep nothing about these but when it was; who was shared too widely because of them stays so."""
        self.wide = self._wide() - gone
        self.marks |= dict.fromkeys(gone, at)
        self.identifiers = {one: None for one in self.identifiers if one not in gone}
        self.links = {name: link for name, link in self.links.items() if not {link.center, link.other} & gone}
        before, self.separations = self.separations, []
        for one in before:
            if len(groups := groups_without(one.groups, gone)) > 1:
                self.separate(groups, one.at)

    def _keep(self, center: Identifier, other: Identifier, basis: Basis, at: datetime) -> None:
        name = (center, other, basis)
        if name in self.links:
            kept = self.links[name].at
            at = max(kept, at) if basis == "decided" else min(kept, at)
        self.links[name] = Link.model_construct(center=center, other=other, basis=basis, at=at, by="test")

    def profiles(self, *, for_good: bool = True) -> Units:
        """Who is who; not ``for_good``: had the forgotten never been."""
        roles, most, wide = self.policy.role_local_parts, self.policy.most_sharing, self.wide if for_good else ()
        return fold_plainly(self.identifiers, self.links.values(), self.separations, roles, most, wide=wide).profiles


def groups_without(groups: Iterable[Iterable[Identifier]], gone: set[Identifier]) -> tuple[tuple[Identifier, ...], ...]:
    """The groups that are left without these identifiers."""
    left = (tuple(one for one in group if one not in gone) for group in groups)
    return tuple(group for group in left if group)


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

    def __init__(
        self,
        policy: Policy,
        book: IdentityBook,
        names: str = "",
        clock: Clock | None = None,
        keys: IdentifierKeys = KEYS,
    ) -> None:
        self.clock = clock or Clock()
        numbers = count(1)
        self.resolver = Resolver(book, keys, policy, self.clock, lambda: f"{names}{next(numbers)}")

    def profiles(self, known: Iterable[Identifier]) -> Units:
        """Who is who, as the pointers tell it."""
        profiles: dict[str, set[Identifier]] = {}
        for identifier, profile in self.resolver.profiles_of(tuple(known)).items():
            profiles.setdefault(profile, set()).add(identifier)
        return frozenset(map(frozenset, profiles.values()))


def neighbourhoods(said: Iterable[Link], barred: set[Identifier], apart: Iterable[Separation] = ()) -> Units:
    """What links and separations connect, where a barred identifier is only passed through by an operator's word."""
    units: Units = frozenset(frozenset({one}) for one in EVERYBODY)
    units = joined(units, [frozenset().union(*one.groups) for one in apart])
    for one in said:
        ends = frozenset({one.center, one.other})
        if one.basis == "decided" or not ends & barred:
            meeting = {unit for unit in units if unit & ends}
            units = (units - meeting) | {frozenset().union(*meeting)}
    return units


def roles_of(policy: Policy) -> set[Identifier]:
    """Everybody's role addresses."""
    return {one for one in EVERYBODY if "email" in one[0] and one[1].split("@")[0] in policy.role_local_parts}
