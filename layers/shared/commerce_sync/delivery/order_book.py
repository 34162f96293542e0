"""What we know of one order: a pure function of the set of events seen, whatever their order.

The newest body wins, by ``(version, digest)``; refunds are a union by refund id; the buyer comes from the newest body
that names one. Folding an event twice, or two events in either order, gives the same order.
"""

from collections.abc import Iterable
from hashlib import sha256

from commerce_sync.contracts import BookedOrder, CanonicalEvent
from commerce_sync.contracts.order_book import Version


def fingerprint(order: BookedOrder) -> str:
    """Changes when what a CRM is shown of the order changes, and only then."""
    placed, state = order.placed, order.placed.order if order.placed else None
    shown = (
        (placed.currency, placed.value, placed.discount, placed.tax, placed.shipping) if placed else None,
        (state.name, state.current_value, state.financial_status, state.fulfillment_status) if state else None,
        (state.cancelled_at, state.own_rate) if state else None,
        [tuple(line) for line in placed.line_items] if placed else None,
        order.refunded,
        (order.buyer.email, order.profile_id) if order.buyer else None,
    )
    return sha256(repr(shown).encode()).hexdigest()[:32]


def fold(order: BookedOrder, events: Iterable[CanonicalEvent]) -> BookedOrder:
    """The order with more events known. An erased order takes them without their people."""
    for event in map(anonymous, events) if order.erased else events:
        order = _with_refund(order, event) if event.refund else _with_body(order, event)
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
    known = version_of(order.placed) if order.placed else None
    if known is None or version > known:
        changes["placed"] = event
    names_buyer = event.person is not None and event.person.is_reachable()
    if names_buyer and (order.buyer_version is None or version > order.buyer_version):
        changes |= {"buyer": event.person, "profile_id": event.profile_id, "buyer_version": version}
    return order.model_copy(update=changes) if changes else order


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
