"""Whether a text holds a phone number, as people write numbers: with or without country code, adorned or not."""

import phonenumbers

LONG_ENOUGH = 10
"""Digits of a number that means itself without a plus or a gap; shorter ones are as well part of an id."""


def reads_as(phone: str, text: str) -> bool:
    """Whether a whole text is this number (E.164), read in its own country."""
    try:
        number = phonenumbers.parse(text, _region(phone))
    except phonenumbers.NumberParseException:
        return False
    return _e164(number) == phone


def is_written_in(phone: str, text: str) -> bool:
    """Whether this number stands somewhere in a text, not as a part of a longer one."""
    matches = phonenumbers.PhoneNumberMatcher(text, _region(phone))
    return any(_e164(match.number) == phone and _means_it(match.raw_string) for match in matches)


def _means_it(raw: str) -> bool:
    return not raw.isdigit() or len(raw) >= LONG_ENOUGH


def _region(phone: str) -> str | None:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
