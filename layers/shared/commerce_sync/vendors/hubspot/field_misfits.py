"""What fields.toml names and the account has not, or has as something else: for a person to mend."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from commerce_sync.contracts.field_names import HUBSPOTS_OWN
from commerce_sync.contracts.fields import FieldLine, FieldMap, FieldType
from commerce_sync.errors import NotAllowedError
from commerce_sync.vendors.hubspot.client import HubSpot

FITTING: Final[Mapping[FieldType, frozenset[str]]] = {
    "text": frozenset({"string", "enumeration", "phone_number", "number", "bool", "date", "datetime"}),
    "number": frozenset({"number"}),
    "date": frozenset({"date", "datetime"}),
    "datetime": frozenset({"datetime"}),
    "boolean": frozenset({"bool", "enumeration"}),
    "set": frozenset({"enumeration", "string"}),
}
"""HubSpot's types that a field of a type can be read from as it is. Other transforms read any."""
WRITABLE: Final[Mapping[FieldType, frozenset[str]]] = {
    "text": frozenset({"string"}),
    "number": frozenset({"number"}),
    "date": frozenset({"date"}),
    "datetime": frozenset({"datetime"}),
    "boolean": frozenset({"bool"}),
}


def field_misfits(hubspot: HubSpot, fields: FieldMap) -> list[str]:
    """What does not fit, in words; nothing where the properties may not be read.

    A property that a field goes to and that is not there yet is none: setup creates it.
    """
    try:
        listed = hubspot.call("GET", "/crm/properties/{V}/contacts").json["results"]
    except NotAllowedError:
        return []
    known = {str(one["name"]): one for one in listed if not one.get("archived")}
    return list(dict.fromkeys(reason for line in fields.lines for reason in _misfits(line, known)))


def _misfits(line: FieldLine, known: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    if line.owner == "hubspot" and not line.is_worked_out:
        yield from _read(line, known.get(line.source))
    if line.destination == "hubspot" and (there := known.get(line.name)):
        kind = str(there.get("type"))
        if (there.get("modificationMetadata") or {}).get("readOnlyValue"):
            yield f"contacts: {line.name} can only be read"
        elif line.name not in HUBSPOTS_OWN and kind not in WRITABLE[line.type]:
            yield f"contacts: {line.name} is {kind}, and fields.toml writes {line.type}"


def _read(line: FieldLine, there: Mapping[str, Any] | None) -> Iterator[str]:
    if there is None:
        yield f"contacts have no property {line.source}, which fields.toml reads"
    elif line.transform == "as_is" and str(there.get("type")) not in FITTING[line.type]:
        yield f"contacts: {line.source} is {there.get('type')}, and fields.toml reads {line.type}"
