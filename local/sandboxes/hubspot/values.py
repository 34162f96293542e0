"""What a property's value may be, and how HubSpot keeps it."""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from local.sandboxes.hubspot.errors import Problem
from local.sandboxes.hubspot.schema import Definition

LONGEST = 65_536
DAY_MS = 86_400_000
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


class BadValueError(Exception):
    """A value that does not fit; carries HubSpot's code."""


def kept_value(definition: Definition, value: str, options: Collection[str]) -> str | Problem:
    """The value as HubSpot keeps it, or what is wrong with it. Empty text always clears."""
    if value == "":
        return ""
    try:
        return _parse(definition, value, options)
    except BadValueError as error:
        return Problem(definition.name, str(error), f"{value!r} is not a valid value of {definition.name}")


def _parse(definition: Definition, value: str, options: Collection[str]) -> str:
    if definition.name == "email":
        return _email(value)
    if definition.type == "enumeration":
        return _choice(definition, value, options)
    if definition.type == "bool":
        return _one_of(value, ("true", "false"))
    if definition.type == "number":
        return _number(value)
    if definition.type in {"date", "datetime"}:
        return _date(value) if definition.type == "date" else iso(_moment(value))
    if len(value) > LONGEST:
        raise BadValueError("INVALID_STRING_LENGTH")
    return value


def _email(value: str) -> str:
    """Trimmed and in lower case."""
    email = value.strip().lower()
    if not EMAIL.fullmatch(email):
        raise BadValueError("INVALID_EMAIL")
    return email


def _choice(definition: Definition, value: str, options: Collection[str]) -> str:
    """Internal values only, never labels; checkboxes take several, separated by semicolons."""
    if definition.field_type != "checkbox":
        return _one_of(value, options)
    return ";".join(_one_of(choice, options) for choice in value.strip(";").split(";"))


def _one_of(value: str, options: Collection[str]) -> str:
    if value not in options:
        raise BadValueError("INVALID_OPTION")
    return value


def _number(value: str) -> str:
    try:
        finite = Decimal(value).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise BadValueError("INVALID_INTEGER")
    return value


def _date(value: str) -> str:
    """A day: ``YYYY-MM-DD``, or milliseconds at midnight UTC exactly."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return _moment(value + "T00:00:00Z").date().isoformat()
    if not re.fullmatch(r"-?\d+", value) or int(value) % DAY_MS:
        raise BadValueError("INVALID_DATE")
    return _moment(value).date().isoformat()


def _moment(value: str) -> datetime:
    """Milliseconds since the epoch, or ISO 8601 with its zone."""
    try:
        if re.fullmatch(r"-?\d+", value):
            return datetime.fromtimestamp(int(value) / 1000, UTC)
        moment = datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError):
        raise BadValueError("INVALID_DATE") from None
    if moment.tzinfo is None and "T" in value:
        raise BadValueError("INVALID_DATE")
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def iso(moment: datetime) -> str:
    """A time as HubSpot shows it, with milliseconds where there are any."""
    precision = "milliseconds" if moment.microsecond // 1000 else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")


def at(seconds: float) -> str:
    """Seconds since the epoch, as HubSpot shows them."""
    return iso(datetime.fromtimestamp(seconds, UTC))
