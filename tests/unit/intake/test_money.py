"""Amounts and currencies, exactly as written."""

from decimal import Decimal

import pytest
from commerce_sync.contracts.currencies import MINOR_UNITS
from commerce_sync.intake.money import money, money_or_zero
from commerce_sync.intake.rejections import RejectedError


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("20", "20"),
        ("20.00", "20.00"),
        ("-20.00", "-20.00"),
        ("361.9500", "361.9500"),
        ("0", "0"),
        ("999999999999999.99", "999999999999999.99"),
        (20, "20"),
        (-3, "-3"),
        (Decimal("10.799999999999999"), "10.799999999999999"),
        (Decimal("1E+2"), "100"),
    ],
)
def test_amounts_keep_the_digits_that_were_written(given: object, expected: str) -> None:
    """Text and JSON numbers alike; nothing is rounded or divided."""
    assert str(money(given, "total")) == expected


@pytest.mark.parametrize(
    "given",
    [
        *("", " ", ".", "-", ".5", "5.", "1.2.3", "1,00", "1.000,00", " 1.00", "1_000", "1e2", "NaN", "Infinity"),
        *("\u0661\u0662", "\uff11\uff12", "$5", "5 EUR", "--1", "+1", "0x10", "1\n", "\x00", "1" * 16, "0." + "1" * 21),
        *(10**15, 10**400, -(10**15), Decimal("1E+400"), Decimal("1E-400"), Decimal("1E+999999999999")),
    ],
)
def test_what_is_not_a_plain_amount_is_refused(given: object) -> None:
    """Decimal itself would read several of these as something."""
    with pytest.raises(RejectedError) as caught:
        money(given, "total")
    assert (caught.value.rejection.code, caught.value.rejection.path) == ("bad_money", "total")


@pytest.mark.parametrize(("given", "code"), [(None, "missing_field"), (True, "wrong_type"), ({}, "wrong_type")])
def test_what_is_no_number_at_all_is_of_the_wrong_type(given: object, code: str) -> None:
    """True is not one euro."""
    with pytest.raises(RejectedError) as caught:
        money(given, "total")
    assert caught.value.rejection.code == code


def test_no_amount_can_mean_that_none_was_charged() -> None:
    """Null is zero only where the body may leave it out."""
    assert money_or_zero(None, "tax") == 0
    with pytest.raises(RejectedError):
        money_or_zero("", "tax")


@pytest.mark.parametrize(
    ("code", "unit"),
    [("EUR", "0.01"), ("JPY", "1"), ("KWD", "0.001"), ("UYW", "0.0001"), ("XOF", "1"), ("ISK", "1"), ("HUF", "0.01")],
)
def test_each_currency_has_its_own_smallest_unit(code: str, unit: str) -> None:
    """From ISO 4217, not from habit: forints have two decimals and Icelandic crowns none."""
    assert MINOR_UNITS[code] == Decimal(unit)


@pytest.mark.parametrize("code", ["XXX", "XTS", "XAU", "XDR", "BTC", "usd", "", "DEM", "US$"])
def test_codes_that_price_nothing_are_unknown(code: str) -> None:
    """No currency, testing, metals, and spellings that are not codes."""
    assert code not in MINOR_UNITS


def test_the_table_has_every_active_code_once() -> None:
    """Three capitals each: 165 active codes with a minor unit, and five withdrawn since 2023."""
    assert len(MINOR_UNITS) == 165 + 5
    assert all(len(code) == 3 and code.isalpha() and code.isupper() for code in MINOR_UNITS)
