"""Klaviyo's filter language: ``equals(email,"a@b.c"),greater-than(updated,2026-10-01T00:00:00Z)``; commas mean and."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from local.sandboxes.klaviyo.documents import utc
from local.sandboxes.klaviyo.errors import invalid_parameter

Item = TypeVar("Item")
TERM = re.compile(r"\s*([a-z-]+)\(\s*([\w.]+)\s*(?:,\s*((?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|\[[^\]]*\]|[^(),])*))?\)\s*")
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": lambda mine, wanted: bool(mine == wanted),
    "any": lambda mine, wanted: mine in wanted,
    "greater-than": lambda mine, wanted: mine is not None and mine > wanted,
    "greater-or-equal": lambda mine, wanted: mine is not None and mine >= wanted,
    "less-than": lambda mine, wanted: mine is not None and mine < wanted,
    "less-or-equal": lambda mine, wanted: mine is not None and mine <= wanted,
    "has": lambda mine, _wanted: mine is not None,
}
RANGE = frozenset({"greater-than", "greater-or-equal", "less-than", "less-or-equal"})
EXCLUSIVE = frozenset({"greater-than", "less-than"})
CHOICE = frozenset({"equals", "any"})
EQUALS = frozenset({"equals"})


@dataclass(frozen=True)
class Field:
    """A field one may filter on: its value in an item (several when any may match), its operators, its kind."""

    values: Callable[[Any], Sequence[Any]]
    operators: Collection[str]
    kind: str = "string"


def matching(items: Sequence[Item], text: str | None, fields: Mapping[str, Field]) -> list[Item]:
    """The items that fit every term of the filter."""
    kept = list(items)
    for operator, name, wanted in _terms(text or "", fields):
        compare, values = COMPARE[operator], fields[name].values
        kept = [item for item in kept if any(compare(mine, wanted) for mine in values(item))]
    return kept


def _terms(text: str, fields: Mapping[str, Field]) -> list[tuple[str, str, Any]]:
    terms = []
    position = 0
    while position < len(text):
        match = TERM.match(text, position)
        if match is None:
            invalid_parameter(f"The filter '{text}' is malformed.", "filter")
        terms.append(_term(match, fields))
        position = match.end()
        if position < len(text) and text[position] != ",":
            invalid_parameter(f"The filter '{text}' is malformed.", "filter")
        position += 1
    return terms


def _term(match: re.Match[str], fields: Mapping[str, Field]) -> tuple[str, str, Any]:
    operator, name, raw = match.groups()
    field = fields.get(name)
    if field is None:
        invalid_parameter(f"'{name}' is not an allowed filter field. Allowed: {', '.join(fields)}.", "filter")
    if operator not in field.operators:
        invalid_parameter(f"'{operator}' is not an allowed operator for '{name}'.", "filter")
    if operator == "has":
        return operator, name, None
    return operator, name, _value((raw or "").strip(), field.kind, several=operator == "any")


def _value(raw: str, kind: str, *, several: bool) -> Any:
    try:
        return _parsed(raw, kind, several=several)
    except (ValueError, TypeError, OverflowError):
        invalid_parameter(f"'{raw}' is not a valid {kind} value.", "filter")


def _parsed(raw: str, kind: str, *, several: bool) -> Any:
    if kind == "datetime":
        return utc(raw)
    if kind == "number":
        return float(raw)
    value = json.loads(raw if several or raw[:1] != "'" else json.dumps(raw[1:-1]))
    texts = value if several else [value]
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError(raw)
    return value
