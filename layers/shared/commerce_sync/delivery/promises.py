"""Promises to vendors: their names, and the lease under which a worker keeps them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from commerce_sync.contracts import CanonicalEvent, Promise

ORDER_ROW = "hubspot#order"
TOTALS_ROW = "profile#totals"
"""That its buyer's totals are told anew: due rows of profile_sync's, beside the order that changed."""
NEVER_ARRIVED = "order_never_arrived"
"""Why a promise is parked of whose order nothing was heard: until it is."""
LONGEST_ROW = 900


def event_row(event: CanonicalEvent) -> str:
    """The row that promises an event to Klaviyo. A sort key holds 1024 bytes; a longer id is named by its hash."""
    row = f"klaviyo#{event.event_id}"
    return row if len(row.encode()) <= LONGEST_ROW else f"klaviyo#{sha256(row.encode()).hexdigest()}"


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
