"""Plain Python values to DynamoDB attributes and back, for the few types our items hold."""

import json
from collections.abc import Mapping
from typing import Any


def to_item(values: dict[str, Any]) -> dict[str, Any]:
    """Attributes of a flat item: str, int, bool, set of str, map of such values. None is left out."""
    return {name: _attribute(value) for name, value in values.items() if value is not None}


def from_item(item: dict[str, Any]) -> dict[str, Any]:
    """The values of a flat item."""
    return {name: _value(attribute) for name, attribute in item.items()}


def following(page: Mapping[str, Any]) -> str:
    """Where the page of a scan after this one begins, as a text that may be kept; empty after the last one."""
    last = page.get("LastEvaluatedKey")
    return json.dumps(from_item(last)) if last else ""


def _attribute(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, (set, frozenset)):
        return {"SS": sorted(value)}
    if isinstance(value, dict):
        return {"M": to_item(value)}
    return {"S": value}


def _value(attribute: dict[str, Any]) -> Any:
    kind, value = next(iter(attribute.items()))
    if kind == "N":
        return int(value)
    if kind == "M":
        return from_item(value)
    return frozenset(value) if kind == "SS" else value
