"""The contact properties that advanced.toml's go to at HubSpot, as definitions to be created."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from commerce_sync.contracts.advanced import AdvancedProperty

YES_AND_NO = (("Yes", "true"), ("No", "false"))
Definitions = Mapping[str, Sequence[Mapping[str, Any]]]
"""By object type."""


def with_advanced(wanted: Definitions, advanced: Iterable[AdvancedProperty]) -> Definitions:
    """The wanted definitions, with those of the advanced properties that go to HubSpot."""
    theirs = [_definition(one) for one in advanced if one.hubspot]
    return {**wanted, "contacts": [*wanted["contacts"], *theirs]}


def _definition(one: AdvancedProperty) -> Mapping[str, Any]:
    base = {"name": one.hubspot, "label": one.label}
    if one.type == "text":
        options = _options((option, option) for option in one.options)
        return {**base, "type": "enumeration", "fieldType": "select", "options": options}
    if one.type == "boolean":
        return {**base, "type": "bool", "fieldType": "booleancheckbox", "options": _options(YES_AND_NO)}
    return {**base, "type": one.type, "fieldType": one.type}


def _options(names: Iterable[tuple[str, str]]) -> list[Mapping[str, Any]]:
    return [
        {"label": label, "value": value, "displayOrder": order, "hidden": False}
        for order, (label, value) in enumerate(names)
    ]
