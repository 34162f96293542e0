"""Single records: list, read, create, update, archive, merge, purge, search."""

from typing import Any

from flask import request

from local.sandboxes.hubspot.batch_routes import MOST_WITH_HISTORY, Batches
from local.sandboxes.hubspot.errors import invalid, not_found
from local.sandboxes.hubspot.gate import Route
from local.sandboxes.hubspot.lifecycle import archive, merge, purge
from local.sandboxes.hubspot.links import links_of
from local.sandboxes.hubspot.reading import after_id, body, limit, names, properties_of, text
from local.sandboxes.hubspot.records import Record
from local.sandboxes.hubspot.search import search
from local.sandboxes.hubspot.shown import shown, written
from local.sandboxes.hubspot.state import HubSpotState
from local.sandboxes.hubspot.writes import apply, check, check_unique

PAGE = 100


def object_routes(state: HubSpotState) -> list[Route]:
    """The single-record endpoints."""
    api, prefix = Objects(state), "/crm/objects/{V}/<object_type>"
    return [
        ("GET", prefix, api.list_page),
        ("POST", prefix, api.create),
        ("POST", f"{prefix}/search", api.search),
        ("POST", f"{prefix}/merge", api.merge),
        ("POST", f"{prefix}/gdpr-delete", api.purge),
        ("GET", f"{prefix}/<record_id>", api.read),
        ("PATCH", f"{prefix}/<record_id>", api.update),
        ("DELETE", f"{prefix}/<record_id>", api.archive),
    ]


class Objects:
    """The single-record endpoints of every object type."""

    def __init__(self, state: HubSpotState) -> None:
        self._state = state
        self._batches = Batches(state)

    def _found(self, object_type: str, record_id: str) -> Record:
        record = self._batches.by_key(object_type, request.args.get("idProperty", ""), record_id)
        if record is None:
            raise not_found(f"Object not found.  objectId are usually numeric. Given: {record_id}")
        return record

    def list_page(self, object_type: str) -> tuple[Any, int]:
        """A page in the order of ids; ``after`` is the last id seen."""
        object_type = self._state.object_type(object_type)
        history = names(request.args.get("propertiesWithHistory"))
        size = limit(request.args.get("limit"), 10, MOST_WITH_HISTORY if history else PAGE)
        archived = request.args.get("archived") == "true"
        after = after_id(request.args.get("after"))
        records = [r for r in self._state.stores[object_type].live(archived=archived) if int(r.id) > after]
        asked = names(request.args.get("properties"))
        results = [shown(self._state, object_type, record, asked, history=history) for record in records[:size]]
        more = {"paging": {"next": {"after": results[-1]["id"]}}} if results and len(records) > size else {}
        return {"results": results, **more}, 200

    def read(self, object_type: str, record_id: str) -> tuple[Any, int]:
        """One record by id or by a unique property; a merged id shows the survivor."""
        object_type = self._state.object_type(object_type)
        record = self._found(object_type, record_id)
        asked, history = (names(request.args.get(name)) for name in ("properties", "propertiesWithHistory"))
        return shown(self._state, object_type, record, asked, history=history), 200

    def create(self, object_type: str) -> tuple[Any, int]:
        """Create one record; a taken email is a 409."""
        object_type, content = self._state.object_type(object_type), body()
        write = check(self._state, object_type, None, properties_of(content))
        check_unique(self._state, write, set())
        links = links_of(self._state, object_type, content.get("associations") or [])
        record = apply(self._state, write)
        for to_type, to_id in links:
            self._state.associations.link((object_type, record.id, to_type, to_id))
        return written(self._state, object_type, record), 201

    def update(self, object_type: str, record_id: str) -> tuple[Any, int]:
        """Update one record."""
        object_type = self._state.object_type(object_type)
        write = check(self._state, object_type, self._found(object_type, record_id), properties_of(body()))
        check_unique(self._state, write, set())
        return written(self._state, object_type, apply(self._state, write)), 200

    def archive(self, object_type: str, record_id: str) -> tuple[Any, int]:
        """Archive one record."""
        object_type = self._state.object_type(object_type)
        archive(self._state, object_type, self._found(object_type, record_id))
        return None, 204

    def merge(self, object_type: str) -> tuple[Any, int]:
        """Merge one record into another."""
        object_type, content = self._state.object_type(object_type), body()
        survivor = merge(self._state, object_type, text(content, "primaryObjectId"), text(content, "objectIdToMerge"))
        return written(self._state, object_type, survivor), 200

    def purge(self, object_type: str) -> tuple[Any, int]:
        """Delete a contact for privacy, by id or by email; an unknown email is accepted too."""
        if self._state.object_type(object_type) != "contacts":
            raise invalid("Only contacts can be deleted for privacy")
        content = body()
        key, value = content.get("idProperty") or "", text(content, "objectId")
        record = self._batches.by_key("contacts", key, value)
        if key != "email" and self._state.settings.old_ids_are_for_reading and record and record.id != value:
            raise not_found()
        if record:
            purge(self._state, record)
        elif key != "email":
            raise not_found()
        return None, 204

    def search(self, object_type: str) -> tuple[Any, int]:
        """Search as the index sees it."""
        return search(self._state, self._state.object_type(object_type), body()), 200
