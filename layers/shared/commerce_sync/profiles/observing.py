"""What owners observed of people as a source: it is kept first, and the newest holds until it ends.

A person whom no store has met, who has no email address, or whose destination does not hear us yet is looked at again
later; so is one whose next value ends, on its day.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from commerce_sync.contracts import CanonicalEvent
from commerce_sync.contracts.advanced import DESTINATIONS, AdvancedProperty, Destination, Said
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.errors import PausedError
from commerce_sync.profiles.destinations import NOT_YET, OUT_OF_TIME, NotYetError
from commerce_sync.profiles.looks import OBSERVED
from commerce_sync.profiles.observed import Sayings, held, newest, next_end, said_in
from commerce_sync.profiles.syncing import MayGoOn, Met, Spoken


class Book(Protocol):
    """What was said."""

    def keep(self, identifier: Identifier, name: str, said: Said) -> str:
        """Keep it unless something newer is kept; returns the key that names its person and nobody."""

    def whose(self, key: str) -> Identifier | None:
        """Whom a key names; None where nothing is kept any more."""

    def sayings(self, identifiers: Sequence[Identifier]) -> Iterable[Sayings]:
        """What was said under each."""


class Observed(Protocol):
    """Who is who."""

    def subject_of(self, event: CanonicalEvent) -> Identifier | None:
        """Whom an event is about; None where they asked to be forgotten since, or are nobody."""

    def person_of(self, identifier: Identifier) -> tuple[Sequence[Identifier], Sequence[str]]:
        """Every identifier of the person, and those of their email addresses that a store has met."""


@dataclass
class ObservedSource:
    """One batch. ``live`` are the destinations that hear us."""

    properties: Sequence[AdvancedProperty]
    book: Book
    people: Observed
    live: Sequence[Destination]
    now: datetime
    _identifiers: dict[str, Sequence[Identifier]] = field(default_factory=dict, init=False)
    _ends: dict[str, datetime | None] = field(default_factory=dict, init=False)

    def keep(self, events: Iterable[CanonicalEvent], counts: Counter[str]) -> list[str]:
        """Keep what events say; the subjects that they are about. All of it again changes nothing."""
        keys: dict[str, None] = {}
        for event in events:
            if subject := self.people.subject_of(event):
                keys[self.book.keep(subject, *said_in(event))] = None
            else:
                counts["ForgottenObservations"] += 1
        return [f"{OBSERVED}{key}" for key in keys]

    def meet(self, subjects: Sequence[str], may_go_on: MayGoOn) -> Met:
        """Who the keys name; where nothing is kept any more, nobody."""
        met = Met()
        unheard = {to for one in self.properties for to in DESTINATIONS if one.name_at(to)} - set(self.live)
        for subject in subjects:
            if not may_go_on():
                met.waiting[subject] = PausedError(OUT_OF_TIME, retry_after=1.0)
            elif whose := self.book.whose(subject.removeprefix(OBSERVED)):
                identifiers, emails = self.people.person_of(whose)
                self._identifiers[subject] = tuple(dict.fromkeys([whose, *identifiers]))
                met.emails[subject] = tuple(emails)
                if unheard or not emails:
                    met.lingering[subject] = NotYetError(NOT_YET)
        return met

    def speak(self, met: Met) -> Iterator[Spoken]:
        """The values that hold now, and none for every property that has none."""
        said = {subject: newest(self.book.sayings(self._identifiers[subject])) for subject in met.emails}
        self._ends = {subject: next_end(one, self.now) for subject, one in said.items()}
        shared: dict[str, list[Sayings]] = {}
        for subject, emails in met.emails.items():
            for email in emails:
                shared.setdefault(email, []).append(said[subject])
        for email, sayings in shared.items():
            for to in self.live:
                yield Spoken(to, email, self._values(newest(sayings), to))

    def ends(self, subject: str) -> datetime | None:
        """When the next of the values ends."""
        return self._ends.get(subject)

    def _values(self, said: Mapping[str, Said], to: Destination) -> dict[str, str | None]:
        values: dict[str, str | None] = {at: None for one in self.properties if (at := one.name_at(to))}
        return values | held(said, self.properties, to, self.now)
