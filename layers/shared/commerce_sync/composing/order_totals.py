"""What the orders of people come to, by one of their orders: the person behind it, all they bought, its worth.

Orders are found by the traces that they left under the person's identifiers, and count for whom they name as buyer
now: one that changed hands is its new buyer's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.aws.rates_table import RatesTable
from commerce_sync.aws.traces import ORDERED, Traces
from commerce_sync.composing.fields import TRANSFORMS
from commerce_sync.composing.identity import IdentitySettings, keys_of, people_of
from commerce_sync.composing.pricing import CompanyPricing
from commerce_sync.config.fields import field_map
from commerce_sync.config.identity import identity_rules
from commerce_sync.config.revenue import revenue_rules
from commerce_sync.contracts import BookedOrder, Person, Store
from commerce_sync.contracts.advanced import DESTINATIONS, Destination
from commerce_sync.contracts.fields import FieldLine, Known
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.revenue import Held, PricedOrder
from commerce_sync.delivery.erasing import is_one_of
from commerce_sync.delivery.forgetting import store_of
from commerce_sync.delivery.pricing import Pricing
from commerce_sync.errors import PausedError, RetriableError
from commerce_sync.identity.people import People
from commerce_sync.identity.persons import identifiers_of
from commerce_sync.identity.policy import EMAIL, Policy, policy_of
from commerce_sync.profiles.destinations import NOT_YET, OUT_OF_TIME, NotYetError
from commerce_sync.profiles.mapping import mapped
from commerce_sync.profiles.order_totals import totals_known, totals_of
from commerce_sync.profiles.syncing import MayGoOn, Met, Spoken


class TotalsSettings(IdentitySettings, Protocol):
    """Where identity, orders, their traces and the rates stand."""

    @property
    def order_book_table(self) -> str: ...  # noqa: D102
    @property
    def traces_table(self) -> str: ...  # noqa: D102
    @property
    def rates_table(self) -> str: ...  # noqa: D102


class Orders(Protocol):
    """The order book."""

    def orders(self, subjects: Iterable[str]) -> Mapping[str, BookedOrder]:
        """Orders as they now stand."""


class Traced(Protocol):
    """Where people left traces."""

    def of(self, identifiers: Iterable[Identifier]) -> Iterable[str]:
        """The traces of a person."""


@dataclass(frozen=True, slots=True)
class TotalsOfPerson:
    """``known`` are the totals of whom ``emails`` reach, or ``held`` says why an order of theirs has no amount yet."""

    emails: tuple[str, ...] = ()
    known: Known | None = None
    held: Held | None = None


@dataclass(frozen=True)
class PersonTotals:
    """Totals of people. Each person is read once, however many of their orders ask."""

    orders: Orders
    traces: Traced
    people: People
    policy: Policy
    price: Pricing
    currency: str

    def of(self, subjects: Iterable[str]) -> Mapping[str, TotalsOfPerson]:
        """By order, the totals of its buyer; of one that names nobody, nothing."""
        found: dict[str, TotalsOfPerson] = {}
        people: dict[frozenset[Identifier], TotalsOfPerson] = {}
        for subject, order in self.orders.orders(subjects).items():
            named = self._named(subject, order.buyer) if order.buyer else ()
            whose = self.people.identifiers_of_person(named) if named else ()
            if whose and (key := frozenset(whose)) not in people:
                people[key] = self._of_person(whose)
            found[subject] = people[frozenset(whose)] if whose else TotalsOfPerson()
        return found

    def _of_person(self, whose: Sequence[Identifier]) -> TotalsOfPerson:
        emails = tuple(dict.fromkeys(value for kind, value in whose if kind == EMAIL))
        traces = (trace.removeprefix(ORDERED) for trace in self.traces.of(whose) if trace.startswith(ORDERED))
        booked = self.orders.orders(traces)
        theirs = {
            key: order
            for key, order in booked.items()
            if order.placed and order.buyer and is_one_of(whose, store_of(key))(order.buyer)
        }
        priced = self.price(theirs)
        if held := next((one for one in priced.values() if isinstance(one, Held)), None):
            return TotalsOfPerson(emails, held=held)
        worth = {key: one for key, one in priced.items() if isinstance(one, PricedOrder)}
        return TotalsOfPerson(emails, totals_known(totals_of(worth, self.currency)))

    def _named(self, subject: str, buyer: Person) -> tuple[Identifier, ...]:
        """The identifiers of a buyer, who is normalised already."""
        source, store = store_of(subject).split(":")
        return identifiers_of(buyer, Store(source=source, id=store), self.policy)


@dataclass
class TotalsSource:
    """Fits :class:`commerce_sync.profiles.syncing.Source`: by an order, what its buyer's orders come to. One batch.

    One whose amount is not known yet is looked at again, and nothing is guessed: ``held_for`` seconds later.
    """

    totals: PersonTotals
    live: Sequence[Destination]
    clock: Callable[[], datetime]
    held_for: float
    _found: Mapping[str, TotalsOfPerson] = field(default_factory=dict, init=False)
    _read_at: str = field(default="", init=False)

    def meet(self, subjects: Sequence[str], may_go_on: MayGoOn) -> Met:
        """The buyers of orders."""
        if not may_go_on():
            return Met(waiting=dict.fromkeys(subjects, PausedError(OUT_OF_TIME, retry_after=1.0)))
        self._read_at = self.clock().astimezone(UTC).isoformat(timespec="microseconds")
        self._found = self.totals.of(subjects)
        met = Met({subject: one.emails for subject, one in self._found.items()})
        unheard = [to for to in DESTINATIONS if _lines(to) and to not in self.live]
        for subject, one in self._found.items():
            if one.held:
                met.lingering[subject] = RetriableError(one.held.reason, retry_after=self.held_for)
            elif one.emails and unheard:
                met.lingering[subject] = NotYetError(NOT_YET)
        return met

    def speak(self, met: Met) -> Iterator[Spoken]:
        """By the field map; nothing while an order has no amount."""
        for subject in met.emails:
            one = self._found[subject]
            for to in self.live if one.known is not None else ():
                values = mapped(one.known or {}, _lines(to), TRANSFORMS).values
                for email in one.emails if values else ():
                    yield Spoken(to, email, values, {"totals": self._read_at})

    def ends(self, subject: str) -> datetime | None:  # noqa: ARG002 # as it is
        """Nothing of an order ends by itself."""
        return None


def _lines(to: Destination) -> list[FieldLine]:
    return [line for line in field_map().to(to) if line.source.startswith("orders.")]


def person_totals(settings: TotalsSettings, now: datetime) -> PersonTotals:
    """One batch."""
    rules = revenue_rules()
    pricing = CompanyPricing(rules, RatesTable(settings.rates_table))
    return PersonTotals(
        orders=OrderBookTable(settings.order_book_table),
        traces=Traces(settings.traces_table, keys_of(settings)),
        people=people_of(settings),
        policy=policy_of(identity_rules()),
        price=partial(pricing.price, now=now),
        currency=rules.company_currency,
    )
