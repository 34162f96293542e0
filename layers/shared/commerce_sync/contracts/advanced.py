"""Advanced properties: what systems beside the stores and the CRM know of a person, one owner each.

A value travels as text in its normal form: a text of the set, a number as written without an exponent, ``2026-11-30``,
``true`` or ``false``. The newest ``observed_at`` wins; of two of one moment the greater text does, so that every worker
chooses the same one.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final, Literal

from pydantic import Field

from commerce_sync.contracts.base import Contract

Kind = Literal["text", "number", "date", "boolean"]
Destination = Literal["klaviyo", "hubspot"]
DESTINATIONS: Final[tuple[Destination, ...]] = ("klaviyo", "hubspot")


class AdvancedProperty(Contract):
    """One ``[[property]]`` of advanced.toml.

    ``owner`` is the sender that alone may say it: the id of a store of source ``properties``. ``options`` are the texts
    that a text may be. A value ends ``expires_after_days`` after it was observed, or never. ``klaviyo`` and ``hubspot``
    name it there; one that has no name is not told there.
    """

    name: str = Field(pattern="^[a-z][a-z0-9_]{0,63}$")
    label: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    type: Kind
    options: tuple[str, ...] = ()
    expires_after_days: int | None = Field(default=None, ge=1, le=3650)
    klaviyo: str | None = Field(default=None, min_length=1)
    hubspot: str | None = Field(default=None, pattern="^[a-z][a-z0-9_]{0,99}$")

    def name_at(self, destination: Destination) -> str | None:
        """What it is called there."""
        return self.klaviyo if destination == "klaviyo" else self.hubspot


@dataclass(frozen=True, slots=True)
class Said:
    """What an owner said of one property: a value in its normal form, or None where it takes the value back."""

    value: str | None
    observed_at: datetime
    expires_at: datetime | None = None

    @property
    def version(self) -> str:
        """Sorts as ``observed_at`` does; what is said of one moment twice is ordered by what is said.

        That something is taken back wins over a value of the same moment.
        """
        ends = self.expires_at.astimezone(UTC).isoformat(timespec="microseconds") if self.expires_at else ""
        said = "2" if self.value is None else f"1{self.value}"
        return f"{self.observed_at.astimezone(UTC).isoformat(timespec='microseconds')}|{said}|{ends}"

    def holds(self, now: datetime) -> bool:
        """Whether there is a value, and it has not ended."""
        return self.value is not None and (self.expires_at is None or now < self.expires_at)


def in_normal_form(said: object, wanted: AdvancedProperty) -> str | None:
    """The value as text in its normal form, or None where it is none of the property's type.

    Numbers and booleans count as such and as text, since a CSV has nothing but text.
    """
    if wanted.type == "boolean":
        return {True: "true", False: "false"}[said] if isinstance(said, bool) else _boolean(said)
    if isinstance(said, bool) or not isinstance(said, (str, int, Decimal)):
        return None
    text = str(said).strip()
    if wanted.type == "text":
        return text if isinstance(said, str) and text in wanted.options else None
    return _number(text) if wanted.type == "number" else _date(text)


def expected_of(wanted: AdvancedProperty) -> str:
    """The values that a property can have, in words."""
    return {
        "text": f"one of {', '.join(wanted.options)}",
        "number": 'a decimal number like "0.42"',
        "date": 'a date like "2026-11-30"',
        "boolean": "true or false",
    }[wanted.type]


def _boolean(said: object) -> str | None:
    text = said.strip().lower() if isinstance(said, str) else ""
    return text if text in {"true", "false"} else None


def _number(text: str) -> str | None:
    """Plain digits: neither vendor takes more than a double holds exactly."""
    digits = text.removeprefix("-")
    whole, point, decimals = digits.partition(".")
    if len(digits) > _MOST_DIGITS or not (whole.isascii() and whole.isdigit()):
        return None
    if point and not (decimals.isascii() and decimals.isdigit()):
        return None
    shortest = f"{Decimal(text).normalize():f}"
    return "0" if shortest == "-0" else shortest


def _date(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat() if len(text) == len("2026-11-30") else None
    except ValueError:
        return None


_MOST_DIGITS: Final = 15
