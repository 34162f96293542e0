"""Keeps what is observed of people, and tells it to Klaviyo and HubSpot: only what differs from what they have.

What was said is kept first. A person whom no store has met, who has no email address, or whose destination does not
hear us yet is looked at again later; so is one whose next value ends, on its day.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from commerce_sync.contracts import CanonicalEvent
from commerce_sync.contracts.advanced import DESTINATIONS, AdvancedProperty, Destination, Said
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.observed import Told, Values
from commerce_sync.errors import PausedError, PermanentError, RetriableError
from commerce_sync.profiles.observed import Sayings, held, newest, news, next_end, said_in

NOT_YET = "nobody can be told yet"
BUSY = "somebody else told them meanwhile"
TOGETHER = 25
Person = tuple[Sequence[Identifier], Sequence[str]]
"""All identifiers of one, and those of the email addresses that a store has met."""


class NotYetError(RetriableError):
    """Looking again soon changes nothing: nobody knows the person yet, or a vendor refused what a person must mend."""


class Book(Protocol):
    """What was said, and what the destinations have."""

    def keep(self, identifier: Identifier, name: str, said: Said) -> str:
        """Keep it unless something newer is kept; returns the key that names its person and nobody."""

    def whose(self, key: str) -> Identifier | None:
        """Whom a key names; None where nothing is kept any more."""

    def sayings(self, identifiers: Sequence[Identifier]) -> Iterable[Sayings]:
        """What was said under each."""

    def told(self, destination: Destination, emails: Sequence[str]) -> Mapping[str, Told]:
        """What a destination is known to have of each address; nothing where it was never told."""

    def begin(self, destination: Destination, email: str, told: Told) -> bool:
        """Note that a write begins, as the revision after the one that was read. False where somebody was faster."""

    def confirm(self, destination: Destination, email: str, told: Told) -> bool:
        """Note what it has now. False where somebody else began a write since: nobody knows then, and it is noted."""


class Observed(Protocol):
    """Who is who."""

    def subject_of(self, event: CanonicalEvent) -> Identifier | None:
        """Whom an event is about; None where they asked to be forgotten since, or are nobody."""

    def person_of(self, identifier: Identifier) -> Person:
        """Every identifier of the person, and those of their email addresses that a store has met."""


Tell = Callable[[Mapping[str, Values]], Mapping[str, Exception | None]]
"""Writes values by email address; what became of each: None, or why not. One that is absent is not known there."""


@dataclass
class Kept:
    """What became of people, by key: when to look again (None: never), or why they must wait; and figures."""

    due: dict[str, datetime | None] = field(default_factory=dict)
    waiting: dict[str, RetriableError] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Observing:
    """One batch. ``tell`` has the destinations that are live; one that cannot be made now raises why."""

    properties: Sequence[AdvancedProperty]
    book: Book
    people: Observed
    tell: Mapping[Destination, Tell]
    now: datetime

    def keep(self, events: Iterable[CanonicalEvent], counts: Counter[str]) -> list[str]:
        """Keep what events say; the keys of whom they are about. All of it again changes nothing."""
        keys: dict[str, None] = {}
        for event in events:
            if subject := self.people.subject_of(event):
                keys[self.book.keep(subject, *said_in(event))] = None
            else:
                counts["ForgottenObservations"] += 1
        return list(keys)

    def run(self, keys: Sequence[str], may_go_on: Callable[[], bool]) -> Kept:
        """Tell what is news of these people. Who is not reached in time waits."""
        kept, people = Kept(), dict[str, Person]()
        for key in keys:
            if not may_go_on():
                kept.waiting[key] = PausedError("out of time", retry_after=1.0)
            elif subject := self.book.whose(key):
                identifiers, emails = self.people.person_of(subject)
                people[key] = tuple(dict.fromkeys([subject, *identifiers])), emails
            else:
                kept.due[key] = None
        self._tell_people(people, may_go_on, kept)
        return kept

    def _tell_people(self, people: Mapping[str, Person], may_go_on: Callable[[], bool], kept: Kept) -> None:
        """What destinations have is read before what was said is: a telling of somebody else in between is noticed."""
        emails = list(dict.fromkeys(email for _, theirs in people.values() for email in theirs))
        known = {to: self.book.told(to, emails) for to in self.tell}
        said = {key: newest(self.book.sayings(identifiers)) for key, (identifiers, _) in people.items()}
        of_email = {email: newest(said[key] for key in people if email in people[key][1]) for email in emails}
        late = {to: self._tell(to, of_email, known[to], may_go_on, kept.counts) for to in self.tell}
        unheard = {to for one in self.properties for to in DESTINATIONS if one.name_at(to)} - self.tell.keys()
        for key, (_, theirs) in people.items():
            kept.due[key] = next_end(said[key], self.now)
            wrong = [late[to][email] for to in late for email in theirs if email in late[to]]
            if wrong:
                kept.waiting[key] = next((one for one in wrong if one.retry_after is not None), wrong[0])
            elif unheard or not theirs:
                kept.waiting[key] = NotYetError(NOT_YET)

    def _tell(
        self,
        destination: Destination,
        said: Mapping[str, Sayings],
        known: Mapping[str, Told],
        may_go_on: Callable[[], bool],
        counts: Counter[str],
    ) -> dict[str, RetriableError]:
        """Tell one destination of some addresses; those that must wait, each with why."""
        wanted = {email: held(one, self.properties, destination, self.now) for email, one in said.items()}
        differing = {email: found for email, one in wanted.items() if (found := news(one, known[email]))}
        late: dict[str, RetriableError] = {}
        stopped: RetriableError | None = None
        for emails in _some(list(differing)):
            stopped = stopped or (None if may_go_on() else PausedError("out of time", retry_after=1.0))
            if stopped is None:
                begun = [one for one in emails if self.book.begin(destination, one, _begun(wanted[one], known[one]))]
                late |= {one: RetriableError(BUSY) for one in emails if one not in begun}
                stopped = self._write(destination, {one: differing[one] for one in begun}, wanted, known, late, counts)
            else:
                late |= dict.fromkeys(emails, stopped)
        return late

    def _write(  # noqa: PLR0917 - one step of _tell, with all that it knows
        self,
        destination: Destination,
        differing: Mapping[str, Values],
        wanted: Mapping[str, Values],
        known: Mapping[str, Told],
        late: dict[str, RetriableError],
        counts: Counter[str],
    ) -> RetriableError | None:
        """One call, and what became of each address; returns why everything after it must wait, if it must."""
        try:
            verdicts = self.tell[destination](differing)
        except PermanentError as error:
            verdicts = dict.fromkeys(differing, error)
        except RetriableError as error:
            late |= dict.fromkeys(differing, error)
            return error
        for email in differing:
            verdict = verdicts.get(email, NotYetError(NOT_YET))
            if isinstance(verdict, RetriableError):
                late[email] = verdict
            elif verdict is not None:
                counts["RefusedObservations"] += 1
                late[email] = NotYetError(f"{destination}: {verdict}")
            elif self.book.confirm(destination, email, Told(wanted[email], known[email].revision + 1)):
                counts["WrittenObservations"] += 1
            else:
                late[email] = RetriableError(BUSY)
        return next((one for one in late.values() if isinstance(one, PausedError)), None)


def _begun(wanted: Values, known: Told) -> Told:
    """While it is written: all that may stand there."""
    return Told({**known.values, **wanted}, known.revision + 1, is_unsure=True)


def _some(emails: Sequence[str]) -> Iterator[Sequence[str]]:
    return (emails[start : start + TOGETHER] for start in range(0, len(emails), TOGETHER))
