"""What we know of one order: a pure function of the set of events seen, whatever their order.

The newest body wins, by ``(version, digest)``, and of two of one version by what they say; refunds are a union by
refund id; the buyer comes from the newest body that names one. Folding an event twice, or two events in either order,
gives the same order.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from commerce_sync.contracts import BookedOrder, CanonicalEvent, Person
from commerce_sync.contracts.order_book import Version
from commerce_sync.delivery.pricing import owed_for

CANCEL_APART: Final = frozenset({"own"})
"""Sources that tell of a cancellation by an event of its own; others' bodies tell of it, and of its being undone."""


def fingerprint(order: BookedOrder) -> str:
    """Changes when what a CRM is shown of the order changes, and only then.

    What is owed for it depends on which refunds its body shows; without one the body says it all.
    """
    placed, state = order.placed, order.placed.order if order.placed else None
    shown = (
        (placed.currency, placed.value, placed.discount, placed.tax, placed.shipping) if placed else None,
        (state.name, state.current_value, state.financial_status, state.fulfillment_status) if state else None,
        (order.ended_at, state.own_rate) if state else None,
        [tuple(line) for line in placed.line_items] if placed else None,
        order.refunded,
        (order.buyer.email, order.profile_id) if order.buyer else None,
        *([owed_for(order)] if order.refunds else []),
    )
    return sha256(repr(shown).encode()).hexdigest()[:32]


def fold(order: BookedOrder, events: Iterable[CanonicalEvent]) -> BookedOrder:
    """The order with more events known. An erased order takes them without their people."""
    for event in map(anonymous, events) if order.erased else events:
        order = _with_end(_with_refund(_with_body(order, event), event), event)
    return order


def anonymous(event: CanonicalEvent) -> CanonicalEvent:
    """The event about nobody: its amounts and its state stay, people and what they wrote go."""
    refund = event.refund.model_copy(update={"reason": None}) if event.refund else None
    nobody: dict[str, object] = {"person": None, "profile_id": None, "properties": {}, "refund": refund}
    return event.model_copy(update=nobody)


def version_of(event: CanonicalEvent) -> Version | None:
    """Which of two bodies is newer."""
    return (event.order.version, event.order.digest) if event.order else None


def _with_body(order: BookedOrder, event: CanonicalEvent) -> BookedOrder:
    version = version_of(event)
    if event.name != "placed_order" or version is None:
        return order
    changes: dict[str, object] = {}
    if order.placed is None or _counts_before(event, version, order.placed):
        changes["placed"] = event
    person = event.person
    if person and person.is_reachable() and _is_latest_buyer(order, person, version):
        changes |= {"buyer": person, "profile_id": event.profile_id, "buyer_version": version}
    return order.model_copy(update=changes) if changes else order


def _counts_before(event: CanonicalEvent, version: Version, known: CanonicalEvent) -> bool:
    """Whether a body is newer than the known one; of two of one version, what they say decides and not who came first.

    A digest holds what an order is and nobody's name, so one version may be two bodies.
    """
    before = version_of(known)
    if before is None or version != before:
        return before is None or version > before
    return event != known and _said_by(event) > _said_by(known)


def _said_by(event: CanonicalEvent) -> tuple[bool, bool, int, str]:
    """All that a body says. One that tells of an end counts before others, then one that names somebody or says more.

    So a body that does not speak of something unsays nothing, and what a later release reads more of it counts. Whose
    profile it is changes with time, and is not said.
    """
    ended = event.order is not None and event.order.cancelled_at is not None
    names_somebody = event.person is not None and event.person.is_reachable()
    said = event.model_dump_json(exclude={"profile_id"}, exclude_none=True)
    return ended, names_somebody, len(said), said


def _is_latest_buyer(order: BookedOrder, person: Person, version: Version) -> bool:
    known, before = order.buyer, order.buyer_version
    if known is None or before is None or version != before:
        return before is None or version > before
    return person != known and _named_by(person) > _named_by(known)


def _named_by(person: Person) -> tuple[bool, bool, str]:
    return bool(person.email), bool(person.phone), person.model_dump_json()


def _with_end(order: BookedOrder, event: CanonicalEvent) -> BookedOrder:
    """Of two words about one end the earlier holds."""
    if event.name != "cancelled_order" or event.source not in CANCEL_APART:
        return order
    at = min(order.cancelled_at or event.occurred_at, event.occurred_at)
    return order if at == order.cancelled_at else order.model_copy(update={"cancelled_at": at})


def _with_refund(order: BookedOrder, event: CanonicalEvent) -> BookedOrder:
    """Of two words about one refund the larger amount and the earlier time hold, in whatever order they come."""
    refund = event.refund
    if refund is None:
        return order
    name = refund.refund_id
    amount = max(order.refunds.get(name, refund.amount), refund.amount)
    at = min(order.refunded_at.get(name, event.occurred_at), event.occurred_at)
    if (order.refunds.get(name), order.refunded_at.get(name)) == (amount, at):
        return order
    refunds, times = {**order.refunds, name: amount}, {**order.refunded_at, name: at}
    changes = {"refunds": dict(sorted(refunds.items())), "refunded_at": dict(sorted(times.items()))}
    return order.model_copy(update=changes)
