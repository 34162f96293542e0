"""What a property definition must say before HubSpot takes it."""

from collections.abc import Mapping
from typing import Any

from local.sandboxes.hubspot.errors import HubSpotError, invalid
from local.sandboxes.hubspot.reading import text
from local.sandboxes.hubspot.schema import FIELD_TYPES, Definition

OPTION_FIELDS = {"label", "value", "displayOrder", "hidden"}


def exists(message: str) -> HubSpotError:
    """A property or group of that name is there already."""
    return HubSpotError(409, "OBJECT_ALREADY_EXISTS", message, sub_category="Properties.PROPERTY_WITH_NAME_EXISTS")


def definition_of(content: Mapping[str, Any]) -> Definition:
    """A definition from a body, all its fields as HubSpot wants them."""
    name, label, of_type, field_type, group = (
        text(content, field) for field in ("name", "label", "type", "fieldType", "groupName")
    )
    if not name.replace("_", "a").isalnum() or not name[0].isalpha() or name != name.lower():
        raise invalid(f"{name!r} is not a property name")
    if field_type not in FIELD_TYPES.get(of_type, ()):
        raise invalid(f"type {of_type!r} does not go with fieldType {field_type!r}")
    options = options_of(content) if of_type == "enumeration" else []
    return Definition(
        *(name, label, of_type, field_type, group),
        description=str(content.get("description") or ""),
        options=options,
        unique=content.get("hasUniqueValue") is True,
        custom=True,
    )


def options_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """An enumeration's options: each with all four fields, values unique."""
    options = content.get("options")
    if not isinstance(options, list) or not options:
        raise invalid("Enumerations need options")
    if not all(isinstance(entry, dict) and entry.keys() >= OPTION_FIELDS for entry in options):
        raise invalid(f"Every option needs {sorted(OPTION_FIELDS)}")
    if len({entry["value"] for entry in options}) < len(options):
        raise invalid("Option values must be unique")
    return options
