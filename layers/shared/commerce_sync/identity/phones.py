"""Phone numbers as identity keys: E.164, valid numbers only, by libphonenumber's metadata."""

import re
from collections.abc import Iterator, Sequence

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from commerce_sync.identity.phone_texts import CONTEXT, numbers_in
from commerce_sync.identity.text import words

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
EXIT_CODE = re.compile(r"00\)?[\s.-]*(?=[1-9])")
"""What nearly all countries dial before a country code (ITU-T E.164 recommends it)."""
AFTER_PLUS = re.compile(r"^\+[\s(]*00\)?")
LETTER = re.compile(r"[A-Za-z]")
NORTH_AMERICA = 1
AREA_CODE = 3
MOST = 2
DIALLED_IN_LETTERS = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.UAN,
    }
)
"""Kinds of numbers that are advertised in letters outside North America; in other numbers letters are words."""


def normalize_phone(raw: str, regions: Sequence[str] = ()) -> str | None:
    """The number in E.164, or None where the text does not hold exactly one valid number. Never raises.

    The number's own international form (``+``) decides first, and alone: what it says is never read in a region.
    Then each region (ISO 3166-1 alpha-2; unknown ones are passed over) reads it in the order given, by its own exit
    code and as a national number. At last ``00`` counts as the exit code that it nearly everywhere is. Nothing is
    guessed: without a region, a national number is nobody's. Extensions are dropped. A field with two different
    numbers, and a placeholder (``words.toml``), name nobody.
    """
    if E164.fullmatch(raw):
        return _valid(raw, None)
    known = [region.upper() for region in regions if region.upper() in phonenumbers.SUPPORTED_REGIONS]
    return numbers_in(raw, lambda text: _read(text, known))


def _read(text: str, regions: Sequence[str]) -> str | None:
    return next((found for reading, region in _readings(text, regions) if (found := _valid(reading, region))), None)


def _readings(text: str, regions: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """A text and the region to read it in, the surest first."""
    if text.startswith("+") or f"{CONTEXT}+" in text:
        yield AFTER_PLUS.sub("+", text), None
    elif not _is_typed(text):
        yield from ((text, region) for region in regions)
        if EXIT_CODE.match(text):
            yield EXIT_CODE.sub("+", text, count=1), None


def _valid(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or _holds_words(text, number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None if _repeats(number) or e164 in words("phone")["numbers"] else e164


def _holds_words(text: str, number: PhoneNumber) -> bool:
    """Whether letters were read as digits where nobody dials letters: ``030 901820 privat`` is no longer number."""
    if not LETTER.search(text.partition(CONTEXT)[0]) or number.country_code == NORTH_AMERICA:
        return False
    return phonenumbers.number_type(number) not in DIALLED_IN_LETTERS


def _is_typed(text: str) -> bool:
    """Whether a national number is a well-known row of digits."""
    known = words("phone")
    return text in known["typed"] or re.sub(r"[\s().-]", "", text) in known["typed_in_any_form"]


def _repeats(number: PhoneNumber) -> bool:
    """Whether one digit makes a number, but for a North American area code or the first two digits of a long one."""
    digits = phonenumbers.national_significant_number(number)
    same = len(digits) - len(digits.rstrip(digits[-1]))
    different = len(digits) - same
    if number.country_code == NORTH_AMERICA:
        return different <= AREA_CODE
    return different == 0 or (different <= MOST and len(digits) > len("1234567"))
