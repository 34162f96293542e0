"""Neighbourhoods: what links connect, stored as one. Pure: from what was read and what is new to one transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from commerce_sync.contracts.identity_book import (
    Identifier,
    Link,
    Neighbourhood,
    Separation,
    Update,
    identifier_of,
    text_of,
)
from commerce_sync.errors import PermanentError
from commerce_sync.identity.folding import fold
from commerce_sync.identity.histories import Occasion, changes_of, shortened, together
from commerce_sync.identity.naming import named
from commerce_sync.identity.parting import parted
from commerce_sync.identity.pointers import Pointers

MOST_ITEMS = 100
"""Items that one DynamoDB transaction takes."""


class TooManyToJoinError(PermanentError):
    """More would be one neighbourhood, or one statement, than is allowed: a person must look."""

    code = "too_many_to_join"


@dataclass(frozen=True)
class News:
    """What is to be known from now on: identifiers, links, an operator's separation.

    ``wide`` are identifiers, known from their pointers, that are not passed through. ``erased`` are marks that fresh
    members bring along. ``former`` gives back the profile ids that a separation restores. ``met``: a store tells it.
    ``moving`` are members whose pointers stand under an older pepper.
    """

    occasion: Occasion
    members: tuple[Identifier, ...]
    links: tuple[Link, ...] = ()
    separation: Separation | None = None
    wide: frozenset[Identifier] = frozenset()
    erased: Mapping[Identifier, datetime] = field(default_factory=dict)
    former: Mapping[Identifier, str] = field(default_factory=dict)
    met: bool = False
    moving: frozenset[Identifier] = frozenset()


@dataclass(frozen=True)
class Planner:
    """Plans updates under one policy."""

    pointers: Pointers
    new_id: Callable[[], str]

    def update(self, read: Sequence[Neighbourhood], news: News) -> Update:
        """The transaction that adds news to the neighbourhoods that it touches.

        :raises TooManyToJoinError: they would be too many to be one.
        """
        policy = self.pointers.policy
        members = {identifier_of(text): profile for one in read for text, profile in one.members.items()}
        fresh = [member for member in news.members if member not in members]
        if (fresh or len(read) > 1) and len(members) + len(fresh) > policy.most_identifiers:
            raise TooManyToJoinError(f"more than {policy.most_identifiers} identifiers would be one neighbourhood")
        kept = max(read, key=_size, default=Neighbourhood(neighbourhood_id=self.new_id()))
        after = self._after(kept, read, members, fresh, news)
        gone = {one.neighbourhood_id: one.version for one in read if one is not kept}
        return self._transaction(read, after, gone, [*fresh, *news.moving])

    def rest(self, read: Neighbourhood, left: Neighbourhood, occasion: Occasion) -> Update:
        """The transaction that leaves of a neighbourhood only what is left of it, folded anew."""
        members = {identifier_of(text): profile for text, profile in left.members.items()}
        after = self._after(left, [left], members, [], News(occasion, ()))
        return self._transaction([read], after, {}, [])

    def _after(
        self,
        kept: Neighbourhood,
        read: Sequence[Neighbourhood],
        members: Mapping[Identifier, str],
        fresh: Sequence[Identifier],
        news: News,
    ) -> Neighbourhood:
        """All that was read and is new as one neighbourhood."""
        policy = self.pointers.policy
        links = with_links((link for one in read for link in one.links), news.links)
        separations = with_separations(one for near in read for one in near.separations)
        separations = with_separations([*separations, *filter(None, [news.separation])])
        wide = {identifier for one in read for identifier in one.wide} | news.wide
        partition = fold([*members, *fresh], links, separations, policy, wide)
        placed = {member: profile for profile in partition.profiles for member in profile}
        profiles = {placed[member] & {*members, *fresh} for member in (*members, *fresh)}
        ids = named(profiles, _restored(members, profiles, news.former), self.new_id)
        history = together(one.history for one in read)
        history += changes_of(members, ids, news.occasion, self.new_id)
        erased = {text: at for one in read for text, at in one.erased.items()}
        erased |= {text_of(member): news.erased[member] for member in fresh if member in news.erased}
        met = {text for one in read for text in one.met} | ({*map(text_of, news.members)} if news.met else set())
        return Neighbourhood(
            neighbourhood_id=kept.neighbourhood_id,
            version=kept.version + 1,
            members={text_of(member): profile for member, profile in sorted(ids.items())},
            links=tuple(links),
            separations=tuple(separations),
            wide=tuple(sorted(partition.wide)),
            history=tuple(shortened(history)),
            erased=erased,
            met=tuple(sorted(met & {*map(text_of, ids)})),
            policy=policy.name,
        )

    def _transaction(
        self, read: Sequence[Neighbourhood], after: Neighbourhood, gone: Mapping[str, int], fresh: Sequence[Identifier]
    ) -> Update:
        """What was read becomes this, in parts where it falls apart and a transaction has room for them."""
        wide = set(after.wide)
        parts = parted(after, lambda one: self.pointers.is_barred(one, wide), self.new_id)
        update = self._written(read, parts, gone, fresh)
        if update.items > MOST_ITEMS and len(parts) > 1:
            update = self._written(read, [after], gone, fresh)
        if update.items > MOST_ITEMS:
            raise TooManyToJoinError(f"more than {MOST_ITEMS} items would change in one transaction")
        return update

    def _written(
        self,
        read: Sequence[Neighbourhood],
        parts: Sequence[Neighbourhood],
        gone: Mapping[str, int],
        fresh: Sequence[Identifier],
    ) -> Update:
        keys = self.pointers.keys
        now = {identifier_of(text): pointer for part in parts for text, pointer in self.pointers.of(part).items()}
        pointers = self.pointers.changed(read, parts)
        pointers |= {keys.key(one): now[one] for one in fresh}
        written = [one for one in now if keys.key(one) in pointers]
        dropped = frozenset(key for one in written for key in keys.keys(one)[1:])
        return Update(tuple(parts), gone, pointers, frozenset(map(keys.key, fresh)), dropped)


def _restored(
    members: Mapping[Identifier, str], profiles: Iterable[frozenset[Identifier]], former: Mapping[Identifier, str]
) -> Mapping[Identifier, str]:
    """The ids that identifiers wish for: their own; a former one where their profile changed and nobody else has it."""
    was: dict[str, set[Identifier]] = {}
    for identifier, profile_id in members.items():
        was.setdefault(profile_id, set()).add(identifier)
    changed = {one for profile in profiles for one in profile if one in members and was[members[one]] != profile}
    taken = {profile_id for identifier, profile_id in members.items() if identifier not in changed}
    return {
        identifier: former[identifier]
        if identifier in changed and identifier in former and former[identifier] not in taken
        else profile_id
        for identifier, profile_id in members.items()
    }


def with_links(known: Iterable[Link], new: Iterable[Link]) -> list[Link]:
    """Links without repeats: the earliest word of a kind, and an operator's latest."""
    links: dict[tuple[Identifier, Identifier, str], Link] = {}
    for link in (*known, *new):
        key = (link.center, link.other, link.basis)
        other = links.get(key)
        if other is None or _rank(link) < _rank(other):
            links[key] = link
    return [links[key] for key in sorted(links)]


def with_separations(separations: Iterable[Separation]) -> list[Separation]:
    """Separations without repeats: of the same groups the latest."""
    latest: dict[tuple[tuple[Identifier, ...], ...], Separation] = {}
    for separation in separations:
        known = latest.get(separation.groups)
        if known is None or known.at < separation.at:
            latest[separation.groups] = separation
    return sorted(latest.values(), key=lambda one: (one.at, one.groups))


def _rank(link: Link) -> tuple[float, str]:
    at = link.at.timestamp()
    return (-at if link.basis == "decided" else at), link.by


def _size(neighbourhood: Neighbourhood) -> tuple[int, str]:
    return len(neighbourhood.members), neighbourhood.neighbourhood_id
