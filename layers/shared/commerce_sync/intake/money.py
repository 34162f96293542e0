"""Amounts and currencies, exactly as bodies write them, or refused with their path."""

import re
from decimal import Decimal
from typing import Final

from commerce_sync.contracts.currencies import MINOR_UNITS
from commerce_sync.intake.rejections import refuse

ZERO: Final = Decimal(0)

_ONE: Final = Decimal(1)
_ZERO_CENTS: Final = Decimal("0.00")  # most discounts, taxes and tips
_DIGITS: Final = 15
_CENTS: Final = 3  # a point and two digits
_DECIMALS: Final = 20
_AMOUNT: Final = re.compile(rf"-?[0-9]{{1,{_DIGITS}}}(?:\.[0-9]{{1,{_DECIMALS}}})?").fullmatch


def money(value: object, path: str) -> Decimal:
    """An amount, exactly as written: text or a JSON number, without thousands separators.

    Amounts are in the currency's main unit, whatever its minor unit is: a shop paid in JPY writes "2000" for
    2000 yen, so nothing is ever divided. ``Decimal`` would also read "1_0", " 1", "NaN" and
    Arabic digits, which nobody meant as an amount.
    """
    if type(value) is str:
        # Digits, a point and two digits: nearly every amount, told in half the time of the pattern.
        is_plain = _CENTS < len(value) <= _DIGITS and value[-_CENTS] == "." and value.strip("0123456789") == "."
        if is_plain or _AMOUNT(value):
            return Decimal(value)
    elif type(value) is int or type(value) is Decimal:
        if (number := _bounded(Decimal(value))) is not None:
            return number
    elif value is None:
        raise refuse("missing_field", path, "an amount")
    else:
        raise refuse("wrong_type", path, "an amount as text or number")
    raise refuse("bad_money", path, 'a decimal number like "1234.50"')


def _bounded(number: Decimal) -> Decimal | None:
    """A JSON number without an exponent, unless it is beyond any price."""
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or number.adjusted() >= _DIGITS or exponent < -_DECIMALS:
        return None
    return number.quantize(_ONE) if exponent > 0 else number


def money_or_zero(value: object, path: str) -> Decimal:
    """The same, where no amount means none was charged."""
    if value is None:
        return ZERO
    return _ZERO_CENTS if value == "0.00" else money(value, path)


def currency(code: str | None, path: str) -> str:
    """An ISO 4217 code that prices can be in. Letters are not folded: a code in another spelling is not one."""
    if code is None:
        raise refuse("missing_field", path, "an ISO 4217 code")
    if code not in MINOR_UNITS:
        raise refuse("unknown_currency", path, "an ISO 4217 code like EUR")
    return code


def whole(amount: Decimal, code: str, path: str) -> Decimal:
    """An amount that somebody pays, in the currency's minor unit: "361.9500" is 361.95 USD.

    :raises RejectedError: a digit would be lost. Nobody pays parts of a cent, so what is meant is not known.
    """
    said = in_units(amount, code)
    if said.as_tuple().exponent != MINOR_UNITS[code].as_tuple().exponent:
        raise refuse("bad_money", path, f"an amount of {code} in whole units of {MINOR_UNITS[code]:f}")
    return said


def in_units(amount: Decimal, code: str) -> Decimal:
    """The amount with as many decimals as its currency has, or as it was where a digit would be lost."""
    said = amount.quantize(MINOR_UNITS[code])
    return said if said == amount else amount
