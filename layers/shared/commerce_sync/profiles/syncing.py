"""Looks at people and tells every destination what it shall have of them, coalesced by email address.

Who is meant is found out first, then what destinations have, and only then what their sources say: so a telling of
somebody else in between is noticed. A source whose people are known only by reading it says how old its word is.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from commerce_sync.contracts.fields import FieldValues
from commerce_sync.contracts.told import Told, ToldAt, Wanted
from commerce_sync.errors import RetriableError
from commerce_sync.profiles.destinations import Book, NotYetError
from commerce_sync.profiles.telling import Endings

MayGoOn = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a source says that a destination shall have of an address.

    ``versions`` as :class:`Wanted` has it: of a source that knows whom it speaks of only by reading what it says.
    """

    destination: ToldAt
    email: str
    values: FieldValues
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Met:
    """Who is meant: email addresses by subject. Who cannot be found out about waits, or is refused with a reason.

    ``lingering`` are told what can be told, and looked at again all the same.
    """

    emails: dict[str, tuple[str, ...]] = field(default_factory=dict)
    waiting: dict[str, RetriableError] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    lingering: dict[str, RetriableError] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


class Source(Protocol):
    """One that speaks of people, for one batch."""

    def meet(self, subjects: Sequence[str], may_go_on: MayGoOn) -> Met:
        """Whom these subjects name."""

    def speak(self, met: Met) -> Iterable[Spoken]:
        """What it says of them, after :meth:`meet`."""

    def ends(self, subject: str) -> datetime | None:
        """When something of what it said ends next."""


class Teller(Protocol):
    """Who is handed what one destination shall have: :class:`commerce_sync.profiles.telling.Telling`, or a listener."""

    @property
    def destination(self) -> ToldAt:
        """Which."""

    @property
    def book(self) -> Book:
        """What it is known to have."""

    def tell(self, wanted: Mapping[str, Wanted], known: Mapping[str, Told]) -> Endings:
        """What it shall have, of addresses of which ``known`` was read before."""


@dataclass
class Outcome:
    """By subject: who must wait and why, what was refused and why, what is not any more, when to look again."""

    waiting: dict[str, RetriableError] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    mended: set[str] = field(default_factory=set)
    due: dict[str, datetime | None] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class ProfileSync:
    """One batch. ``sources`` by how their subjects begin; ``tellings`` of the destinations that are live."""

    sources: Mapping[str, Source]
    tellings: Sequence[Teller]
    may_go_on: MayGoOn

    def run(self, subjects: Iterable[str], again: Iterable[str] = ()) -> Outcome:
        """Look at everybody; for those of ``again``, what was refused is sent once more."""
        outcome, again = Outcome(), set(again)
        by_source: dict[str, list[str]] = {}
        for subject in dict.fromkeys([*subjects, *sorted(again)]):
            by_source.setdefault(next(filter(subject.startswith, self.sources), ""), []).append(subject)
        met = {prefix: self._met(prefix, theirs) for prefix, theirs in by_source.items() if prefix in self.sources}
        looks: dict[str, list[str]] = {}
        for one in met.values():
            for subject, emails in one.emails.items():
                for email in emails:
                    looks.setdefault(email, []).append(subject)
        known = {one.destination: one.book.told(one.destination, list(looks)) for one in self.tellings}
        spoken = [said for prefix, one in met.items() for said in self._spoken(prefix, one)]
        endings = [
            one.tell(_wanted(one.destination, spoken, looks, again), known[one.destination]) for one in self.tellings
        ]
        for prefix, one in met.items():
            self._conclude(self.sources[prefix], one, endings, outcome)
        for ending in endings:
            outcome.counts += ending.counts
        return outcome

    def _met(self, prefix: str, subjects: Sequence[str]) -> Met:
        """Whom a source knows; where it cannot say now, its people wait, and those of the others are told."""
        try:
            return self.sources[prefix].meet(subjects, self.may_go_on)
        except RetriableError as error:
            return Met(waiting=dict.fromkeys(subjects, error))

    def _spoken(self, prefix: str, met: Met) -> Sequence[Spoken]:
        try:
            return list(self.sources[prefix].speak(met))
        except RetriableError as error:
            met.waiting |= dict.fromkeys(met.emails, error)
            met.emails = {}
            return ()

    def _conclude(self, source: Source, met: Met, endings: Sequence[Endings], outcome: Outcome) -> None:
        outcome.waiting |= met.waiting
        outcome.refused |= met.refused
        outcome.counts += met.counts
        for subject, emails in met.emails.items():
            outcome.due[subject] = source.ends(subject)
            wrong = [error for one in endings for error in _in_the_way(one, emails)]
            said = [one.refused[email] for one in endings for email in emails if email in one.refused]
            if wrong:
                outcome.waiting[subject] = next((one for one in wrong if one.retry_after is not None), wrong[0])
            elif subject in met.lingering:
                outcome.waiting[subject] = met.lingering[subject]
            if said:
                outcome.refused[subject] = said[0]
            elif not wrong and any(email in one.mended for one in endings for email in emails):
                outcome.mended.add(subject)


def _in_the_way(ending: Endings, emails: Sequence[str]) -> Sequence[RetriableError]:
    """Why one must wait for a destination. Somebody who is known there by one address is known there."""
    late = {email: ending.waiting[email] for email in emails if email in ending.waiting}
    is_known = len(late) < len(emails)
    return [error for error in late.values() if not (is_known and isinstance(error, NotYetError))]


def _wanted(
    destination: ToldAt, spoken: Iterable[Spoken], looks: Mapping[str, Sequence[str]], again: set[str]
) -> dict[str, Wanted]:
    """All that sources say of each address, as one write. No two of them say one field: it has one owner."""
    wanted: dict[str, Wanted] = {}
    for said in spoken:
        if said.destination == destination:
            before = wanted.get(said.email) or Wanted({}, tuple(looks[said.email]))
            versions = {**before.versions, **said.versions}
            wanted[said.email] = Wanted({**before.values, **said.values}, before.looks, versions)
    return {
        email: Wanted(one.values, one.looks, one.versions, again=not again.isdisjoint(one.looks))
        for email, one in wanted.items()
    }
