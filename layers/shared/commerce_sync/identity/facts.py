"""What a fact about who is who adds to what is known: the pure half of learning."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from commerce_sync.contracts.identity_book import Basis, Identifier, Link, Pointer
from commerce_sync.identity.histories import Occasion
from commerce_sync.identity.neighbourhoods import News
from commerce_sync.identity.pointers import MOVING, Pointers
from commerce_sync.identity.policy import Policy, is_phone

NO_STORES = frozenset({"hubspot", "klaviyo", "operator", "properties", "web"})
Known = Mapping[Identifier, Pointer]
"""The pointers of those identifiers that have one."""


@dataclass(frozen=True, slots=True)
class Observation:
    """Somebody (``by``) saw, or states, at a moment that ``center`` and each of the others are one person."""

    center: Identifier
    others: tuple[Identifier, ...]
    at: datetime
    by: str
    basis: Basis = "seen"

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """All of them."""
        return (self.center, *self.others)

    @property
    def is_by_store(self) -> bool:
        """Whether a store says it: its people buy, or look around. A CRM's and a mailer's may never have.

        What a browser says is nobody's word: anybody can write it.
        """
        return self.by.partition(":")[0] not in NO_STORES


def is_about_erased(observation: Observation, pointers: Known, policy: Policy) -> bool:
    """Whether its person asked to be forgotten at or after it: an address or a record of theirs is marked so.

    An address that a team reads, or that too many share, says so only where nothing else is named. A store's later
    word brings somebody back; a vendor's (an echo of the erasure, a contact that somebody edited) never does.
    """
    gone = [one for one in _erased(observation, pointers) if not is_phone(one)]
    named = [one for one in observation.identifiers if not is_phone(one)]
    own = [one for one in named if not policy.is_role(one) and not (one in pointers and pointers[one].wide)]
    return any(one in own or not own for one in gone)


@dataclass(frozen=True)
class Differences:
    """Compares facts with what is known."""

    maker: Pointers

    def steps(self, observation: Observation, pointers: Known, now: datetime) -> list[News]:
        """A transaction each for what a fact adds; none where all of it is known.

        Identifiers that links do not go through (barred ones) stay in neighbourhoods of their own: with one at its
        center, a fact is told to each of the others.
        """
        if is_about_erased(observation, pointers, self.maker.policy):
            return []
        gone = _erased(observation, pointers)
        observation = replace(observation, others=tuple(one for one in observation.others if one not in gone))
        if observation.center in gone:
            return []
        steps = [
            self._step(observation, members, links, pointers, now)
            for members, links in self._parts(observation, pointers)
        ]
        return [step for step in steps if step]

    def _parts(
        self, observation: Observation, pointers: Known
    ) -> list[tuple[tuple[Identifier, ...], tuple[Link, ...]]]:
        wide = _wide(pointers)
        barred = [one for one in observation.identifiers if self.maker.is_barred(one, wide)]
        near = tuple(one for one in observation.identifiers if one not in barred)
        links = [
            Link(center=observation.center, other=other, basis=observation.basis, at=observation.at, by=observation.by)
            for other in observation.others
        ]
        alone = [((one,), ()) for one in barred]
        if observation.center in barred:
            return [*alone, *(((link.other,), (link,)) for link in links if link.other in near)]
        return [*alone, (near, tuple(links))]

    def _step(
        self,
        observation: Observation,
        members: tuple[Identifier, ...],
        links: Iterable[Link],
        pointers: Known,
        now: datetime,
    ) -> News | None:
        wide = _wide(pointers)
        new = tuple(link for link in links if self._is_new(link, wide, pointers))
        if not new and not any(self._is_unplaced(pointers.get(one), observation) for one in members):
            return None
        ends = tuple((link.center, link.other) for link in new)
        marks = {one: pointers[one].erased_at for one in members if one in pointers}
        return News(
            Occasion(now, observation.by, observation.basis, ends),
            members,
            new,
            wide=wide & {end for pair in ends for end in pair},
            erased={one: at for one, at in marks.items() if at},
            met=observation.is_by_store,
            moving=frozenset(one for one in members if one in pointers and pointers[one].policy == MOVING),
        )

    def _is_unplaced(self, pointer: Pointer | None, observation: Observation) -> bool:
        if pointer is None or pointer.profile_id is None or pointer.policy != self.maker.policy.name:
            return True
        return observation.is_by_store and not pointer.named

    def _is_new(self, link: Link, wide: frozenset[Identifier], pointers: Known) -> bool:
        pointer = pointers.get(self.maker.holder(link, wide))
        known = pointer.links.get(self.maker.name(link)) if pointer else None
        return known is None or link.at < datetime.fromisoformat(known)


def _wide(pointers: Known) -> frozenset[Identifier]:
    return frozenset(one for one, pointer in pointers.items() if pointer.wide)


def _erased(observation: Observation, pointers: Known) -> set[Identifier]:
    return {one for one in observation.identifiers if one in pointers and _is_erased(pointers[one], observation)}


def _is_erased(pointer: Pointer, observation: Observation) -> bool:
    if pointer.erased_at is None:
        return False
    return pointer.erased_at >= observation.at or (pointer.profile_id is None and not observation.is_by_store)
