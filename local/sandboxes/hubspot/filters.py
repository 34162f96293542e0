"""Search filters: how one property's value is compared."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from local.sandboxes.hubspot.errors import invalid

Comparable = Decimal | str
ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "LT": lambda left, right: left < right,
    "LTE": lambda left, right: left <= right,
    "GT": lambda left, right: left > right,
    "GTE": lambda left, right: left >= right,
}


def matches(entry: Mapping[str, Any], value: str | None, kind: str) -> bool:
    """Whether a value passes a filter. Dates are given in milliseconds; text is compared without case."""
    operator = entry.get("operator")
    if operator in {"HAS_PROPERTY", "NOT_HAS_PROPERTY"}:
        return (value is None) is (operator == "NOT_HAS_PROPERTY")
    if operator in {"IN", "NOT_IN"}:
        wanted = [_comparable(str(item), kind) for item in entry.get("values") or []]
        found = value is not None and _comparable(value, kind) in wanted
        return found if operator == "IN" else not found
    if operator in {"CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"}:
        token = str(entry.get("value", "")).strip("*").lower()
        found = value is not None and token in value.lower()
        return found if operator == "CONTAINS_TOKEN" else not found
    return _compared(entry, value, kind)


def _compared(entry: Mapping[str, Any], value: str | None, kind: str) -> bool:
    operator, given = str(entry.get("operator")), entry.get("value")
    if not isinstance(given, str):
        raise invalid(f"The filter {operator} needs a value, as text")
    wanted = _comparable(given, kind)
    if operator in {"EQ", "NEQ"}:
        return (value is not None and _comparable(value, kind) == wanted) == (operator == "EQ")
    if operator == "BETWEEN":
        high = _comparable(str(entry.get("highValue")), kind)
        return (
            value is not None
            and ORDER["GTE"](_comparable(value, kind), wanted)
            and ORDER["LTE"](_comparable(value, kind), high)
        )
    if operator not in ORDER:
        raise invalid(f"Invalid operator: {operator}")
    return value is not None and ORDER[operator](_comparable(value, kind), wanted)


def _comparable(value: str, kind: str) -> Comparable:
    """Times as milliseconds, numbers as numbers, the rest as lower-case text."""
    if kind not in {"date", "datetime", "number"}:
        return value.lower()
    try:
        if kind != "number" and "-" in value[1:]:
            return Decimal(int(datetime.fromisoformat(value).timestamp() * 1000))
        return Decimal(value)
    except (InvalidOperation, ValueError):
        raise invalid(f"{value!r} is not a {kind}") from None
