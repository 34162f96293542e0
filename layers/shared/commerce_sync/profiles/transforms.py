"""How a text of its owner's becomes a value: total functions, from whatever text there is to its normal form or none.

Normal forms are those of :mod:`commerce_sync.contracts.fields`. HubSpot says dates and times as ISO 8601 or as
milliseconds since 1970, choices of several as ``a;b``, yes as ``true``.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from commerce_sync.contracts.fields import FieldType, Known

Transform = Callable[[str, FieldType, Known], str | None]
"""From a text that is not blank, the field's type and all that is known of the person: a value; None: unreadable."""
MOST_BYTES: Final = 10_000
"""A longer text is no value that anybody segments by, and a few of them would be more than Klaviyo takes at once."""
MOST_DIGITS: Final = 15
"""A double, which both vendors make of a number, holds no more exactly."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
WHERE_NOTHING_IS: Final[Mapping[str, str]] = {"is_set": "false"}
"""What a transform says of no value at all; the others say nothing."""


def transforms(
    country_code: Callable[[str], str | None],
    country_name: Callable[[str], str | None],
    phone: Callable[[str, str | None], str | None],
) -> Mapping[str, Transform]:
    """All of them, by name. ``phone`` reads a number in a country, by the text that the contact has for that."""
    return {
        "as_is": lambda text, kind, _: normal_form(text, kind),
        "lower": lambda text, _, __: plain_text(text.lower()),
        "day": lambda text, _, __: _day(text),
        "is_set": lambda _, __, ___: "true",
        "country_code": lambda text, _, __: country_code(text),
        "country_name": lambda text, _, __: country_name(text),
        "phone": lambda text, _, known: phone(text, known.get("country")),
    }


def normal_form(text: str, kind: FieldType) -> str | None:
    """A text as its type's normal form; None where it is none of it."""
    return READ[kind](text.strip())


def plain_text(text: str) -> str | None:
    """Without space around it and without halves of characters, which no vendor takes."""
    found = text.encode("utf-8", "replace").decode().replace("\x00", "").strip()
    return found if found and len(found.encode()) <= MOST_BYTES else None


def moment(text: str) -> datetime | None:
    """A moment in UTC; None where the text is none, or says no offset."""
    if text.isascii() and text.removeprefix("-").isdigit():
        return _of_milliseconds(text)
    try:
        said = datetime.fromisoformat(text)
        return said.astimezone(UTC) if said.tzinfo else None
    except (ValueError, OverflowError):
        return None


def moment_text(at: datetime) -> str:
    """A moment's normal form, to the second."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def number_text(number: Decimal) -> str:
    """A number in plain digits, the shortest."""
    shortest = f"{number.normalize():f}"
    return "0" if shortest == "-0" else shortest


def _of_milliseconds(text: str) -> datetime | None:
    try:
        return EPOCH + timedelta(milliseconds=int(text)) if len(text) <= MOST_DIGITS else None
    except OverflowError:
        return None


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        at = moment(text.strip())
        return at.date().isoformat() if at else None


def _number(text: str) -> str | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() >= MOST_DIGITS or number.adjusted() < -MOST_DIGITS:
        return None
    return number_text(number) if len(number.normalize().as_tuple().digits) <= MOST_DIGITS else None


def _datetime(text: str) -> str | None:
    at = moment(text)
    return moment_text(at) if at else None


def _boolean(text: str) -> str | None:
    return found if (found := text.lower()) in {"true", "false"} else None


def _set(text: str) -> str | None:
    return plain_text(";".join(sorted({clean for part in text.split(";") if (clean := plain_text(part))})))


READ: Final[Mapping[FieldType, Callable[[str], str | None]]] = {
    "text": plain_text,
    "number": _number,
    "date": _day,
    "datetime": _datetime,
    "boolean": _boolean,
    "set": _set,
}
