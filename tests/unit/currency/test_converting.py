"""Amounts are exact until they are rounded once, half to even, for every currency there is."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from commerce_sync.contracts.currencies import MINOR_UNITS
from commerce_sync.contracts.revenue import Held
from commerce_sync.currency.converting import Conversion, EcbRates, stated
from commerce_sync.currency.rates import RateBook
from hypothesis import given
from hypothesis import strategies as st

DAY, NOW = date(2026, 11, 20), datetime(2026, 11, 21, tzinfo=UTC)
CURRENCIES = st.sampled_from(sorted(MINOR_UNITS))
RATES = st.decimals(min_value="0.0001", max_value="99999", places=4)
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


def ecb(company: str, **rates: str) -> EcbRates:
    """Rates of one day."""
    days = {DAY: {currency: Decimal(rate) for currency, rate in rates.items()}}
    return EcbRates(company, RateBook(days, DAY), 5, NOW)


def converted(amount: str, currency: str, company: str, **rates: str) -> Decimal:
    """An amount of that day."""
    conversion = ecb(company, **rates).conversion(currency, DAY)
    assert isinstance(conversion, Conversion)
    return conversion.of(Decimal(amount))


@given(source=CURRENCIES, target=CURRENCIES, units=RATES, per=RATES, amount=AMOUNTS)
def test_an_amount_is_the_nearest_that_its_currency_can_say(
    source: str, target: str, units: Decimal, per: Decimal, amount: Decimal
) -> None:
    """Never more than half a minor unit off the exact value, and even where it lies between two."""
    answer = ecb(target, **{source: str(per), target: str(units)}).conversion(source, DAY)
    assert isinstance(answer, Conversion)
    minor = Fraction(MINOR_UNITS[target])
    times = Fraction(1) if source == target else _per_euro(target, units) / _per_euro(source, per)
    exact = Fraction(amount) * times
    result = answer.of(amount)
    off = abs(Fraction(result) - exact)
    assert off <= minor / 2
    assert off < minor / 2 or (Fraction(result) / minor) % 2 == 0
    assert result.as_tuple().exponent == MINOR_UNITS[target].as_tuple().exponent


def _per_euro(currency: str, rate: Decimal) -> Fraction:
    return Fraction(1) if currency == "EUR" else Fraction(rate)


@given(target=CURRENCIES, units=RATES, per=RATES, amount=st.decimals(min_value=0, max_value=10**6, places=2))
def test_the_rate_that_is_shown_gives_the_amount_that_is_shown(
    target: str, units: Decimal, per: Decimal, amount: Decimal
) -> None:
    """Whoever multiplies what HubSpot shows arrives at the amount, but where that lies between two minor units."""
    conversion = Conversion(target, units, per, DAY)
    minor = MINOR_UNITS[target]
    assert abs(amount * conversion.rate - conversion.of(amount)) <= minor / 2 + minor / 1000


@given(target=CURRENCIES, rate=RATES, amount=AMOUNTS)
def test_amounts_keep_their_sign_and_zero_is_zero(target: str, rate: Decimal, amount: Decimal) -> None:
    """A discount converted as negative is the negative of the discount."""
    conversion = Conversion(target, rate, Decimal(1), DAY)
    assert conversion.of(-amount) == -conversion.of(amount)
    assert conversion.of(Decimal(0)) == 0


@pytest.mark.parametrize("currency", sorted(MINOR_UNITS))
def test_the_companys_own_currency_needs_no_rate(currency: str) -> None:
    """Even where the ECB has never heard of it, and on any day."""
    own = EcbRates(currency, RateBook(), 5, NOW).conversion(currency, DAY)
    assert isinstance(own, Conversion)
    assert (own.rate, own.rate_day) == (Decimal(1), DAY)
    assert own.of(MINOR_UNITS[currency] * 12345) == MINOR_UNITS[currency] * 12345


def test_examples_worked_out_by_hand() -> None:
    """To the euro, from it, and across it; yen have no decimals, dinars three."""
    assert converted("108.42", "USD", "EUR", USD="1.0842") == Decimal("100.00")
    assert converted("100", "EUR", "USD", USD="1.0842") == Decimal("108.42")
    assert converted("100", "GBP", "USD", USD="1.08", GBP="0.84") == Decimal("128.57")
    assert converted("19.99", "EUR", "JPY", JPY="163.25") == Decimal(3263)
    assert converted("10", "EUR", "KWD", KWD="0.33345") == Decimal("3.334")
    assert converted("0.125", "EUR", "USD", USD="1") == Decimal("0.12")
    assert converted("0.375", "EUR", "USD", USD="1") == Decimal("0.38")


def test_a_currency_without_a_rate_is_held_with_its_name() -> None:
    """Never at a rate that somebody made up."""
    for company, currency in (("USD", "VND"), ("VND", "USD")):
        answer = ecb(company, USD="1.08").conversion(currency, DAY)
        assert answer == Held("the ECB has no rate of VND on 2026-11-20")


def test_the_stores_own_rate_counts_where_it_leads_to_the_companys_currency() -> None:
    """A ratio of two amounts, not a rounded number."""
    told = stated("EUR", "USD", ("USD", Decimal("32.45"), Decimal("29.95")), DAY)
    assert isinstance(told, Conversion)
    assert told.of(Decimal("29.95")) == Decimal("32.45")
    assert stated("EUR", "USD", ("JPY", Decimal(5), Decimal(1)), DAY) == Held(
        "the store states no rate from EUR to USD"
    )
    assert isinstance(stated("EUR", "USD", None, DAY), Held)
    assert isinstance(stated("EUR", "USD", ("USD", Decimal(0), Decimal(1)), DAY), Held)
    assert isinstance(stated("USD", "USD", None, DAY), Conversion)
