"""Whole people, for those who must know or forget all of one: privacy requests and operators."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce_sync.contracts.identity_book import Identifier, Neighbourhood, Pointer, identifier_of, text_of
from commerce_sync.errors import RetriableError
from commerce_sync.identity.explaining import explained
from commerce_sync.identity.forgetting import forgetting, loosest_first, most_forgotten
from commerce_sync.identity.policy import EMAIL, PHONE, is_phone, is_record
from commerce_sync.identity.resolution import ATTEMPTS, BUSY, Resolver


@dataclass(frozen=True)
class People:
    """People as the identity book knows them."""

    resolver: Resolver

    def identifiers_of_person(self, named: Sequence[Identifier]) -> Sequence[Identifier]:
        """Every identifier of the person whom the named ones mean, and the named ones that nobody holds.

        A record that is known decides alone: an address beside it that somebody else holds is left out. Without one
        the addresses decide; a phone alone only where it is one person's. What a team reads or too many share is left
        out where anything else is named.
        """
        named = [*named, *self._kept_apart(named)]
        pointers = self.resolver.look_up(named)
        named = [one for one in named if "@" not in one[0] or one in pointers]
        shared = [one for one in named if self._is_shared(one, pointers)]
        own = [one for one in named if one not in shared] or [one for one in shared if not is_wide(one, pointers)]
        placed = [one for one in own if one in pointers and pointers[one].profile_id]
        chosen = (
            [one for one in placed if is_record(one)]
            or [one for one in placed if not is_phone(one)]
            or [one for one in placed if self._is_one_persons(one)]
        )
        found = {one: None for one in own if one not in placed}
        for neighbourhood in self._neighbourhoods(chosen):
            profiles = {neighbourhood.members[text_of(one)] for one in chosen if text_of(one) in neighbourhood.members}
            members = (identifier_of(text) for text, profile in neighbourhood.members.items() if profile in profiles)
            found |= dict.fromkeys(members)
        return list(found)

    def came_back(self, identifiers: Sequence[Identifier]) -> Sequence[Identifier]:
        """Those that are marked and that a store has made known again since. A vendor's echo brings nobody back."""
        pointers = self.resolver.look_up(identifiers)
        return [one for one, pointer in pointers.items() if pointer.erased_at and pointer.profile_id and pointer.met]

    def described(self, identifiers: Sequence[Identifier]) -> Mapping[str, Any]:
        """What the identity book knows of the people behind identifiers, as ``operations explain`` says it."""
        known = list(self._neighbourhoods(identifiers))
        return {"profiles": [one for near in known for one in explained(near, identifiers, self.resolver.policy)]}

    def forget(self, identifiers: Sequence[Identifier], at: datetime) -> int:
        """Leave of identifiers nothing but marks; returns how many were known. Again, it changes nothing."""
        forgotten = 0
        for _ in range(ATTEMPTS + len(identifiers)):
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
            some = loosest_first(members, read)[: most_forgotten(self.resolver.planner, read)]
            update = forgetting(self.resolver.planner, read, some, at, self.resolver.now())
            forgotten += len(some) if self.resolver.book.save(update) and read else 0
        return forgotten

    def _kept_apart(self, named: Iterable[Identifier]) -> Iterable[Identifier]:
        """The same addresses as customers of stores that are kept apart have them."""
        for kind, value in named:
            if kind in {EMAIL, PHONE}:
                yield from ((f"{kind}@{store}", value) for store in sorted(self.resolver.policy.apart))

    def _is_shared(self, identifier: Identifier, pointers: Mapping[Identifier, Pointer]) -> bool:
        return self.resolver.policy.is_role(identifier) or is_wide(identifier, pointers)

    def _is_one_persons(self, phone: Identifier) -> bool:
        """Whether somebody's profile holds a phone, and it is not one that several were seen with."""
        for neighbourhood in self._neighbourhoods([phone]):
            profile = neighbourhood.members.get(text_of(phone))
            others = [text for text, other in neighbourhood.members.items() if other == profile]
            return len(others) > 1 or not any(link.other == phone for link in neighbourhood.links)
        return True

    def _neighbourhoods(self, about: Sequence[Identifier]) -> Iterable[Neighbourhood]:
        """The neighbourhoods of identifiers, all of them: read again where one became another's meanwhile."""
        for _ in range(ATTEMPTS):
            pointers = self.resolver.look_up(about).values()
            ids = {pointer.neighbourhood_id for pointer in pointers if pointer.neighbourhood_id}
            found = self.resolver.book.neighbourhoods(sorted(ids)) if ids else {}
            if len(found) == len(ids):
                return found.values()
        raise RetriableError(BUSY)


def _is_marked(pointer: Pointer | None, at: datetime) -> bool:
    """Whether somebody was forgotten then or since. Who came back later is not forgotten by the same request again."""
    return pointer is not None and pointer.erased_at is not None and pointer.erased_at >= at


def is_wide(identifier: Identifier, pointers: Mapping[Identifier, Pointer]) -> bool:
    """Whether too many share it."""
    return identifier in pointers and pointers[identifier].wide
