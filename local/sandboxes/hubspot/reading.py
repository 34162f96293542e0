"""Reading requests as strictly as HubSpot: JSON objects, string ids, string values."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from local.sandboxes.hubspot.errors import invalid

MOST_INPUTS = 100


def body() -> dict[str, Any]:
    """The request's JSON object."""
    content = request.get_json(silent=True)
    if not isinstance(content, dict):
        raise invalid("Invalid input JSON: expected an object")
    return content


def batch_inputs(most: int = MOST_INPUTS) -> list[dict[str, Any]]:
    """The inputs of a batch: one at least, ``most`` at most."""
    inputs = body().get("inputs")
    if not isinstance(inputs, list) or not all(isinstance(entry, dict) for entry in inputs):
        raise invalid("Invalid input JSON: 'inputs' must be a list of objects")
    if not inputs:
        raise invalid("Some required fields were not set: [inputs]")
    if len(inputs) > most:
        raise invalid(f"The maximum number of inputs supported in a batch request is {most}.")
    return inputs


def ids_of(inputs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Their ids; one that comes twice refuses the whole batch, with or without trace ids."""
    ids = [text(entry, "id") for entry in inputs]
    if len(set(ids)) < len(ids):
        raise invalid("Duplicate IDs found in batch input")
    return ids


def text(entry: Mapping[str, Any], name: str) -> str:
    """A required text field: ids are strings, never numbers."""
    value = entry.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"Invalid input JSON: '{name}' must be a string")
    return value


def properties_of(entry: Mapping[str, Any]) -> dict[str, str]:
    """The properties of a write: values are strings; null is not a value, and "" clears."""
    properties = entry.get("properties")
    if not isinstance(properties, dict):
        raise invalid("Some required fields were not set: [properties]")
    for name, value in properties.items():
        if not isinstance(value, str):
            raise invalid(f"Invalid input JSON: the value of property '{name}' must be a string")
    return properties


def names(value: Any) -> list[str]:
    """A list of property names, from JSON or from a query's comma-separated text."""
    if isinstance(value, str):
        return [name for name in value.split(",") if name]
    return [str(name) for name in value or []]


def after_id(value: str | None) -> int:
    """A list's cursor: the last id seen."""
    if not value:
        return 0
    if not value.isdigit():
        raise invalid(f"Invalid cursor: {value}")
    return int(value)


def limit(value: Any, default: int, most: int) -> int:
    """A page size: a whole number up to the endpoint's largest."""
    try:
        size = default if value in (None, "") else int(value)
    except (TypeError, ValueError):
        raise invalid(f"Invalid page size: {value}") from None
    if not 0 <= size <= most:
        raise invalid(f"Page size {size} is not between 0 and {most}")
    return size
