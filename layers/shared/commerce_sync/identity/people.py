"""Whole people, for those who must know or forget all of one: privacy requests and operators."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce_sync.contracts.identity_book import Identifier, Neighbourhood, Pointer, identifier_of, text_of
from commerce_sync.errors import RetriableError
from commerce_sync.identity.explaining import explained
from commerce_sync.identity.forgetting import forgetting
from commerce_sync.identity.policy import is_phone
from commerce_sync.identity.resolution import ATTEMPTS, BUSY, Resolver


@dataclass(frozen=True)
class People:
    """People as the identity book knows them. ``everything`` reads every neighbourhood there is."""

    resolver: Resolver
    everything: Callable[[], Iterable[Neighbourhood]] = tuple

    def identifiers_of_person(self, named: Sequence[Identifier]) -> Sequence[Identifier]:
        """Every identifier of the profiles that the named ones belong to, and the named ones that nobody knows.

        Addresses and records decide; a phone alone decides only where it is one person's. What too many share is
        nobody's own: it is left out.
        """
        pointers = self.resolver.look_up(named)
        own = [one for one in named if not (one in pointers and pointers[one].wide)]
        chosen = [one for one in own if not is_phone(one)] or own
        found = {one: None for one in chosen if one not in pointers or pointers[one].profile_id is None}
        for neighbourhood in self._neighbourhoods(pointers[one] for one in chosen if one in pointers):
            profiles = {neighbourhood.members[text_of(one)] for one in chosen if text_of(one) in neighbourhood.members}
            members = [identifier_of(text) for text, profile in neighbourhood.members.items() if profile in profiles]
            if any(not is_phone(one) for one in members) or not _has_linked(members, neighbourhood):
                found |= dict.fromkeys(members)
        return list(found)

    def described(self, identifiers: Sequence[Identifier]) -> Mapping[str, Any]:
        """What the identity book knows of the people behind identifiers, as ``operations explain`` says it."""
        pointers = self.resolver.look_up(identifiers)
        known = list(self._neighbourhoods(pointers.values()))
        return {"profiles": [one for near in known for one in explained(near, identifiers, self.resolver.policy)]}

    def forget(self, identifiers: Sequence[Identifier], at: datetime) -> int:
        """Leave of identifiers nothing but marks; returns how many were known. Again, it changes nothing."""
        forgotten = 0
        for _ in range(ATTEMPTS):
            pointers = self.resolver.look_up(identifiers)
            left = [one for one in identifiers if not _is_marked(pointers.get(one), at)]
            if not left:
                return forgotten
            forgotten += self._forget(left, pointers, at)
        raise RetriableError(BUSY)

    def erased(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, datetime]:
        """Which identifiers are marked, and since when."""
        pointers = self.resolver.look_up(identifiers)
        return {one: pointer.erased_at for one, pointer in pointers.items() if pointer.erased_at}

    def records_of(self, kind: str) -> Iterator[Identifier]:
        """Every record of one store that is known. Reads the whole table: for a shop that is to be forgotten."""
        for neighbourhood in self.everything():
            yield from (one for one in map(identifier_of, neighbourhood.members) if one[0] == kind)

    def _forget(self, left: Sequence[Identifier], pointers: Mapping[Identifier, Pointer], at: datetime) -> int:
        near: dict[str | None, list[Identifier]] = defaultdict(list)
        for one in left:
            near[pointers[one].neighbourhood_id if one in pointers else None].append(one)
        found = self.resolver.book.neighbourhoods([one for one in near if one])
        forgotten = 0
        for neighbourhood_id, members in near.items():
            read = found.get(neighbourhood_id or "")
            if neighbourhood_id and read is None:
                continue
            update = forgetting(self.resolver.planner, read, members, at, self.resolver.now())
            forgotten += len(members) if self.resolver.book.save(update) and read else 0
        return forgotten

    def _neighbourhoods(self, pointers: Iterable[Pointer]) -> Iterable[Neighbourhood]:
        ids = dict.fromkeys(pointer.neighbourhood_id for pointer in pointers if pointer.neighbourhood_id)
        return self.resolver.book.neighbourhoods(list(ids)).values()


def _is_marked(pointer: Pointer | None, at: datetime) -> bool:
    """Whether somebody was forgotten then or since. Who came back later is not forgotten by the same request again."""
    return pointer is not None and pointer.erased_at is not None and pointer.erased_at >= at


def _has_linked(members: Iterable[Identifier], neighbourhood: Neighbourhood) -> bool:
    """Whether others were seen with these: a phone that is several people's."""
    return any(link.other in members for link in neighbourhood.links)
