"""Neighbourhoods: what links connect, stored as one. Pure: from what was read and what is new to one transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from commerce_sync.contracts.identity_book import (
    Identifier,
    Link,
    Neighbourhood,
    Pointer,
    Separation,
    Update,
    identifier_of,
    text_of,
)
from commerce_sync.errors import PermanentError
from commerce_sync.identity.folding import fold
from commerce_sync.identity.histories import Occasion, changes_of
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.identity.naming import named
from commerce_sync.identity.policy import Policy

LONGEST_HISTORY = 100
MOVING = "moving"
"""The policy of a pointer that stands under an older pepper: whatever is learnt of it is written under the newer."""
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

    keys: IdentifierKeys
    policy: Policy
    new_id: Callable[[], str]

    def update(self, read: Sequence[Neighbourhood], news: News) -> Update:
        """The transaction that adds news to the neighbourhoods that it touches.

        :raises TooManyToJoinError: they would be too many to be one.
        """
        kept = max(read, key=_size, default=Neighbourhood(neighbourhood_id=self.new_id()))
        gone = {one.neighbourhood_id: one.version for one in read if one is not kept}
        members = {identifier_of(text): profile for one in read for text, profile in one.members.items()}
        fresh = [member for member in news.members if member not in members]
        if len(members) + len(fresh) > self.policy.most_identifiers:
            raise TooManyToJoinError(f"more than {self.policy.most_identifiers} identifiers would be one neighbourhood")
        links = with_links((link for one in read for link in one.links), news.links)
        separations = {separation: None for one in read for separation in one.separations}
        separations |= {news.separation: None} if news.separation else {}
        wide = {identifier for one in read for identifier in one.wide} | news.wide
        partition = fold([*members, *fresh], links, separations, self.policy, wide)
        placed = {member: profile for profile in partition.profiles for member in profile}
        profiles = {placed[member] & {*members, *fresh} for member in (*members, *fresh)}
        ids = named(profiles, _restored(members, profiles, news.former), self.new_id)
        history = [change for one in (kept, *(one for one in read if one is not kept)) for change in one.history]
        history += changes_of(members, ids, news.occasion, self.new_id)
        erased = {text: at for one in read for text, at in one.erased.items()}
        erased |= {text_of(member): news.erased[member] for member in fresh if member in news.erased}
        met = {text for one in read for text in one.met} | ({*map(text_of, news.members)} if news.met else set())
        after = Neighbourhood(
            neighbourhood_id=kept.neighbourhood_id,
            version=kept.version + 1,
            members={text_of(member): profile for member, profile in sorted(ids.items())},
            links=tuple(links),
            separations=tuple(separations),
            wide=tuple(sorted(partition.wide)),
            history=tuple(history[-LONGEST_HISTORY:]),
            erased=erased,
            met=tuple(sorted(met)),
        )
        everyone = self.pointers(after)
        pointers = self.changed_pointers(read, after)
        pointers |= {self.keys.key(one): everyone[text_of(one)] for one in news.moving}
        if 1 + len(gone) + len(pointers) > MOST_ITEMS:
            raise TooManyToJoinError(f"more than {MOST_ITEMS} items would change in one transaction")
        return Update(after, kept.version, gone, pointers, frozenset(map(self.keys.key, {*fresh, *news.moving})))

    def changed_pointers(self, read: Sequence[Neighbourhood], after: Neighbourhood) -> dict[str, Pointer]:
        """The pointers that change. Each can be told from its neighbourhood, so none is ever half known."""
        known = {text: pointer for one in read for text, pointer in self.pointers(one).items()}
        changed = {text: pointer for text, pointer in self.pointers(after).items() if known.get(text) != pointer}
        return {self.keys.key(identifier_of(text)): pointer for text, pointer in changed.items()}

    def pointers(self, neighbourhood: Neighbourhood) -> Mapping[str, Pointer]:
        """Every member's pointer, by its text."""
        wide, met = set(neighbourhood.wide), set(neighbourhood.met)
        links: dict[str, dict[str, str]] = {text: {} for text in neighbourhood.members}
        for link in neighbourhood.links:
            holder = text_of(self.holder(link, wide))
            if holder in links:
                links[holder][self.name(link)] = link.at.isoformat()
        return {
            text: Pointer(
                profile_id=profile,
                neighbourhood_id=neighbourhood.neighbourhood_id,
                wide=identifier_of(text) in wide,
                met=text in met,
                policy=self.policy.name,
                links=links[text],
                erased_at=neighbourhood.erased.get(text),
            )
            for text, profile in neighbourhood.members.items()
        }

    def holder(self, link: Link, wide: Iterable[Identifier]) -> Identifier:
        """Which end answers for a link: its center, or the other where the center is not passed through."""
        return link.other if self.is_barred(link.center, wide) and link.basis != "decided" else link.center

    def is_barred(self, identifier: Identifier, wide: Iterable[Identifier]) -> bool:
        """Whether links do not go through this one."""
        return identifier in wide or self.policy.is_role(identifier)

    def name(self, link: Link) -> str:
        """A link's name on the pointer that answers for it."""
        return f"{link.basis}#{self.keys.key(link.center)}#{self.keys.key(link.other)}"


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


def _rank(link: Link) -> tuple[float, str]:
    at = link.at.timestamp()
    return (-at if link.basis == "decided" else at), link.by


def _size(neighbourhood: Neighbourhood) -> tuple[int, str]:
    return len(neighbourhood.members), neighbourhood.neighbourhood_id
