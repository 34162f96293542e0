"""A store as a destination: every customer of it that has the address.

A store shows the state with the newest time, so an opt-out is dated after what stands there, whatever its own time: an
older one would be taken and change nothing. An opt-in carries its own time and nothing newer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commerce_sync.consent.each import read_each
from commerce_sync.consent.verdicts import worse
from commerce_sync.contracts.consent import Channel
from commerce_sync.contracts.consent_shown import Asked, Outcome, Place, Showing, Shown
from commerce_sync.errors import PermanentError, RetriableError

SHOWS: Mapping[str, Showing] = {"SUBSCRIBED": "in", "UNSUBSCRIBED": "out"}


class Consent(Protocol):
    """What a customer shows of one address."""

    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def updated_at(self) -> datetime | None: ...  # noqa: D102


class Customer(Protocol):
    """A customer with what it shows."""

    @property
    def customer_id(self) -> str: ...  # noqa: D102

    def on(self, channel: Channel) -> Consent | None:
        """Of one channel."""


class Client(Protocol):
    """The store's customers."""

    def find(self, channel: Channel, address: str) -> Sequence[Customer]:
        """Every customer that has an address."""

    def unsubscribe(self, customer_id: str, channel: Channel, at: datetime) -> object:
        """Withdraw as of a time."""

    def subscribe(self, customer_id: str, channel: Channel, at: datetime) -> object:
        """Grant as of a time."""


@dataclass(frozen=True)
class StoreDestination:
    """Fits :class:`commerce_sync.consent.keeping_needs.Destination`. ``purpose`` is the one that the store knows."""

    client: Client
    purpose: str
    place: Place
    now: Callable[[], datetime]

    def shown(self, channel: Channel, addresses: Sequence[str]) -> Mapping[str, Shown]:
        """The most restrictive of what its customers with the address show."""
        return read_each(addresses, lambda address: self._shown(channel, self.client.find(channel, address)))

    def close(self, channel: Channel, asked: Sequence[Asked]) -> Mapping[str, Outcome]:
        """Withdraw for every customer that does not show it."""
        return {one.address: self._each(channel, one, self._withdraw) for one in asked}

    def open(self, channel: Channel, asked: Sequence[Asked]) -> Mapping[str, Outcome]:
        """Grant for every customer that shows nothing."""
        return {
            one.address: self._each(channel, one, self._grant) if one.wanted.opens else Outcome(told=True)
            for one in asked
        }

    def _each(self, channel: Channel, asked: Asked, write: Callable[[Channel, Asked, Customer], None]) -> Outcome:
        """Every customer of one address; where one fails, the address is tried again or parked."""
        outcome = Outcome(nobody=True)
        try:
            customers = self.client.find(channel, asked.address)
        except RetriableError as error:
            return Outcome(retriable=error)
        except PermanentError as error:
            return Outcome(refused=error)
        for customer in customers:
            outcome = worse(_tried(lambda one=customer: write(channel, asked, one)), outcome)  # type: ignore[misc] # bound at once
        return outcome

    def _withdraw(self, channel: Channel, asked: Asked, customer: Customer) -> None:
        consent, wanted = customer.on(channel), asked.wanted.opted_out_at or self.now()
        if consent is None or SHOWS.get(consent.state) == "out":
            return
        is_newer = consent.updated_at is None or wanted > consent.updated_at
        self.client.unsubscribe(customer.customer_id, channel, wanted if is_newer else self.now())

    def _grant(self, channel: Channel, asked: Asked, customer: Customer) -> None:
        consent, granted_at = customer.on(channel), asked.wanted.granted_at
        if consent is None or granted_at is None or SHOWS.get(consent.state) == "in":
            return
        self.client.subscribe(customer.customer_id, channel, granted_at)

    def _shown(self, channel: Channel, customers: Sequence[Customer]) -> Shown:
        consents = [one for customer in customers if (one := customer.on(channel)) is not None]
        outs = [one for one in consents if SHOWS.get(one.state) == "out"]
        is_in = bool(consents) and all(SHOWS.get(one.state) == "in" for one in consents)
        showing: Showing = "out" if outs and len(outs) == len(consents) else "in" if is_in else "none"
        out_at = max((one.updated_at for one in outs if one.updated_at), default=None)
        return Shown(
            exists=bool(consents),
            purposes={self.purpose: showing},
            partly_out=frozenset({self.purpose} if outs else ()),
            out_at={self.purpose: out_at} if out_at else {},
        )


def _tried(write: Callable[[], None]) -> Outcome:
    try:
        write()
    except PermanentError as error:
        return Outcome(refused=error)
    except RetriableError as error:
        return Outcome(retriable=error)
    return Outcome(told=True)
