"""What a source's translator is given, and what it gives back."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Self

from commerce_sync.contracts import CanonicalEvent, Person, PrivacyRequest, SamePerson, Store
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.intake.assembly import EMPTY_EVENT, event_of
from commerce_sync.intake.rejections import Rejection

#: Fields of one canonical event, by their names in the contract.
Facts = dict[str, Any]


class Delivery(NamedTuple):
    """One verified delivery, as its source's translator reads it. ``received_at`` is when it came, if known."""

    source: str
    topic: str
    store: Store
    body: bytes
    headers: Mapping[str, str]
    hydrated: Mapping[str, object] | None
    received_at: datetime | None = None


class Translation(NamedTuple):
    """The events that a body proves, and the reasons for what became none. Both can be there at once.

    ``same`` are statements that records are one person, ``privacy`` are requests to be forgotten or told. ``people``
    are those whom the body is about although no event names them: by them the archive is found for an erasure.
    ``consent`` is what it says of consent.
    """

    events: tuple[CanonicalEvent, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    same: tuple[SamePerson, ...] = ()
    privacy: tuple[PrivacyRequest, ...] = ()
    people: tuple[Person, ...] = ()
    consent: tuple[ConsentStatement, ...] = ()

    @classmethod
    def of(cls, *facts: Facts) -> Self:
        """A translation into these events."""
        return cls(tuple(map(event_of, facts)))

    @classmethod
    def refused(cls, *rejections: Rejection) -> Self:
        """A translation without events."""
        return cls((), rejections)

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """The translations of a body's parts as one. What two parts say alike is said once, but events and rejections.

        Of one privacy request that is told twice the later time holds.
        """
        parts = tuple(parts)
        requests = sorted((one for part in parts for one in part.privacy), key=lambda one: one.requested_at)
        return cls(
            events=tuple(event for part in parts for event in part.events),
            rejections=tuple(rejection for part in parts for rejection in part.rejections),
            same=tuple(dict.fromkeys(said for part in parts for said in part.same)),
            privacy=tuple({one.request_id: one for one in requests}.values()),
            people=tuple(dict.fromkeys(person for part in parts for person in part.people)),
            consent=tuple({said.statement_id: said for part in parts for said in part.consent}.values()),
        )


Translator = Callable[[Delivery], Translation]


def facts_of(delivery: Delivery, **values: Any) -> Facts:
    """A full set of an event's fields with these values, the rest as the contract leaves them."""
    return {**EMPTY_EVENT, "source": delivery.source, "store": delivery.store.id, "properties": {}, **values}
