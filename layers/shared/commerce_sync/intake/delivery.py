"""What a source's translator is given, and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from commerce_sync.contracts import CanonicalEvent, Store
from commerce_sync.intake.assembly import EMPTY_EVENT, event_of
from commerce_sync.intake.rejections import Rejection

#: Fields of one canonical event, by their names in the contract.
Facts = dict[str, Any]


class Delivery(NamedTuple):
    """One verified delivery, as its source's translator reads it."""

    source: str
    topic: str
    store: Store
    body: bytes
    headers: Mapping[str, str]
    hydrated: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Translation:
    """The events that a body proves, and the reasons for what became none. Both can be there at once."""

    events: tuple[CanonicalEvent, ...] = ()
    rejections: tuple[Rejection, ...] = ()

    @classmethod
    def of(cls, *facts: Facts) -> Self:
        """A translation into these events."""
        return cls(tuple(map(event_of, facts)))

    @classmethod
    def refused(cls, *rejections: Rejection) -> Self:
        """A translation without events."""
        return cls((), rejections)


Translator = Callable[[Delivery], Translation]


def facts_of(delivery: Delivery, **values: Any) -> Facts:
    """A full set of an event's fields with these values, the rest as the contract leaves them."""
    return {**EMPTY_EVENT, "source": delivery.source, "store": delivery.store.id, "properties": {}, **values}
