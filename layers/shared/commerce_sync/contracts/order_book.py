"""What the order book stores: orders, and the promises to vendors that were made about them.

A promise is due from birth: whoever writes it owns it until its lease runs out, and only then may the dispatcher give
it to another worker. So a crash at any point leaves a promise that becomes due, and no two workers keep one promise at
a time.

========== ==========================================================================
pending    somebody owns it until ``due_at``, or it waits for its next try
waiting    cannot be kept until its order arrives (a refund before its order)
delivered  the vendor accepted it
skipped    there is nobody to tell (no address, or ``erased``)
observed   the destination is in observe mode: written down, not sent
verified   the vendor's own app of the store tells it: noted, compared with what that told, never sent
parked     the vendor refused it for good, or nothing came of waiting: a person decides
========== ==========================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import AwareDatetime

from commerce_sync.contracts.base import Contract
from commerce_sync.contracts.events import CanonicalEvent, Person

Status = Literal["pending", "waiting", "delivered", "skipped", "observed", "verified", "parked"]
OPEN: frozenset[Status] = frozenset({"pending", "waiting"})
Version = tuple[AwareDatetime, str]


class BookedOrder(Contract):
    """One order. ``placed`` is the newest body's placed_order event; ``refunds`` are amounts by refund id.

    ``refunded_at`` says when each was made; of those that were booked by an earlier release nothing is known.
    ``cancelled_at`` is when an event of its own said so, of a sender whose bodies do not: nothing undoes it.

    ``erased``: its buyer asked to be forgotten; no later fact brings anybody back.
    """

    placed: CanonicalEvent | None = None
    refunds: dict[str, Decimal] = {}
    refunded_at: dict[str, AwareDatetime] = {}
    cancelled_at: AwareDatetime | None = None
    buyer: Person | None = None
    profile_id: str | None = None
    buyer_version: Version | None = None
    erased: bool = False

    @property
    def ended_at(self) -> datetime | None:
        """When it was cancelled, whoever says so: the newest body, or an event of its own."""
        state = self.placed.order if self.placed else None
        return (state.cancelled_at if state else None) or self.cancelled_at

    @property
    def shown_refunds(self) -> Decimal:
        """What was returned by the time that the newest body tells of."""
        state = self.placed.order if self.placed else None
        shown = (name for name, at in self.refunded_at.items() if state and at <= state.version)
        return sum((self.refunds[name] for name in shown), Decimal(0))

    @property
    def refunded(self) -> Decimal:
        """All the money returned so far."""
        return sum(self.refunds.values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise about one subject (an order, a checkout).

    ``event`` is what Klaviyo shall hear; ``wanted`` is the fingerprint of the order that HubSpot shall show.
    ``claim`` names the lease; ``attempts`` counts the leases that led nowhere. ``told``: the vendor has accepted it
    before, as it was then. A verified promise is due never: its ``due_at`` says when it happened.
    """

    subject: str
    row: str
    status: Status
    created_at: datetime
    due_at: datetime | None = None
    claim: str | None = None
    event: CanonicalEvent | None = None
    wanted: str | None = None
    attempts: int = 0
    reason: str | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """All that is stored about one subject. ``revision`` counts its changes; 0 is a subject never seen."""

    subject: str
    revision: int = 0
    order: BookedOrder = field(default_factory=BookedOrder)
    promises: Mapping[str, Promise] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes to one page: the order, if it changed, and the promises to put."""

    order: BookedOrder | None
    promises: tuple[Promise, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return self.order is None and not self.promises
