"""Amounts at a rate: exact until they are rounded, once, half to even, to the target's minor unit (ISO 4217)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from commerce_sync.contracts.currencies import MINOR_UNITS
from commerce_sync.contracts.revenue import Held
from commerce_sync.currency.rates import EURO, RateBook, Rates

ONE = Decimal(1)
SHOWN = Context(prec=15, rounding=ROUND_HALF_EVEN)
"""Fifteen digits survive HubSpot's numbers (doubles), and give every amount below ten billion to its minor unit."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """``per`` units of one currency are ``units`` of ``currency``, on ``rate_day``."""

    currency: str
    units: Decimal
    per: Decimal
    rate_day: date

    @property
    def rate(self) -> Decimal:
        """What one unit is worth, to fifteen digits: for people to see, never to calculate with."""
        return SHOWN.divide(self.units, self.per)

    def of(self, amount: Decimal) -> Decimal:
        """The amount in ``currency``."""
        minor = MINOR_UNITS[self.currency]
        exact = Fraction(amount) * Fraction(self.units) / Fraction(self.per)
        count = round(exact / Fraction(minor))
        digits = tuple(map(int, str(abs(count))))
        return Decimal((int(count < 0), digits, int(minor.as_tuple().exponent)))


@dataclass(frozen=True, slots=True)
class EcbRates:
    """Conversions to the company's currency at the ECB's rates, cross rates through the euro."""

    company: str
    book: RateBook
    most_days_back: int
    now: datetime

    def conversion(self, currency: str, day: date) -> Conversion | Held:
        """How amounts of a day are converted; held where a rate is not there."""
        if currency == self.company:
            return unchanged(currency, day)
        found = self.book.of_day(day, self.most_days_back, self.now)
        if isinstance(found, Held):
            return found
        rate_day, rates = found
        per, units = _per_euro(rates, currency), _per_euro(rates, self.company)
        if per is None or units is None:
            missing = currency if per is None else self.company
            return Held(f"the ECB has no rate of {missing} on {rate_day}")
        return Conversion(self.company, units, per, rate_day)


def unchanged(currency: str, day: date) -> Conversion:
    """An amount that is in the company's currency already."""
    return Conversion(currency, ONE, ONE, day)


def stated(currency: str, company: str, worth: tuple[str, Decimal, Decimal] | None, day: date) -> Conversion | Held:
    """A conversion at the store's own rate: ``worth`` is a currency, units of it, and the units they are worth."""
    if currency == company:
        return unchanged(currency, day)
    if worth is None or worth[0] != company or min(worth[1:]) <= 0:
        return Held(f"the store states no rate from {currency} to {company}")
    return Conversion(company, worth[1], worth[2], day)


def _per_euro(rates: Rates, currency: str) -> Decimal | None:
    return ONE if currency == EURO else rates.get(currency)
