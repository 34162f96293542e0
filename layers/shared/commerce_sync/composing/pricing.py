"""Orders in the company's currency: the configured rate of each store, at the rate of the order's own day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from commerce_sync.config.revenue import RevenueRules
from commerce_sync.contracts import BookedOrder, CanonicalEvent
from commerce_sync.contracts.revenue import Held, PricedOrder, StoreRevenue
from commerce_sync.currency.converting import Conversion, EcbRates, stated
from commerce_sync.currency.rates import RateBook, Rates
from commerce_sync.delivery.pricing import priced

EARLIEST: Final = date(1990, 1, 1)
LATEST: Final = date(9998, 12, 31)


class KnownRates(Protocol):
    """The rates that are kept, as far as orders need them."""

    def newest(self) -> date | None:
        """The newest day that is kept."""

    def between(self, first: date, last: date) -> Mapping[date, Rates]:
        """The days that are kept from one to another, both included."""


@dataclass(frozen=True)
class CompanyPricing:
    """Fits :data:`commerce_sync.delivery.pricing.Pricing`. No rate is read where no order needs one."""

    rules: RevenueRules
    rates: KnownRates

    def price(self, orders: Mapping[str, BookedOrder], now: datetime) -> Mapping[str, PricedOrder | Held]:
        """Every order that was seen placed, priced or held."""
        placed = {key: order.placed for key, order in orders.items() if order.placed}
        ecb = EcbRates(self.rules.company_currency, self._book(list(placed.values())), self.rules.most_days_back, now)
        return {key: self._priced(key, orders[key], event, ecb) for key, event in placed.items()}

    def _priced(self, key: str, order: BookedOrder, placed: CanonicalEvent, ecb: EcbRates) -> PricedOrder | Held:
        store = self._store(placed)
        conversion = self._conversion(placed, store, ecb)
        return conversion if isinstance(conversion, Held) else priced(key, order, store.object, conversion)

    def _conversion(self, placed: CanonicalEvent, store: StoreRevenue, ecb: EcbRates) -> Conversion | Held:
        currency, day = placed.currency, own_day(placed, store)
        if not currency:
            return Held("the order says no currency")
        if store.rate == "ecb":
            return ecb.conversion(currency, day)
        own = placed.order.own_rate if placed.order else None
        worth = (own.currency, own.units, own.per) if own else None
        return stated(currency, self.rules.company_currency, worth, day)

    def _book(self, placed: list[CanonicalEvent]) -> RateBook:
        """The days around those of the orders that need a rate."""
        days = [own_day(event, self._store(event)) for event in placed if self._needs_rate(event)]
        if not days:
            return RateBook()
        first = min(days) - timedelta(days=self.rules.most_days_back)
        return RateBook(self.rates.between(first, max(days)), self.rates.newest())

    def _needs_rate(self, placed: CanonicalEvent) -> bool:
        return placed.currency != self.rules.company_currency and self._store(placed).rate == "ecb"

    def _store(self, placed: CanonicalEvent) -> StoreRevenue:
        return self.rules.stores.get((placed.source, placed.store), StoreRevenue())


def own_day(placed: CanonicalEvent, store: StoreRevenue) -> date:
    """The day on which an order was placed, by its shop's clock.

    What a sender dates before there were rates, or at the end of time, has none: it must not stop the others.
    """
    try:
        day = placed.occurred_at.astimezone(ZoneInfo(store.time_zone)).date()
    except OverflowError:
        day = placed.occurred_at.date()
    return min(max(day, EARLIEST), LATEST)
