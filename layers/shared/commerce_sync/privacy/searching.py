"""Whether a delivery that could not be translated is about a person: a search in its text, since it left no trace.

Values of records are searched only in deliveries of their own store, and only where they are long enough to mean it.
A body that says nothing but a name is not found; it leaves the archive with its age.
"""

import re
from collections.abc import Iterable
from functools import cache

import phonenumbers

from commerce_sync.contracts import Envelope
from commerce_sync.contracts.identity_book import Identifier

SHORTEST_RECORD = 5
ADORNMENT = re.compile(r"[\s().\-/]+")


def is_about(envelope: Envelope, identifiers: Iterable[Identifier]) -> bool:
    """Whether a delivery's body holds one of the identifiers."""
    text = (envelope.body_bytes() or b"").decode("utf-8", "replace").lower().replace("\\u0040", "@").replace("%40", "@")
    plain = ADORNMENT.sub("", text)
    store = f"{envelope.source}:{envelope.store}"
    for kind, value in identifiers:
        family = kind.partition("@")[0]
        if family == "email":
            found = _whole(value.lower()).search(text)
        elif family == "phone":
            found = _phone(value).search(plain)
        else:
            found = _whole(value.lower()).search(text) if kind == store and len(value) >= SHORTEST_RECORD else None
        if found:
            return True
    return False


@cache
def _whole(value: str) -> re.Pattern[str]:
    """The value, not as a part of a longer one."""
    return re.compile(rf"(?<![\w.+-]){re.escape(value)}(?![\w-]|\.\w)")


@cache
def _phone(value: str) -> re.Pattern[str]:
    """A number with or without its country code, in text without its adornments."""
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return _whole(value)
    prefix = rf"(?:\+?(?:00)?{number.country_code})?0?"
    return re.compile(rf"(?<!\d){prefix}{phonenumbers.national_significant_number(number)}(?!\d)")
