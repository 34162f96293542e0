"""Batches of records: read, create, update, upsert, archive.

One refused input refuses its batch, unless every input carries its own trace id: then the others are written.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import request

from local.sandboxes.hubspot.batch_writes import BatchWriter, Input
from local.sandboxes.hubspot.errors import Problem, invalid, invalid_values, not_found
from local.sandboxes.hubspot.gate import Route
from local.sandboxes.hubspot.lifecycle import archive
from local.sandboxes.hubspot.reading import batch_inputs, body, ids_of, names, properties_of, text
from local.sandboxes.hubspot.records import Record
from local.sandboxes.hubspot.shown import completed, shown
from local.sandboxes.hubspot.state import HubSpotState
from local.sandboxes.hubspot.writes import Write, check

MOST_WITH_HISTORY = 50


def batch_routes(state: HubSpotState) -> list[Route]:
    """The batch endpoints."""
    api = Batches(state)
    prefix = "/crm/objects/{V}/<object_type>/batch"
    return [
        ("POST", f"{prefix}/read", api.read),
        ("POST", f"{prefix}/create", api.create),
        ("POST", f"{prefix}/update", api.update),
        ("POST", f"{prefix}/upsert", api.upsert),
        ("POST", f"{prefix}/archive", api.archive),
    ]


class Batches:
    """The batch endpoints of every object type."""

    def __init__(self, state: HubSpotState) -> None:
        self._state = state
        self._writer = BatchWriter(state)

    def read(self, object_type: str) -> tuple[Any, int]:
        """Read by id or by a unique property. Two addresses of one contact give one result; the missing are absent."""
        object_type, content = self._state.object_type(object_type), body()
        history = names(content.get("propertiesWithHistory"))
        inputs = batch_inputs(MOST_WITH_HISTORY) if history else batch_inputs()
        ids, key = ids_of(inputs), content.get("idProperty") or ""
        found: dict[str, Record] = {}
        missing = []
        for given in ids:
            record = self.by_key(object_type, key, given)
            if record:
                found[record.id] = record
            else:
                missing.append(given)
        asked = names(content.get("properties"))
        results = [shown(self._state, object_type, record, asked, history=history) for record in found.values()]
        return self._with_missing(object_type, completed(self._state, results), missing)

    def _with_missing(self, object_type: str, answer: dict[str, Any], missing: Sequence[str]) -> tuple[Any, int]:
        if not missing or not self._state.settings.missing_as_errors:
            return answer, 200
        error = not_found(f"Could not get some {object_type.upper()} objects, they may be deleted or not exist.")
        return {**answer, "numErrors": 1, "errors": [error.item({"ids": list(missing)})]}, 207

    def by_key(self, object_type: str, key: str, value: str) -> Record | None:
        """A record by its id or by a unique property."""
        archived = request.args.get("archived") == "true"
        if not key or key == "hs_object_id":
            return self._state.stores[object_type].get(value, archived=archived)
        self._demand_unique(object_type, key)
        return self._state.stores[object_type].find(key, value)

    def _demand_unique(self, object_type: str, key: str) -> None:
        definition = self._state.schemas[object_type].known(key)
        if definition is None:
            raise invalid_values([Problem(key, "PROPERTY_DOESNT_EXIST", f'Property "{key}" does not exist')])
        if not definition.unique:
            raise invalid(f"Property {key} is not a unique identifier property")

    def create(self, object_type: str) -> tuple[Any, int]:
        """Create records. Without trace ids, the first taken email refuses all with a 409."""
        object_type = self._state.object_type(object_type)
        inputs = batch_inputs()
        return self._writer.write(object_type, inputs, lambda entry: self._new(object_type, properties_of(entry)), 201)

    def _new(self, object_type: str, properties: dict[str, str]) -> Write:
        return check(self._state, object_type, None, properties)

    def update(self, object_type: str) -> tuple[Any, int]:
        """Update records. Contacts by record id only: an email is no id here."""
        object_type = self._state.object_type(object_type)
        inputs = batch_inputs()
        ids_of(inputs)
        if object_type == "contacts" and any(entry.get("idProperty") == "email" for entry in inputs):
            raise invalid("idProperty 'email' is not supported by batch update of contacts; use record ids")
        return self._writer.write(object_type, inputs, partial(self._existing, object_type), 200)

    def _existing(self, object_type: str, entry: Input) -> Write:
        properties = properties_of(entry)
        record = self.by_key(object_type, entry.get("idProperty") or "", text(entry, "id"))
        if record is None:
            raise not_found(f"Object not found.  objectId are usually numeric. Given: {entry['id']}")
        return check(self._state, object_type, record, properties)

    def upsert(self, object_type: str) -> tuple[Any, int]:
        """Create or update by a unique property of one's own. By email it is no partial update: refused, or blanks."""
        object_type = self._state.object_type(object_type)
        inputs = batch_inputs()
        ids_of(inputs)
        for entry in inputs:
            key = text(entry, "idProperty")
            self._demand_unique(object_type, key)
            if key == "email" and self._state.settings.email_upsert == "reject":
                raise invalid("Partial upserts are not supported when using email as idProperty")
        return self._writer.write(
            object_type, inputs, lambda entry: self._either(object_type, entry), 200, say_new=True
        )

    def _either(self, object_type: str, entry: Input) -> Write:
        key, value, given = entry["idProperty"], entry["id"], properties_of(entry)
        record = self._state.stores[object_type].find(key, value)
        if record and key == "email":
            schema = self._state.schemas[object_type]
            kept = [name for name in record.properties if (known := schema.known(name)) and not known.read_only]
            given = {**dict.fromkeys(kept, ""), **given}
        return check(self._state, object_type, record, {**given, key: given.get(key) or value})

    def archive(self, object_type: str) -> tuple[Any, int]:
        """Archive records by id; it is not an error if one is gone already."""
        object_type = self._state.object_type(object_type)
        for given in ids_of(batch_inputs()):
            record = self._state.stores[object_type].get(given)
            if record:
                archive(self._state, object_type, record)
        return None, 204
