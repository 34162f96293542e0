"""Lets nobody through who asked to be forgotten: facts wait in queues from before, and senders repeat old ones."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commerce_sync.contracts import CanonicalEvent, DeliveredFacts, DueWork
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.delivery.order_book import anonymous

Named = Callable[[CanonicalEvent], Sequence[Identifier]]
Marks = Callable[[Sequence[Identifier]], Mapping[Identifier, datetime]]


@dataclass(frozen=True)
class Gate:
    """``marks`` says who is marked as erased, and since when; ``named`` gives the identifiers of an event's person."""

    marks: Mapping[Identifier, datetime]
    named: Named

    @classmethod
    def before(cls, messages: Iterable[DeliveredFacts | DueWork], named: Named, erased: Marks) -> "Gate":
        """The gate before a batch, in one look."""
        facts = [message for message in messages if isinstance(message, DeliveredFacts)]
        events = (event for message in facts for event in message.events if event.person)
        identifiers = list(dict.fromkeys(one for event in events for one in named(event)))
        return cls(erased(identifiers) if identifiers else {}, named)

    def through(self, message: DeliveredFacts | DueWork) -> DeliveredFacts | DueWork:
        """The message without those people."""
        if not self.marks or isinstance(message, DueWork):
            return message
        events = tuple(self._without_erased(event, message.received_at) for event in message.events)
        return message.model_copy(update={"events": events})

    def _without_erased(self, event: CanonicalEvent, received_at: datetime) -> CanonicalEvent:
        """Whose address or record is marked since the event is nobody. A phone may be a family's: it goes alone."""
        if event.person is None:
            return event
        at = min(event.occurred_at, received_at)
        named = self.named(event)
        gone = [one for one in named if one in self.marks and self.marks[one] >= at]
        if not gone:
            return event
        if len(gone) < len(named) and all(kind.partition("@")[0] == "phone" for kind, _ in gone):
            return event.model_copy(update={"person": event.person.model_copy(update={"phone": None})})
        return anonymous(event)
