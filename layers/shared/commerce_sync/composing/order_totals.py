"""What the orders of people come to, by one of their orders: the person behind it, all they bought, its worth.

Orders are found by the traces that they left under the person's identifiers, and count for whom they name as buyer
now: one that changed hands is its new buyer's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
from commerce_sync.contracts.fields import FieldValues, Known
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.revenue import Held, PricedOrder
from commerce_sync.delivery.erasing import is_one_of
from commerce_sync.delivery.forgetting import store_of
from commerce_sync.delivery.pricing import Pricing
from commerce_sync.identity.people import People
from commerce_sync.identity.persons import identifiers_of
from commerce_sync.identity.policy import EMAIL, Policy, policy_of
from commerce_sync.profiles.mapping import mapped
from commerce_sync.profiles.order_totals import totals_known, totals_of


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


def hubspot_values(one: TotalsOfPerson) -> FieldValues:
    """What HubSpot shall have of a person's totals, by the field map; nothing while an order has no amount."""
    return {} if one.known is None else mapped(one.known, field_map().to("hubspot"), TRANSFORMS).values


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
