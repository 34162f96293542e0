"""Property definitions and groups of one object type: the standard ones, and those an integration created."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.sandboxes.hubspot.standard import OPTIONS, STANDARD, UNIQUE

TYPES = frozenset({"bool", "date", "datetime", "enumeration", "number", "phone_number", "string"})
FIELD_TYPES: Mapping[str, frozenset[str]] = {
    "bool": frozenset({"booleancheckbox", "calculation_equation"}),
    "date": frozenset({"date"}),
    "datetime": frozenset({"date"}),
    "enumeration": frozenset({"booleancheckbox", "checkbox", "radio", "select", "calculation_equation"}),
    "number": frozenset({"number", "calculation_equation"}),
    "phone_number": frozenset({"phonenumber"}),
    "string": frozenset({"file", "html", "phonenumber", "text", "textarea", "calculation_equation"}),
}
KINDS = {
    "checkbox": ("enumeration", "checkbox"),
    "owner": ("enumeration", "select"),
    "currency": ("enumeration", "select"),
    "pipeline": ("enumeration", "select"),
    "stage": ("enumeration", "radio"),
    "bool": ("bool", "booleancheckbox"),
    "number": ("number", "number"),
    "string": ("string", "text"),
    "datetime": ("datetime", "date"),
    "enumeration": ("enumeration", "select"),
}


@dataclass
class Definition:
    """One property. ``kind`` says where its options come from: a list of its own, or the account."""

    name: str
    label: str
    type: str
    field_type: str
    group: str
    kind: str = ""
    description: str = ""
    options: list[dict[str, Any]] = field(default_factory=list)
    unique: bool = False
    read_only: bool = False
    custom: bool = False
    archived: bool = False

    def payload(self) -> dict[str, Any]:
        """As the properties API shows it."""
        return {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "fieldType": self.field_type,
            "description": self.description,
            "groupName": self.group,
            "options": self.options,
            "calculated": False,
            "hasUniqueValue": self.unique,
            "hidden": False,
            "hubspotDefined": not self.custom,
            "archived": self.archived,
            "formField": not self.read_only,
            "modificationMetadata": {
                "archivable": self.custom,
                "readOnlyDefinition": not self.custom,
                "readOnlyOptions": not self.custom,
                "readOnlyValue": self.read_only,
            },
        }


class TypeSchema:
    """The properties and groups of one object type."""

    def __init__(self, object_type: str) -> None:
        self.group = f"{object_type.removesuffix('s')}information"
        self.groups: dict[str, dict[str, Any]] = {self.group: {"name": self.group, "label": self.group}}
        unique = UNIQUE.get(object_type, ())
        self.properties = {
            name: self._standard(name, kind, unique=name in unique) for name, kind in STANDARD[object_type].items()
        }

    def _standard(self, name: str, kind: str, *, unique: bool) -> Definition:
        plain = kind.removeprefix("!")
        of_type, field_type = KINDS[plain]
        options = [option(value, order) for order, value in enumerate(OPTIONS.get(name, ()))]
        return Definition(
            *(name, name, of_type, field_type, self.group, plain),
            options=options,
            unique=unique,
            read_only=kind.startswith("!"),
        )

    def known(self, name: str) -> Definition | None:
        """The live definition of that name."""
        found = self.properties.get(name)
        return found if found and not found.archived else None

    def custom(self) -> list[str]:
        """The names that were created by somebody."""
        return [name for name, definition in self.properties.items() if definition.custom and not definition.archived]

    def unique_names(self) -> list[str]:
        """The properties whose values are unique."""
        return [name for name, definition in self.properties.items() if definition.unique]


def option(value: str, order: int) -> dict[str, Any]:
    """An option that HubSpot defined: its label is not its value."""
    return {"label": value.replace("_", " ").title(), "value": value, "displayOrder": order, "hidden": False}
