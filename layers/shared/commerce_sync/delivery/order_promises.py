"""Keeping the promise that HubSpot shows each order as it now is: its buyer as a contact, then the order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from commerce_sync.contracts import BookedOrder, Person, Promise
from commerce_sync.contracts.revenue import Held, PricedOrder
from commerce_sync.delivery.keeping import Verdict
from commerce_sync.errors import PausedError, PermanentError, RetriableError

Errors = Mapping[str, PermanentError | RetriableError]


class Contacts(Protocol):
    """HubSpot's contacts, as far as orders need them."""

    def ids_by_email(self, emails: Sequence[str]) -> Mapping[str, str]:
        """Contact ids of the addresses that HubSpot knows."""

    def create(self, people: Mapping[str, Mapping[str, str]]) -> tuple[Mapping[str, str], Errors]:
        """Create contacts; ids and errors by address."""


class Revenue(Protocol):
    """HubSpot's orders and deals. The keys are order keys."""

    def show(
        self, orders: Mapping[str, PricedOrder], contacts: Mapping[str, str]
    ) -> Mapping[str, PermanentError | RetriableError | None]:
        """Write orders tied to contacts (ids by address); what went wrong, by order key."""


def keep_order_promises(
    promises: Sequence[Promise],
    orders: Mapping[str, PricedOrder | Held],
    contacts: Contacts,
    destination: Revenue,
    may_go_on: Callable[[], bool] = lambda: True,
) -> Iterator[Verdict]:
    """Write each promised order as it now stands in the book, worth what it is in the company's currency.

    An order without a rate is held: not a word of it is written, and no guess. A buyer whose contact HubSpot refuses
    does not hold back the order: it is written without its contact, and parked with the reason.
    """
    held = {key: order for key, order in orders.items() if isinstance(order, Held)}
    priced = {key: order for key, order in orders.items() if isinstance(order, PricedOrder)}
    yield from (Verdict(promise, held=held[promise.subject]) for promise in promises if promise.subject in held)
    promises = [promise for promise in promises if promise.subject not in held]
    if not promises:
        return
    try:
        if not may_go_on():
            raise PausedError("out of time", retry_after=1.0)
        verdicts = _show(priced, contacts, destination)
    except RetriableError as error:
        yield from (Verdict(promise, retriable=error) for promise in promises)
        return
    waiting = RetriableError("its buyer could not be made a contact yet")
    yield from (_verdict(promise, verdicts.get(promise.subject, waiting)) for promise in promises)


def _show(
    priced: Mapping[str, PricedOrder], contacts: Contacts, destination: Revenue
) -> Mapping[str, PermanentError | RetriableError | None]:
    """Contacts first. Orders whose buyer cannot be made a contact yet are in no verdict."""
    current = {key: one.order for key, one in priced.items()}
    found = contacts.ids_by_email(sorted(_emails(current)))
    people = {person.email: _new_contact(person) for person in _buyers(current) if person.email not in found}
    created, errors = contacts.create({email: person for email, person in people.items() if email})
    held_back = {email for email, error in errors.items() if isinstance(error, RetriableError)}
    ready = {key: one for key, one in priced.items() if _email(one.order) not in held_back}
    shown = destination.show(ready, {**found, **created})
    alone = {key: errors[email] for key, one in ready.items() if (email := _email(one.order)) and email in errors}
    return {**shown, **{key: _without_contact(error) for key, error in alone.items() if shown.get(key) is None}}


def _without_contact(error: Exception) -> PermanentError:
    return PermanentError(f"shown without its buyer's contact: {error}")


def _verdict(promise: Promise, error: PermanentError | RetriableError | None) -> Verdict:
    if isinstance(error, PermanentError):
        return Verdict(promise, refused=error)
    return Verdict(promise, retriable=error)


def _buyers(orders: Mapping[str, BookedOrder]) -> list[Person]:
    return [order.buyer for order in orders.values() if order.buyer and order.buyer.email]


def _emails(orders: Mapping[str, BookedOrder]) -> set[str]:
    return {person.email for person in _buyers(orders) if person.email}


def _email(order: BookedOrder) -> str | None:
    return order.buyer.email if order.buyer else None


def _new_contact(person: Person) -> dict[str, str]:
    """What a contact starts with. An existing contact is HubSpot's own and is never overwritten from a store."""
    wanted = {
        "email": person.email,
        "firstname": person.first_name,
        "lastname": person.last_name,
        "phone": person.phone,
        "country": person.country,
    }
    return {name: value for name, value in wanted.items() if value}
