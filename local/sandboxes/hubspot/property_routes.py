"""Property definitions and their groups: read, create, restore by creating again, patch, limits."""

from collections.abc import Mapping
from typing import Any

from flask import request

from local.sandboxes.hubspot.definitions import definition_of, exists, options_of
from local.sandboxes.hubspot.errors import HubSpotError, invalid, not_found
from local.sandboxes.hubspot.gate import Route
from local.sandboxes.hubspot.reading import batch_inputs, body, text
from local.sandboxes.hubspot.schema import Definition
from local.sandboxes.hubspot.shown import completed
from local.sandboxes.hubspot.standard import TYPE_IDS
from local.sandboxes.hubspot.state import HubSpotState

MOST_UNIQUE = 10
PATCHABLE = {"label": "label", "description": "description", "groupName": "group", "options": "options"}


def property_routes(state: HubSpotState) -> list[Route]:
    """The property endpoints."""
    api, prefix = PropertyRoutes(state), "/crm/properties/{V}/<object_type>"
    return [
        ("GET", prefix, api.list_all),
        ("POST", prefix, api.create),
        ("POST", f"{prefix}/batch/create", api.batch_create),
        ("GET", f"{prefix}/groups", api.list_groups),
        ("POST", f"{prefix}/groups", api.create_group),
        ("GET", f"{prefix}/<name>", api.read),
        ("PATCH", f"{prefix}/<name>", api.patch),
        ("DELETE", f"{prefix}/<name>", api.archive),
        ("GET", "/crm/limits/{V}/custom-properties", api.limits),
    ]


class PropertyRoutes:
    """The property endpoints of every object type."""

    def __init__(self, state: HubSpotState) -> None:
        self._state = state

    def list_all(self, object_type: str) -> tuple[Any, int]:
        """All definitions, or the archived ones."""
        archived = request.args.get("archived") == "true"
        definitions = self._state.schemas[self._state.object_type(object_type)].properties.values()
        return {"results": [entry.payload() for entry in definitions if entry.archived == archived]}, 200

    def read(self, object_type: str, name: str) -> tuple[Any, int]:
        """One definition."""
        return self._known(object_type, name).payload(), 200

    def _known(self, object_type: str, name: str) -> Definition:
        found = self._state.schemas[self._state.object_type(object_type)].known(name)
        if found is None:
            raise not_found(f"Property {name} does not exist")
        return found

    def create(self, object_type: str) -> tuple[Any, int]:
        """Create a definition; an archived name is restored by it, a live one is a 409."""
        return self._create(self._state.object_type(object_type), body()).payload(), 201

    def batch_create(self, object_type: str) -> tuple[Any, int]:
        """Create many; those that exist are named in a 207."""
        object_type, results, errors = self._state.object_type(object_type), [], []
        for entry in batch_inputs():
            try:
                results.append(self._create(object_type, entry).payload())
            except HubSpotError as error:
                errors.append(error.item({"name": [str(entry.get("name"))]}))
        answer = completed(self._state, results)
        return ({**answer, "numErrors": len(errors), "errors": errors}, 207) if errors else (answer, 201)

    def _create(self, object_type: str, content: Mapping[str, Any]) -> Definition:
        schema, definition = self._state.schemas[object_type], definition_of(content)
        if definition.group not in schema.groups:
            raise invalid(f"Property group {definition.group} does not exist")
        if schema.known(definition.name):
            raise exists(f"A property named '{definition.name}' already exists.")
        if len(schema.custom()) >= self._state.settings.most_custom_properties:
            raise HubSpotError(400, "VALIDATION_ERROR", "You have reached the limit of custom properties.")
        if (
            definition.unique
            and sum(entry.unique and entry.custom for entry in schema.properties.values()) >= MOST_UNIQUE
        ):
            raise invalid(f"At most {MOST_UNIQUE} properties with unique values")
        archived = schema.properties.get(definition.name)
        if archived:
            archived.archived = False
            return archived
        schema.properties[definition.name] = definition
        return definition

    def patch(self, object_type: str, name: str) -> tuple[Any, int]:
        """Change a definition; options sent replace the whole list, and name and uniqueness never change."""
        definition, content = self._known(object_type, name), body()
        if not definition.custom:
            raise invalid(f"{name} is defined by HubSpot")
        if {"name", "hasUniqueValue"} & content.keys():
            raise invalid("name and hasUniqueValue cannot be changed")
        for field, attribute in PATCHABLE.items():
            if field in content:
                setattr(definition, attribute, options_of(content) if field == "options" else text(content, field))
        return definition.payload(), 200

    def archive(self, object_type: str, name: str) -> tuple[Any, int]:
        """Archive a definition somebody made."""
        definition = self._known(object_type, name)
        if not definition.custom:
            raise invalid(f"{name} is defined by HubSpot")
        definition.archived = True
        return None, 204

    def list_groups(self, object_type: str) -> tuple[Any, int]:
        """The groups."""
        groups = self._state.schemas[self._state.object_type(object_type)].groups.values()
        return {"results": [{**group, "archived": False} for group in groups]}, 200

    def create_group(self, object_type: str) -> tuple[Any, int]:
        """Create a group; an existing one is a 409."""
        schema, content = self._state.schemas[self._state.object_type(object_type)], body()
        name = text(content, "name")
        if name in schema.groups:
            raise exists(f"A property group named '{name}' already exists.")
        schema.groups[name] = {"name": name, "label": text(content, "label"), "displayOrder": -1}
        return {**schema.groups[name], "archived": False}, 201

    def limits(self) -> tuple[Any, int]:
        """How many custom properties there are and may be."""
        most = self._state.settings.most_custom_properties
        used = {name: len(schema.custom()) for name, schema in self._state.schemas.items()}
        by_type = [
            {
                "objectTypeId": type_id,
                "limit": most,
                "usage": used[name],
                "percentage": 100 * used[name] / most,
                "singularLabel": name.removesuffix("s"),
                "pluralLabel": name,
            }
            for type_id, name in TYPE_IDS.items()
        ]
        total, overall = sum(used.values()), most * 10
        summary = {"overallLimit": overall, "overallUsage": total, "overallPercentage": 100 * total / overall}
        return {**summary, "byObjectType": by_type}, 200
