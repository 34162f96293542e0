"""What to write when facts about a subject arrive: pure, from the page as it stands to the changes it needs.

A fact that changes nothing changes nothing here: an event promised before, an order version already seen and a refund
already counted give an empty plan, so there is no write and no call. That is what makes every repeat harmless.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from commerce_sync.contracts import BookedOrder, CanonicalEvent, Page, Plan, Promise
from commerce_sync.contracts.fields import FieldMap
from commerce_sync.delivery.order_book import fingerprint, fold
from commerce_sync.delivery.promises import NEVER_ARRIVED, ORDER_ROW, TOTALS_ROW, Lease, event_row
from commerce_sync.delivery.verifying import NOBODY, Tellers, names_somebody, verified

ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Destinations:
    """Which destinations are live. One that is not is observed: promises are written down and not kept.

    ``tellers`` says of which events a destination hears from its own app of the store, whatever its mode.
    """

    klaviyo: bool
    hubspot: bool
    tellers: Tellers = field(default_factory=Tellers)


def subject_of(event: CanonicalEvent) -> str:
    """What an event is about: its order, or itself. One subject's facts are written one after the other."""
    return f"{event.source}:{event.store}:{event.order_id}" if event.order_id else event.event_id


def by_subject(events: Iterable[CanonicalEvent]) -> Mapping[str, list[CanonicalEvent]]:
    """Events by what they are about."""
    subjects: dict[str, list[CanonicalEvent]] = {}
    for event in events:
        subjects.setdefault(subject_of(event), []).append(event)
    return subjects


def plan(
    page: Page,
    events: Iterable[CanonicalEvent],
    lease: Lease,
    live: Destinations,
    first_retry: float,
    *,
    totals_after: float | None = None,
) -> Plan:
    """What to write so that these facts are known and promised.

    ``totals_after`` is how long a changed order waits for its buyer's next before their totals are told (seconds);
    None where nobody is told of totals.
    """
    events = list(events)
    order = fold(page.order, events)
    waiting = lease.now + timedelta(seconds=first_retry)
    promises = [
        promise
        for event in events
        if (promise := _event_promise(page, event, order, lease, live)) and promise != page.promises.get(promise.row)
    ]
    promises = [replace(p, due_at=waiting) if p.status == "waiting" else p for p in promises]
    promises += _released(page, order, lease, live.tellers) if live.klaviyo else []
    promises += _order_promise(page, order, lease, live)
    promises += _totals_promise(page, order, lease, totals_after) if totals_after is not None else []
    unique = {promise.row: promise for promise in reversed(promises)}
    return Plan(order if order != page.order else None, tuple(unique.values()))


def _event_promise(
    page: Page, event: CanonicalEvent, order: BookedOrder, lease: Lease, live: Destinations
) -> Promise | None:
    row = event_row(event)
    known = page.promises.get(row)
    if known and not _is_open_to(known, event):
        return None
    promise = Promise(page.subject, row, "pending", lease.now, event=event)
    if (known and known.status == "verified") or live.tellers.app_tells("klaviyo", event):
        return verified(promise, event)
    if not live.klaviyo:
        return None if known else replace(promise, status="observed", event=None)
    if order.erased:
        return erased(promise)
    return _addressed(promise, event, order, lease, known)


def _is_open_to(known: Promise, event: CanonicalEvent) -> bool:
    """Whether another body of an event may change its promise: one that names somebody, where none did."""
    if known.status == "verified":
        return known.reason == NOBODY and names_somebody(event)
    return known.status == "skipped" and known.reason != ERASED


def _addressed(
    promise: Promise, event: CanonicalEvent, order: BookedOrder, lease: Lease, known: Promise | None
) -> Promise | None:
    addressed = about_buyer(event, order)
    if addressed.person and addressed.person.is_reachable():
        return lease.on(replace(promise, event=addressed))
    if known:
        return None
    if event.order_id and order.placed is None:
        return replace(promise, status="waiting")
    return _nobody(promise)


def about_buyer(event: CanonicalEvent, order: BookedOrder) -> CanonicalEvent:
    """The event, about the order's buyer where its own body names nobody."""
    if (event.person and event.person.is_reachable()) or order.buyer is None:
        return event
    return event.model_copy(update={"person": order.buyer, "profile_id": order.profile_id})


def _released(page: Page, order: BookedOrder, lease: Lease, tellers: Tellers) -> list[Promise]:
    """Promises that waited for this order, or for its buyer, now that it is here; all their tries are before them.

    Bodies of one order may arrive in any order, the one that names the buyer last: what was skipped for want of a
    buyer is told then. So is what was parked because nothing came of its waiting. What an app tells by now waits for
    nobody.
    """
    if order.placed is None:
        return []
    held = [(replace(one, attempts=0), one.event) for one in page.promises.values() if _waits(one) and one.event]
    theirs = [verified(one, event) for one, event in held if tellers.app_tells("klaviyo", event)]
    ours = [(one, event) for one, event in held if not tellers.app_tells("klaviyo", event)]
    if order.buyer is None:
        return theirs + [_nobody(promise) for promise, _ in ours if promise.status != "skipped"]
    return theirs + [
        lease.on(replace(promise, event=about_buyer(event, order), reason=None)) for promise, event in ours
    ]


def _waits(promise: Promise) -> bool:
    return promise.status in {"waiting", "skipped"} or (promise.status, promise.reason) == ("parked", NEVER_ARRIVED)


def _nobody(promise: Promise) -> Promise:
    return replace(promise, status="skipped", reason=NOBODY, due_at=None, claim=None)


def erased(promise: Promise) -> Promise:
    """Nobody may be told any more, and what it was about is forgotten."""
    return replace(promise, status="skipped", reason=ERASED, event=None, due_at=None, claim=None)


def _order_promise(page: Page, order: BookedOrder, lease: Lease, live: Destinations) -> list[Promise]:
    """The promise that HubSpot shows the order as it now is.

    While another worker holds the lease, or the vendor asked us to wait, only what is wanted changes: one worker at
    a time writes an order, and finds when it settles that more is wanted. An order that HubSpot's own app wrote stays
    that app's for good: only one that we have shown before is ours again when the configuration says so.
    """
    if order.placed is None:
        return []
    known = page.promises.get(ORDER_ROW)
    wanted = fingerprint(order)
    if known and known.wanted == wanted:
        return []
    promise = known or Promise(page.subject, ORDER_ROW, "pending", lease.now)
    told = promise.told or promise.status == "delivered"
    is_theirs = promise.status == "verified" and not told
    promise = replace(promise, wanted=wanted, reason=None, attempts=0, told=told)
    if is_theirs or live.tellers.app_tells("hubspot", order.placed):
        return [verified(promise, order.placed)]
    if not live.hubspot:
        return [replace(promise, status="observed", due_at=None, claim=None)]
    held = promise.status == "pending" and promise.due_at is not None and promise.due_at > lease.now
    return [promise if held else lease.on(promise)]


def totals_are_told(fields: FieldMap, live: Destinations) -> bool:
    """Whether a destination that is live is told, by the field map, what orders come to."""
    going = {line.destination for line in fields.lines if line.owner == "store"}
    return (live.hubspot and "hubspot" in going) or (live.klaviyo and "klaviyo" in going)


def _totals_promise(page: Page, order: BookedOrder, lease: Lease, after: float) -> list[Promise]:
    """The promise that its buyer's totals are told once more, nobody's until then.

    One that is open already is only told that more is wanted: so many changes are one look, and a worker who looks
    meanwhile finds when it settles that it has to look again.
    """
    if order.placed is None or order.buyer is None:
        return []
    known, wanted = page.promises.get(TOTALS_ROW), fingerprint(order)
    if known and known.wanted == wanted:
        return []
    if known and known.status == "pending":
        return [replace(known, wanted=wanted)]
    due_at = lease.now + timedelta(seconds=after)
    return [Promise(page.subject, TOTALS_ROW, "pending", lease.now, due_at=due_at, wanted=wanted)]
