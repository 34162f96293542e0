"""Reading what an association request names: ends, types, records that exist."""

from collections.abc import Mapping, Sequence
from typing import Any

from local.sandboxes.hubspot.associations import DEFAULT_TYPES
from local.sandboxes.hubspot.errors import invalid, not_found
from local.sandboxes.hubspot.reading import text
from local.sandboxes.hubspot.state import HubSpotState

PARENTS = ("orders", "deals")


def links_of(state: HubSpotState, object_type: str, associations: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The records that a new record's creation ties it to, as type and id; every one must exist."""
    links = []
    for entry in associations:
        wanted = {kind.get("associationTypeId") for kind in entry.get("types", [])}
        fitting = [to for (start, to), number in DEFAULT_TYPES.items() if start == object_type and number in wanted]
        if not fitting:
            raise invalid(f"No association type of {object_type} among {sorted(map(str, wanted))}")
        links.append((fitting[0], live_id(state, fitting[0], end_of(entry, "to"))))
    return links


def live_id(state: HubSpotState, object_type: str, record_id: str) -> str:
    """The id of a live record, after merges."""
    record = state.stores[object_type].get(record_id)
    if record is None:
        raise not_found(f"{object_type} object {record_id} was not found")
    return record.id


def end_of(entry: Mapping[str, Any], name: str) -> str:
    """The id of one end of a link."""
    end = entry.get(name)
    if not isinstance(end, dict):
        raise invalid(f"Invalid input JSON: '{name}' must be an object")
    return text(end, "id")


def demand_one_parent(state: HubSpotState, *ends: tuple[str, str]) -> None:
    """A line item belongs to one order or deal: that of another is not shared."""
    for end, other in (ends, ends[::-1]):
        if end[0] != "line_items":
            continue
        parents = {(kind, one) for kind in PARENTS for one in state.associations.of(*end, kind)}
        if parents - {other}:
            raise invalid(f"Line item {end[1]} is associated with another object already")


def demand_types(pair: tuple[str, str], types: Any) -> None:
    """Every type must be one of this direction's."""
    if not isinstance(types, list) or not types:
        raise invalid("A list of association types is required")
    for kind in types:
        fits = kind.get("associationTypeId") == DEFAULT_TYPES[pair]
        if kind.get("associationCategory") != "HUBSPOT_DEFINED" or not fits:
            raise invalid(f"{kind} is not an association type from {pair[0]} to {pair[1]}")
