"""Everyone whom one delivery names, made known: profiles for its events, traces for its people, nobody brought back."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from commerce_sync.contracts import CanonicalEvent, Person, Store
from commerce_sync.contracts.identity import PrivacyRequest, SamePerson
from commerce_sync.contracts.identity_book import Identifier, Pointer
from commerce_sync.identity.facts import Observation, is_about_erased
from commerce_sync.identity.persons import deciding, identifiers_of, normalize_person, observed, stated
from commerce_sync.identity.policy import is_record
from commerce_sync.identity.resolution import Resolver

Row = tuple[str, str]
"""An address key, and the trace under it."""


class Told(Protocol):
    """What a delivery says: a translation."""

    @property
    def events(self) -> Sequence[CanonicalEvent]: ...  # noqa: D102
    @property
    def same(self) -> Sequence[SamePerson]: ...  # noqa: D102
    @property
    def privacy(self) -> Sequence[PrivacyRequest]: ...  # noqa: D102
    @property
    def people(self) -> Sequence[Person]: ...  # noqa: D102


FirstLook = Callable[[Sequence[str], Sequence[Row]], tuple[Mapping[str, Pointer], Set[Row]]]
"""Pointers by key, and which rows of the traces exist, in one read."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a delivery is from, when it came, the trace that leads to it, and what each of its events leaves."""

    store: Store
    received_at: datetime
    trace: str
    trace_of: Callable[[CanonicalEvent], str | None]


@dataclass(frozen=True)
class Introduced:
    """A delivery whose people are known.

    ``traces`` are new: whose, which, and whether it leads to the delivery itself. ``refused`` counts facts that would
    have joined too many. ``forgotten`` counts people who asked to be forgotten since: they are in none of the events.
    """

    events: tuple[CanonicalEvent, ...]
    privacy: tuple[PrivacyRequest, ...]
    traces: tuple[tuple[Identifier, str, bool], ...]
    refused: int
    forgotten: int


@dataclass
class _Someone:
    """One person of a delivery: their normal form, their fact, and the traces of the events about them.

    Who is only mentioned teaches nothing: a body that was not understood may name several people side by side.
    """

    person: Person
    identifiers: tuple[Identifier, ...]
    fact: Observation
    mentioned: bool
    traces: dict[str, None] = field(default_factory=dict)


def introduce(told: Told, arrival: Arrival, resolver: Resolver, look: FirstLook) -> Introduced:
    """Learn a delivery's facts and make its events about profiles. All of it again reads once and writes nothing.

    :raises RetriableError: other workers kept changing the same people.
    """
    people = _people(told, arrival, resolver)
    statements = [fact for same in told.same for fact in stated(same, arrival.store, resolver.policy.apart)]
    facts = [*(one.fact for one in people.values() if not one.mentioned), *statements]
    named = [*(one.identifiers for one in people.values()), *(fact.identifiers for fact in statements)]
    keys = resolver.keys_of(identifier for identifiers in named for identifier in identifiers)
    first = {raw: deciding(one.identifiers, {}, resolver.policy) for raw, one in people.items()}
    rows = {raw: (resolver.keys.key(one), arrival.trace) for raw, one in first.items()}
    found, traced = look([key for several in keys.values() for key in several], list(dict.fromkeys(rows.values())))
    known = resolver.by_identifier(keys, found)
    gone = {raw for raw, one in people.items() if is_about_erased(one.fact, known, resolver.policy)}
    learnt = resolver.learn(facts, known)
    return Introduced(
        tuple(_about(event, people, gone, learnt.pointers, resolver) for event in told.events),
        tuple(_normalized(request, arrival.store) for request in told.privacy),
        tuple(
            (whose, trace, trace == arrival.trace)
            for raw, one in people.items()
            if raw not in gone and rows[raw] not in traced
            for whose in _traced(one.identifiers, learnt.pointers, resolver)
            for trace in (arrival.trace, *one.traces)
        ),
        len(learnt.refused),
        len(gone),
    )


def _traced(
    identifiers: Sequence[Identifier], pointers: Mapping[Identifier, Pointer], resolver: Resolver
) -> list[Identifier]:
    """Under whom a trace is left: whoever decides, and the record, which stays theirs when the address becomes wide."""
    records = [one for one in identifiers if is_record(one)]
    return list(dict.fromkeys([deciding(identifiers, pointers, resolver.policy), *records]))


def _people(told: Told, arrival: Arrival, resolver: Resolver) -> dict[Person, _Someone]:
    """Each person once, as of the earliest moment that they are named at."""
    named = [(event.person, event) for event in told.events if event.person]
    mentioned = [(person, None) for person in told.people]
    people: dict[Person, _Someone] = {}
    for raw, event in (*named, *mentioned):
        at = min(event.occurred_at, arrival.received_at) if event else arrival.received_at
        if raw not in people:
            person = normalize_person(raw, arrival.store)
            if identifiers := identifiers_of(person, arrival.store, resolver.policy):
                by = f"{arrival.store.source}:{arrival.store.id}"
                people[raw] = _Someone(person, identifiers, observed(identifiers, at, by), mentioned=event is None)
        if someone := people.get(raw):
            if at < someone.fact.at:
                someone.fact = observed(someone.identifiers, at, someone.fact.by)
            if event and (trace := arrival.trace_of(event)):
                someone.traces[trace] = None
    return people


def _about(
    event: CanonicalEvent,
    people: Mapping[Person, _Someone],
    gone: Set[Person],
    pointers: Mapping[Identifier, Pointer],
    resolver: Resolver,
) -> CanonicalEvent:
    """The event about its profile; about nobody where its person is to be forgotten, or names nothing usable."""
    if event.person is None:
        return event
    someone = people.get(event.person)
    if someone is None or event.person in gone:
        person = None if someone else normalize_person(event.person, Store(source=event.source, id=event.store))
        return event.model_copy(update={"person": person})
    pointer = pointers.get(deciding(someone.identifiers, pointers, resolver.policy))
    return event.model_copy(update={"person": someone.person, "profile_id": pointer.profile_id if pointer else None})


def _normalized(request: PrivacyRequest, store: Store) -> PrivacyRequest:
    person = normalize_person(request.person, store) if request.person else None
    return request.model_copy(update={"person": person})
