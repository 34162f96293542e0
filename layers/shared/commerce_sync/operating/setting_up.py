"""``setup``: what must exist in HubSpot before anything is written. Idempotent, with a plan that changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from commerce_sync.errors import NotAllowedError

THE_GROUP = "the property group"


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


@dataclass
class Space:
    """How many custom properties the account still takes, in all and by object type. None: it did not say."""

    overall: int | None = None
    by_type: Mapping[str, int] = field(default_factory=dict)

    def take(self, object_type: str, definitions: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """As many of the first ones as fit; they are counted."""
        most = min(self.by_type.get(object_type, len(definitions)), len(definitions))
        if self.overall is not None:
            most = min(most, self.overall)
            self.overall -= most
        return definitions[:most]


def set_up(
    hubspot: PropertyDefinitions,
    wanted: Mapping[str, Sequence[Mapping[str, Any]]],
    space: Space | None = None,
    *,
    plan_only: bool,
) -> dict[str, Any]:
    """Create the group and the properties that are missing; returns what was (or would be) created.

    An object type that our token may not touch keeps no other from being set up: ``not_allowed`` names its scopes.
    Where the account has too little room, properties are created in the order of ``wanted``, those with a unique value
    of every type before all others, because nothing can be written without them; ``left_out`` names the rest.
    """
    missing: dict[str, Sequence[Mapping[str, Any]]] = {}
    created: dict[str, list[str]] = {}
    refused: dict[str, list[str]] = {}
    for object_type, definitions in wanted.items():
        try:
            if not hubspot.has_group(object_type):
                if not plan_only:
                    hubspot.create_group(object_type)
                created[f"hubspot {object_type}"] = [THE_GROUP]
            missing[object_type] = hubspot.missing(object_type, definitions)
        except NotAllowedError as error:
            refused[f"hubspot {object_type}"] = list(error.scopes) or [str(error)]
    chosen = _fitting(missing, space or Space())
    left_out: dict[str, list[str]] = {}
    for object_type, definitions in missing.items():
        key, names = f"hubspot {object_type}", [str(one["name"]) for one in chosen[object_type]]
        try:
            if names and not plan_only:
                hubspot.create(object_type, chosen[object_type])
        except NotAllowedError as error:
            refused[key] = list(error.scopes) or [str(error)]
            continue
        if names:
            created[key] = [*created.get(key, []), *names]
        if rest := [str(one["name"]) for one in definitions if str(one["name"]) not in names]:
            left_out[key] = rest
    found = {"not_allowed": refused, "left_out": left_out}
    return {"would_create" if plan_only else "created": created} | {name: one for name, one in found.items() if one}


def _fitting(missing: Mapping[str, Sequence[Mapping[str, Any]]], space: Space) -> dict[str, list[Mapping[str, Any]]]:
    """What is created of each type, in the order in which it is."""
    chosen: dict[str, list[Mapping[str, Any]]] = {object_type: [] for object_type in missing}
    room = {object_type: space.by_type[object_type] for object_type in missing if object_type in space.by_type}
    left = Space(space.overall, room)
    for are_keys in (True, False):
        for object_type, definitions in missing.items():
            some = [one for one in definitions if bool(one.get("hasUniqueValue")) == are_keys]
            taken = left.take(object_type, some)
            if object_type in room:
                room[object_type] -= len(taken)
            chosen[object_type] += taken
    return chosen


def needed_scopes(refused: Mapping[str, Sequence[str]], lacking: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """One list of what a person has to grant, by vendor or store, from all that was refused."""
    found: dict[str, set[str]] = {}
    for place, scopes in [*refused.items(), *lacking.items()]:
        found.setdefault(place.partition(" ")[0], set()).update(scopes)
    return {vendor: sorted(scopes) for vendor, scopes in sorted(found.items()) if scopes}
