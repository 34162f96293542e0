"""The small values of a body: text, ids, moments. Each is read exactly or refused with its path."""

from datetime import UTC, datetime, timedelta
from typing import Final

from commerce_sync.intake.bodies import Id
from commerce_sync.intake.rejections import refuse

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_LONGEST_ID: Final = 255
_LARGEST_ID: Final = 2**63


def text(value: str | None) -> str | None:
    """The text without the space around it, or None where nothing is left."""
    return (value.strip() or None) if value else None


def first(*values: str | None) -> str | None:
    """The first of these texts that says something."""
    for value in values:
        if value and (said := value.strip()):
            return said
    return None


def identifier(value: Id, path: str) -> str:
    """An id as text. Shopify's exceed 2**53 (its sample order is 820982911946154508): never floating point."""
    if type(value) is int and 0 <= value < _LARGEST_ID:
        return str(value)
    said = str(value).strip()
    if not said:
        raise refuse("missing_field", path, "an id")
    if len(said) > _LONGEST_ID:
        raise refuse("wrong_type", path, f"an id of at most {_LONGEST_ID} characters")
    return said


def identifier_if_any(value: Id | None, path: str) -> str | None:
    """An id as text, or None where there is none."""
    if type(value) is int and 0 <= value < _LARGEST_ID:
        return str(value)
    return None if value is None or value == "" else identifier(value, path)


def event_id(*parts: str) -> str:
    """``source:store:order id:event[:sub id]``. A colon inside a part is escaped, so two acts never share an id."""
    return ":".join([escape(part) for part in parts])


def escape(part: str) -> str:
    """The part without the colon that separates parts."""
    return part if part.isalnum() else part.replace("%", "%25").replace(":", "%3A")


def utc(moment: datetime, path: str) -> datetime:
    """The moment in UTC.

    :raises RejectedError: it has no offset (it could be up to 26 hours of moments), or lies beyond the calendar.
    """
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise refuse("naive_time", path, "a time with its offset, like 2026-11-01T09:30:00Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise refuse("bad_time", path, "a time between the years 1 and 9999") from error


def moment_id(moment: datetime) -> str:
    """A moment as part of an event's id: milliseconds since 1970."""
    return str((moment - EPOCH) // timedelta(milliseconds=1))
