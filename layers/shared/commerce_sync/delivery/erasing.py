"""Forgetting a person in the order book: pure, from a page as it stands to the changes it needs.

Amounts stay: they are what was sold. Whoever bought goes, and so does what was still to be told about them. An erased
order takes later facts without their people, so no late or repeated fact brings the buyer back.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from commerce_sync.contracts import BookedOrder, CanonicalEvent, Page, Person, Plan, Promise
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.delivery.order_book import anonymous, fingerprint
from commerce_sync.delivery.promises import ORDER_ROW
from commerce_sync.delivery.recording import erased

Whom = Callable[[Person], bool]


def is_one_of(identifiers: Collection[Identifier], store: str) -> Whom:
    """Whether a person of a fact of this store (``shopify:us``) is meant.

    A phone number decides only for whom no address is known: it may be a family's.
    """
    families = {(kind.partition("@")[0], value) for kind, value in identifiers}

    def is_meant(person: Person) -> bool:
        if ("email", person.email) in families or (store, person.customer_id) in families:
            return True
        return not person.email and ("phone", person.phone) in families

    return is_meant


def anybody(_person: Person) -> bool:
    """Whoever it is."""
    return True


def forget(page: Page, whom: Whom, until: datetime | None) -> Plan:
    """What to write so that nobody who is meant stands on the page.

    ``until`` leaves facts alone that happened later: a person who came back. None forgets all, and marks an order
    that was never seen, so that it comes without its buyer if it comes.
    """
    order = _without(page, whom, until)
    promises = [erased(promise) for promise in page.promises.values() if _goes(promise, order, whom, until)]
    shown = page.promises.get(ORDER_ROW)
    if shown and order != page.order and shown.wanted is not None:
        promises.append(replace(shown, wanted=fingerprint(order)))
    return Plan(order if order != page.order else None, tuple(promises))


def counted(plan: Plan) -> Mapping[str, int]:
    """What a plan forgets."""
    gone = [promise for promise in plan.promises if promise.row != ORDER_ROW]
    return {"orders": int(plan.order is not None), "promises": len(gone)}


def people_on(page: Page) -> Iterable[Person | None]:
    """Everybody whom a page names."""
    yield page.order.buyer
    yield page.order.placed.person if page.order.placed else None
    yield from (promise.event.person for promise in page.promises.values() if promise.event)


def only(page: Page, whom: Whom) -> Page:
    """The page as whoever is meant may see it: without anybody else, and without what was told about them."""
    order = page.order
    placed = order.placed
    if placed and placed.person and not whom(placed.person):
        placed = anonymous(placed)
    changes: dict[str, object] = {"placed": placed}
    if order.buyer and not whom(order.buyer):
        changes |= {"buyer": None, "profile_id": None}
    promises = {
        row: promise
        for row, promise in page.promises.items()
        if not (promise.event and promise.event.person and not whom(promise.event.person))
    }
    return replace(page, order=order.model_copy(update=changes), promises=promises)


def _without(page: Page, whom: Whom, until: datetime | None) -> BookedOrder:
    order = page.order
    placed, buyer = order.placed, order.buyer
    meant = any(whom(person) for person in (buyer, placed.person if placed else None) if person)
    since = min((promise.created_at for promise in page.promises.values()), default=None)
    if order.erased or (until is not None and (not meant or _is_later(placed, since, until))):
        return order
    return order.model_copy(
        update={
            "placed": anonymous(placed) if placed else None,
            "buyer": None,
            "profile_id": None,
            "buyer_version": None,
            "erased": True,
        }
    )


def _goes(promise: Promise, order: BookedOrder, whom: Whom, until: datetime | None) -> bool:
    event = promise.event
    if event is None or promise.status == "verified":
        return False  # what is verified names nobody
    if order.erased or until is None:
        return True
    return event.person is not None and whom(event.person) and not _is_later(event, promise.created_at, until)


def _is_later(event: CanonicalEvent | None, known_since: datetime | None, until: datetime) -> bool:
    """Whether it happened later and was heard of later: a shop's clock may be wrong, ours says when we knew."""
    return event is not None and event.occurred_at > until and (known_since is None or known_since > until)
