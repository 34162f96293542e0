"""``setup``: what must exist in HubSpot before anything is written. Idempotent, with a plan that changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from commerce_sync.errors import NotAllowedError


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
    """Create the group and the properties that are missing; returns what was (or would be) created.

    An object type that our token may not touch keeps no other from being set up: ``not_allowed`` names its scopes.
    """
    created: dict[str, list[str]] = {}
    refused: dict[str, list[str]] = {}
    for object_type, definitions in wanted.items():
        try:
            names = _set_up_type(hubspot, object_type, definitions, plan_only=plan_only)
        except NotAllowedError as error:
            refused[f"hubspot {object_type}"] = list(error.scopes) or [str(error)]
            continue
        if names:
            created[f"hubspot {object_type}"] = names
    done = {"would_create" if plan_only else "created": created}
    return done | ({"not_allowed": refused} if refused else {})


def _set_up_type(
    hubspot: PropertyDefinitions, object_type: str, definitions: Sequence[Mapping[str, Any]], *, plan_only: bool
) -> list[str]:
    group_missing = not hubspot.has_group(object_type)
    missing = hubspot.missing(object_type, definitions)
    if not plan_only:
        if group_missing:
            hubspot.create_group(object_type)
        hubspot.create(object_type, missing)
    return (["the property group"] if group_missing else []) + [str(one["name"]) for one in missing]
