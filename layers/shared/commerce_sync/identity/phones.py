"""Phone numbers as identity keys: E.164, valid numbers only, by libphonenumber's metadata."""

from collections.abc import Sequence

import phonenumbers

from commerce_sync.identity.text import is_placeholder, visible


def normalize_phone(raw: str, regions: Sequence[str] = ()) -> str | None:
    """The number in E.164, or None where it is not a valid number.

    The number's own international form decides first (``+``, or an exit code of one of the regions); then each
    region (ISO 3166-1 alpha-2) is tried in the order given. Nothing is guessed: without a region, a national
    number is nobody's.
    """
    text = visible(raw)
    if is_placeholder(text):
        return None
    for region in (None, *regions):
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None
