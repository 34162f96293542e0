"""Learning who is who: the same profiles for the same facts, and one profile however many workers ask.

What is known already costs one read and no write. What is news is one transaction over the neighbourhoods that it
touches; where another worker was faster, all is read and planned again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from commerce_sync.contracts.identity_book import (
    Change,
    Identifier,
    Neighbourhood,
    Pointer,
    Update,
    identifier_of,
    text_of,
)
from commerce_sync.errors import RetriableError
from commerce_sync.identity.book import IdentityBook
from commerce_sync.identity.deciding import merging, separating, sharing, undoing
from commerce_sync.identity.facts import Differences, Observation
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.identity.neighbourhoods import News, Planner, TooManyToJoinError
from commerce_sync.identity.pointers import MOVING, Pointers
from commerce_sync.identity.policy import Policy

ATTEMPTS = 8

__all__ = ["IdentityBook", "Learnt", "Observation", "Resolver", "TooManyToJoinError"]
BUSY = "a person's identifiers are being changed by other workers"


@dataclass(frozen=True, slots=True)
class Learnt:
    """The pointers of all the facts' identifiers, and the facts that would have joined too many."""

    pointers: Mapping[Identifier, Pointer]
    refused: tuple[Observation, ...] = ()


@dataclass(frozen=True)
class Resolver:
    """Reads and teaches the identity book."""

    book: IdentityBook
    keys: IdentifierKeys
    policy: Policy
    now: Callable[[], datetime]
    new_id: Callable[[], str]

    def learn(self, observations: Sequence[Observation], known: Mapping[Identifier, Pointer] | None = None) -> Learnt:
        """Learn facts. Learning one again reads once and writes nothing.

        A fact that would join too many is refused, and its identifiers are known each for itself. Those whose person
        asked to be forgotten at or after a fact are left out of it.

        :param known: the pointers of all these identifiers, where they were read already.
        :raises RetriableError: other workers kept changing the same neighbourhoods.
        """
        identifiers = [one for observation in observations for one in observation.identifiers]
        pointers = dict(self.look_up(identifiers) if known is None else known)
        refused = []
        for observation in observations:
            try:
                self._learn(observation, pointers)
            except TooManyToJoinError:
                refused.append(observation)
                for one in observation.identifiers:
                    with suppress(TooManyToJoinError):  # it is where it is
                        self._learn(Observation(one, (), observation.at, observation.by), pointers)
        return Learnt(pointers, tuple(refused))

    def absorb(self, observations: Sequence[Observation]) -> Mapping[Identifier, Pointer]:
        """Learn facts. :raises TooManyToJoinError: one of them would join too many; the others are learnt."""
        learnt = self.learn(observations)
        if learnt.refused:
            raise TooManyToJoinError("a fact would join too many")
        return learnt.pointers

    def look_up(self, identifiers: Iterable[Identifier]) -> dict[Identifier, Pointer]:
        """The pointers of those identifiers that are known, in one read."""
        keys = self.keys_of(identifiers)
        return self.by_identifier(keys, self.book.pointers([key for several in keys.values() for key in several]))

    def keys_of(self, identifiers: Iterable[Identifier]) -> dict[Identifier, tuple[str, ...]]:
        """Every key that each identifier may stand under."""
        return {one: self.keys.keys(one) for one in dict.fromkeys(identifiers)}

    @staticmethod
    def by_identifier(
        keys: Mapping[Identifier, Sequence[str]], found: Mapping[str, Pointer]
    ) -> dict[Identifier, Pointer]:
        """The pointers found under keys, by the identifiers of these keys. One under an older pepper has to move."""
        pointers = {}
        for identifier, (current, *older) in keys.items():
            if current in found:
                pointers[identifier] = found[current]
            elif under := next((key for key in older if key in found), None):
                pointers[identifier] = replace(found[under], policy=MOVING)
        return pointers

    def profiles_of(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, str]:
        """The profile ids of those identifiers that have one."""
        pointers = self.look_up(identifiers)
        return {one: pointer.profile_id for one, pointer in pointers.items() if pointer.profile_id}

    def neighbourhood_of(self, identifier: Identifier) -> Neighbourhood | None:
        """All that is linked with an identifier."""
        pointer = self.look_up([identifier]).get(identifier)
        if pointer is None or pointer.neighbourhood_id is None:
            return None
        return self.book.neighbourhoods([pointer.neighbourhood_id]).get(pointer.neighbourhood_id)

    def merge(self, identifiers: Sequence[Identifier], by: str, why: str) -> Change | None:
        """An operator's merge; its history entry, or None where they were one person already.

        :raises TooManyToJoinError: it would join too many.
        """
        return self._tell(lambda: merging(identifiers, self.now(), by, why))

    def separate(self, groups: Sequence[Sequence[Identifier]], by: str, why: str) -> Change | None:
        """An operator's separation; its history entry, or None where nobody was parted by it."""
        return self._tell(lambda: separating(groups, self.now(), by, why))

    def share(self, identifier: Identifier, by: str, why: str) -> Change | None:
        """An operator's word that an identifier is nobody's own: it joins nobody from now on, for good."""
        return self._tell(lambda: sharing(identifier, self.now(), by, why))

    def unmerge(self, change_id: str, of: Identifier, by: str, why: str) -> Change | None:
        """Undo a change in somebody's history: its sides are different people from now on.

        :raises NoSuchChangeError: the history of that identifier's neighbourhood has no such change.
        """
        return self._tell(lambda: undoing(self.neighbourhood_of(of), change_id, self.now(), by, why))

    def _tell(self, news: Callable[[], News]) -> Change | None:
        """Write an operator's word; made anew where another worker was faster."""
        for _ in range(ATTEMPTS):
            told = news()
            read = self._read(told, self.look_up(told.members))
            update = self.planner.update(read, told) if read is not None else None
            if read is not None and update and self.book.save(update):
                known = {change.change_id for one in read for change in one.history}
                history = (change for one in update.kept for change in one.history)
                return next((change for change in history if change.change_id not in known), None)
        raise RetriableError(BUSY)

    @cached_property
    def planner(self) -> Planner:
        """Plans updates with this resolver's rules."""
        return Planner(Pointers(self.keys, self.policy), self.new_id)

    def _learn(self, observation: Observation, pointers: dict[Identifier, Pointer]) -> None:
        """One fact, in as many transactions as barred identifiers keep it apart. ``pointers`` follow what is saved."""
        if observation.basis == "stated" and len(observation.others) > self.policy.most_merged:
            raise TooManyToJoinError(f"more than {self.policy.most_merged} others are stated to be one person")
        differences = Differences(self.planner.pointers)
        for _ in range(ATTEMPTS * len(observation.identifiers)):
            steps = differences.steps(observation, pointers, self.now())
            if not steps:
                return
            read = self._read(steps[0], pointers)
            update = self.planner.update(read, steps[0]) if read is not None else None
            if update and self.book.save(update):
                pointers |= self._written(update, pointers)
            else:
                pointers |= self.look_up(observation.identifiers)
        raise RetriableError(BUSY)

    def _written(self, update: Update, before: Mapping[Identifier, Pointer]) -> dict[Identifier, Pointer]:
        """The pointers as they now stand, but for those that still have to move from under an older pepper."""
        now = {identifier_of(text): one for near in update.kept for text, one in self.planner.pointers.of(near).items()}
        moving = {one for one, pointer in before.items() if pointer.policy == MOVING}
        moved = {one for one in moving if self.keys.key(one) in update.pointers}
        return {one: pointer for one, pointer in now.items() if one not in moving - moved}

    def _read(self, news: News, pointers: Mapping[Identifier, Pointer]) -> list[Neighbourhood] | None:
        """Every neighbourhood that news touches, and those that have to come along. None: they are being changed."""
        near, read = [pointers[one] for one in news.members if one in pointers], dict[str, Neighbourhood]()
        while ids := {one.neighbourhood_id for one in near if one.neighbourhood_id} - read.keys():
            found = self.book.neighbourhoods(sorted(ids))
            if len(found) < len(ids):
                return None
            read |= found
            near = list(self.look_up(self._loose_ends(read.values(), news)).values())
        return list(read.values())

    def _loose_ends(self, read: Iterable[Neighbourhood], news: News) -> set[Identifier]:
        """Ends of links that stand elsewhere though links go through them: the rules were others then."""
        read = list(read)
        held = {text for one in read for text in one.members}
        wide = {identifier for one in read for identifier in one.wide} | news.wide
        ends = {end for one in read for link in one.links for end in (link.center, link.other)}
        return {end for end in ends if text_of(end) not in held and not self.planner.pointers.is_barred(end, wide)}
