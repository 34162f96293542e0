"""Records as HubSpot shows them."""

from collections.abc import Collection, Mapping
from typing import Any

from local.sandboxes.hubspot.records import Record
from local.sandboxes.hubspot.standard import DEFAULT_READ
from local.sandboxes.hubspot.state import HubSpotState
from local.sandboxes.hubspot.values import at


def shown(
    state: HubSpotState,
    object_type: str,
    record: Record,
    asked: Collection[str] = (),
    face: Mapping[str, str] | None = None,
    *,
    history: Collection[str] = (),
) -> dict[str, Any]:
    """A record with the properties asked for, or the default ones; empty ones are null, unknown ones are left out.

    The versions of those in ``history`` stand beside them, the newest first.
    """
    properties = record.properties if face is None else face
    dates = (
        ("createdate", "lastmodifieddate") if object_type == "contacts" else ("hs_createdate", "hs_lastmodifieddate")
    )
    names = [*dates, "hs_object_id", *(asked or DEFAULT_READ.get(object_type, ()))]
    schema = state.schemas[object_type]
    content = {
        "id": record.id,
        "properties": {name: properties.get(name) for name in dict.fromkeys(names) if schema.known(name)},
        "createdAt": at(record.created),
        "updatedAt": at(record.updated),
        "archived": record.archived_at is not None,
    }
    if history:
        content["propertiesWithHistory"] = {name: _versions(record, name) for name in history if schema.known(name)}
    if record.archived_at is not None:
        content["archivedAt"] = at(record.archived_at)
    return content


def _versions(record: Record, name: str) -> list[dict[str, str]]:
    return [{"value": value, "timestamp": at(since), "sourceType": "EMAIL"} for since, value in record.history(name)]


def written(state: HubSpotState, object_type: str, record: Record) -> dict[str, Any]:
    """A record after a write, with all it has."""
    return shown(state, object_type, record, list(record.properties))


def completed(state: HubSpotState, results: list[dict[str, Any]]) -> dict[str, Any]:
    """The frame of a batch answer. Results come in no particular order: never the inputs' own."""
    if state.settings.shuffle and len(results) > 1:
        before = list(results)
        state.random.shuffle(results)
        if results == before:
            results.reverse()
    now = at(state.clock.now())
    return {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
