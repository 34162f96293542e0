"""The contact properties that fields.toml's and advanced.toml's go to at HubSpot, as definitions to be created."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from commerce_sync.contracts.advanced import AdvancedProperty
from commerce_sync.contracts.field_names import HUBSPOTS_OWN
from commerce_sync.contracts.fields import FieldLine, FieldMap, FieldType

HUBSPOT_TYPES: Final[Mapping[FieldType, tuple[str, str]]] = {
    "text": ("string", "text"),
    "number": ("number", "number"),
    "date": ("date", "date"),
    "datetime": ("datetime", "date"),
}
YES_AND_NO = (("Yes", "true"), ("No", "false"))
Definitions = Mapping[str, Sequence[Mapping[str, Any]]]
"""By object type."""


def with_advanced(wanted: Definitions, advanced: Iterable[AdvancedProperty]) -> Definitions:
    """The wanted definitions, with those of the advanced properties that go to HubSpot."""
    theirs = [_definition(one) for one in advanced if one.hubspot]
    return {**wanted, "contacts": [*wanted["contacts"], *theirs]}


def with_fields(wanted: Definitions, fields: FieldMap) -> Definitions:
    """The wanted definitions, with those of the fields that go to HubSpot and are not HubSpot's own."""
    theirs = [_field(line) for line in fields.to("hubspot") if line.name not in HUBSPOTS_OWN]
    return {**wanted, "contacts": [*wanted["contacts"], *theirs]}


def _field(line: FieldLine) -> Mapping[str, Any]:
    base = {"name": line.name, "label": line.label}
    if line.type == "boolean":
        return {**base, "type": "bool", "fieldType": "booleancheckbox", "options": _options(YES_AND_NO)}
    kind, field_type = HUBSPOT_TYPES[line.type]
    return {**base, "type": kind, "fieldType": field_type}


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
