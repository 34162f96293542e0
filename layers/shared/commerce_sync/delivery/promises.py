"""Promises to vendors: their names, and the lease under which a worker keeps them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from commerce_sync.contracts import CanonicalEvent, Promise

ORDER_ROW = "hubspot#order"


def event_row(event: CanonicalEvent) -> str:
    """The row that promises an event to Klaviyo."""
    return f"klaviyo#{event.event_id}"


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to keep promises: its name, and until when."""

    claim: str
    now: datetime
    until: datetime

    @classmethod
    def starting(cls, claim: str, now: datetime, seconds: float) -> "Lease":
        """A lease that starts now."""
        return cls(claim, now, now + timedelta(seconds=seconds))

    def on(self, promise: Promise) -> Promise:
        """The promise, pending under this lease."""
        return replace(promise, status="pending", due_at=self.until, claim=self.claim)
