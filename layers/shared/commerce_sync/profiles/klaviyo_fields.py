"""Values as Klaviyo takes them: pure, by the field map.

Omitted leaves a field as it is and null clears it, so a null stands where the wanted value is None, and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from commerce_sync.contracts.fields import FieldLine, FieldValues
from commerce_sync.errors import RefusedByVendorError

PHONE: Final = "phone_number"
DUPLICATE: Final = "duplicate_profile"
Lines = Mapping[str, FieldLine]
"""The field map of one destination, by :attr:`FieldLine.key`."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What to write about one email address: Klaviyo's own attributes, and custom properties."""

    email: str
    attributes: Mapping[str, str | None]
    properties: Mapping[str, object]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write: the phone number stands there already."""
        return not self.attributes and not self.properties

    @property
    def clears(self) -> bool:
        """Whether something is cleared, which a bulk import does not do."""
        return None in self.attributes.values() or None in self.properties.values()


def phone_in(values: FieldValues, lines: Lines) -> str | None:
    """The phone number among these values, where there is one to tell."""
    return next((value for key, value in values.items() if value and _kind(key, lines) == "phone"), None)


def is_about_phone(refusal: RefusedByVendorError) -> bool:
    """Whether it is the phone number that Klaviyo does not take: somebody else's, or no number to it."""
    return refusal.code == DUPLICATE or any(place.endswith(PHONE) for place in refusal.fields)


def profile_of(email: str, values: FieldValues, lines: Lines, held_phone: str | None = None) -> Profile:
    """The profile to write. ``held_phone`` is the number that Klaviyo has; empty where it has none.

    A phone number fills an empty one, since a new number without consent ends the consent of the number before. Any
    other, or one of which nobody knows what Klaviyo has (None), becomes the custom property that the field map names.
    """
    attributes: dict[str, str | None] = {}
    properties: dict[str, object] = {}
    for key, value in values.items():
        line = lines.get(key)
        if line is None or line.kind == "property":
            properties[key] = None if value is None else as_json(value, line)
        elif line.kind == "attribute":
            attributes[line.name] = value
        elif value and held_phone == "":
            attributes[PHONE] = value
        elif value is None or held_phone != value:
            properties[line.name] = value
    return Profile(email, attributes, properties)


def as_json(value: str, line: FieldLine | None) -> object:
    """As Klaviyo's segments compare it: numbers and booleans as such, dates as ``YYYY-MM-DD``, sets as lists.

    A text that was kept before its field became a number stays a text.
    """
    kind = line.type if line else "text"
    if kind == "boolean":
        return value == "true"
    if kind == "number" and (number := _number(value)) is not None:
        return int(number) if number == number.to_integral_value() else float(number)
    return [part for part in value.split(";") if part] if kind == "set" else value


def _kind(key: str, lines: Lines) -> str:
    line = lines.get(key)
    return line.kind if line else "property"


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
