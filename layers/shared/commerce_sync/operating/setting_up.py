"""``setup``: what must exist in HubSpot before anything is written. Idempotent, with a plan that changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class PropertyDefinitions(Protocol):
    """HubSpot's property definitions."""

    def has_group(self, object_type: str) -> bool:
        """Whether our group exists."""

    def missing(self, object_type: str, wanted: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """Which of the wanted properties do not exist."""

    def create_group(self, object_type: str) -> None:
        """Create our group."""

    def create(self, object_type: str, definitions: Sequence[Mapping[str, Any]]) -> None:
        """Create properties."""


def set_up(
    hubspot: PropertyDefinitions, wanted: Mapping[str, Sequence[Mapping[str, Any]]], *, plan_only: bool
) -> dict[str, Any]:
    """Create the group and the properties that are missing; returns what was (or would be) created."""
    created: dict[str, list[str]] = {}
    for object_type, definitions in wanted.items():
        group_missing = not hubspot.has_group(object_type)
        missing = hubspot.missing(object_type, definitions)
        names = (["the property group"] if group_missing else []) + [str(one["name"]) for one in missing]
        if names:
            created[f"hubspot {object_type}"] = names
        if not plan_only:
            if group_missing:
                hubspot.create_group(object_type)
            hubspot.create(object_type, missing)
    return {"would_create" if plan_only else "created": created}
