"""Search: an index that lags behind, never shows archived records, and ends at 10,000."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from local.sandboxes.hubspot.errors import Problem, invalid, invalid_values
from local.sandboxes.hubspot.filters import matches
from local.sandboxes.hubspot.reading import limit, names
from local.sandboxes.hubspot.records import Record
from local.sandboxes.hubspot.shown import shown
from local.sandboxes.hubspot.state import HubSpotState

PAGE, CAP, LONGEST = 200, 10_000, 3_000
MOST_GROUPS, MOST_IN_GROUP, MOST_FILTERS = 5, 6, 18
Face = tuple[Record, dict[str, str]]


def search(state: HubSpotState, object_type: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """One page of what the index held ``search_lag`` seconds ago."""
    groups = _groups(state, object_type, content)
    size, start = limit(content.get("limit"), 10, PAGE), _start(content.get("after"))
    if start + size > CAP:
        raise invalid(f"Requested results are past the maximum of {CAP}")
    horizon = state.clock.now() - state.settings.search_lag
    faces = [(record, face) for record in state.stores[object_type].live() if (face := record.as_of(horizon))]
    found = [
        face for face in faces if not groups or any(_all_match(state, object_type, face, group) for group in groups)
    ]
    found = _sorted(state, object_type, found, content.get("sorts") or [])
    asked = names(content.get("properties"))
    page = found[start : start + size]
    answer = {
        "total": len(found),
        "results": [shown(state, object_type, record, asked, face) for record, face in page],
    }
    if start + size < len(found):
        answer["paging"] = {"next": {"after": str(start + size)}}
    return answer


def _start(after: Any) -> int:
    if after in (None, ""):
        return 0
    if not isinstance(after, str) or not after.isdigit():
        raise invalid("'after' must be a cursor that an earlier page gave")
    return int(after)


def _groups(state: HubSpotState, object_type: str, content: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """The filters by group, within HubSpot's limits on groups, filters and the length of the body."""
    groups = [group.get("filters", []) for group in content.get("filterGroups") or []]
    if len(json.dumps(content, separators=(",", ":"))) > LONGEST:
        raise invalid(f"The request body is longer than {LONGEST} characters")
    if len(groups) > MOST_GROUPS or any(len(group) > MOST_IN_GROUP for group in groups):
        raise invalid(f"At most {MOST_GROUPS} groups of {MOST_IN_GROUP} filters")
    if sum(map(len, groups)) > MOST_FILTERS:
        raise invalid(f"At most {MOST_FILTERS} filters")
    for group in groups:
        for entry in group:
            _demand_known(state, object_type, str(entry.get("propertyName")))
    return groups


def _demand_known(state: HubSpotState, object_type: str, name: str) -> None:
    if state.schemas[object_type].known(name) is None:
        raise invalid_values([Problem(name, "PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')])


def _all_match(state: HubSpotState, object_type: str, face: Face, group: Sequence[Mapping[str, Any]]) -> bool:
    return all(
        matches(
            entry, face[1].get(entry["propertyName"]), state.schemas[object_type].properties[entry["propertyName"]].type
        )
        for entry in group
    )


def _sorted(state: HubSpotState, object_type: str, found: list[Face], sorts: Sequence[Any]) -> list[Face]:
    """By one rule at most, written as a name, ``-name``, or an object; by id where none is given."""
    if len(sorts) > 1:
        raise invalid("Only one sort is supported")
    rule = sorts[0] if sorts else "hs_object_id"
    name, down = (rule.lstrip("-"), rule.startswith("-")) if isinstance(rule, str) else _rule(rule)
    _demand_known(state, object_type, name)
    numeric = state.schemas[object_type].properties[name].type == "number"
    return sorted(found, key=lambda face: _key(face, name, numeric=numeric), reverse=down)


def _rule(rule: Mapping[str, Any]) -> tuple[str, bool]:
    return str(rule.get("propertyName")), rule.get("direction") == "DESCENDING"


def _key(face: Face, name: str, *, numeric: bool) -> tuple[float, str, int]:
    value = face[1].get(name, "")
    return (float(value or 0) if numeric else 0.0, value, int(face[0].id))
