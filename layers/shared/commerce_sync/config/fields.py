"""The field map, validated: one owner a field, one way, no two fields writing one destination."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from commerce_sync.config.consent import consent_policy
from commerce_sync.config.field_lines import MappedField
from commerce_sync.config.loading import load
from commerce_sync.contracts.advanced import Destination
from commerce_sync.contracts.field_names import CONSENT_NAMES, HUBSPOTS_OWN, LIFECYCLE, REVENUE_NAMES, SMS_HOLD
from commerce_sync.contracts.fields import CreateContacts, FieldLine, FieldMap, HubSpotList, Lifecycle

Item = TypeVar("Item")


class SelectedList(BaseModel):
    """One ``[[list]]``: a list of HubSpot's by its id (ILS list id), and the Klaviyo list that its members join.

    ``flows`` are Klaviyo's flows, by id, that may start by that.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hubspot: str = Field(pattern="^[0-9]{1,20}$")
    name: str = Field(min_length=1, max_length=100, pattern="^[^;]+$")
    klaviyo: str | None = Field(default=None, pattern="^[A-Za-z0-9]{1,20}$")
    flows: tuple[Annotated[str, Field(pattern="^[A-Za-z0-9]{1,20}$")], ...] = ()

    @model_validator(mode="after")
    def _flows_start_by_a_list(self) -> "SelectedList":
        if self.flows and not self.klaviyo:
            raise ValueError("flows start when a list of Klaviyo's is joined, and none is named")
        return self


class FieldsFile(BaseModel):
    """fields.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lifecycle: Lifecycle = "never"
    create_contacts: CreateContacts = "nobody"
    complaints: tuple[str, ...] = ()
    list: tuple[SelectedList, ...] = ()
    field: tuple[MappedField, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _written_once(self) -> "FieldsFile":
        _once(self.field, _place, "two fields write one destination")
        _once(
            [one for one in self.field if one.kind == "phone"], lambda _: "phone", "two fields write one phone number"
        )
        return self

    @model_validator(mode="after")
    def _one_way(self) -> "FieldsFile":
        sources = {one.source for one in self.field if one.owner == "hubspot"}
        if both := sorted({one.name for one in self.field if one.destination == "hubspot"} & sources):
            raise ValueError(f"a field goes one way, and these are read from HubSpot too: {', '.join(both)}")
        return self

    @model_validator(mode="after")
    def _lifecycle_is_meant(self) -> "FieldsFile":
        stages = [one for one in self.field if (one.destination, one.name) == ("hubspot", LIFECYCLE)]
        if stages and self.lifecycle != "forward":
            raise ValueError(
                f'{LIFECYCLE}: HubSpot owns it; it is written only forward, and only with lifecycle = "forward"'
            )
        if any(one.source != "orders.lifecycle" or one.clear for one in stages):
            raise ValueError(f"{LIFECYCLE}: its source is orders.lifecycle, and it is never cleared")
        return self

    @model_validator(mode="after")
    def _lists_are_told_apart(self) -> "FieldsFile":
        _once(self.list, lambda one: one.hubspot, "a list of HubSpot's stands here twice")
        _once(self.list, lambda one: one.name, "two lists are called the same")
        _once(
            [one for one in self.list if one.klaviyo], lambda one: one.klaviyo or "", "two lists fill one of Klaviyo's"
        )
        return self

    @model_validator(mode="after")
    def _lists_are_nobodys_consent(self) -> "FieldsFile":
        """Who opted out of such a list is not on it, and would be written to as soon as they are."""
        policy = consent_policy()
        meant = {policy.double_opt_in_list, *(one.klaviyo for one in policy.purposes)}
        if both := sorted(one.klaviyo for one in self.list if one.klaviyo in meant and one.klaviyo):
            raise ValueError(f"people consent to be on it, says consent.toml: {', '.join(both)}")
        return self


@cache
def field_map() -> FieldMap:
    """Everything that fields.toml says."""
    return map_of(load(FieldsFile, "fields"))


def mapped_fields() -> tuple[FieldLine, ...]:
    """Every mapped field."""
    return field_map().lines


def map_of(file: FieldsFile) -> FieldMap:
    """A file's map."""
    lines = tuple(one.line for one in file.field)
    lists = tuple(HubSpotList(**one.model_dump()) for one in file.list)
    return FieldMap(lines, lists, file.complaints, file.create_contacts)


def names_spoken_for(lines: tuple[FieldLine, ...]) -> frozenset[tuple[Destination, str]]:
    """Names at a destination that no other file may write: the map's own, what it reads there, and consent's."""
    own = {(line.destination, line.name) for line in lines}
    read: set[tuple[Destination, str]] = {("hubspot", line.source) for line in lines if line.owner == "hubspot"}
    ours: set[tuple[Destination, str]] = {("hubspot", name) for name in CONSENT_NAMES | REVENUE_NAMES | HUBSPOTS_OWN}
    return frozenset(own | read | ours | {("klaviyo", SMS_HOLD)})


def _place(one: MappedField) -> str:
    """Where it is written: a phone that fills no phone number is a property."""
    return f"{one.destination} {'attribute ' if one.kind == 'attribute' else ''}{one.name}"


def _once(items: Iterable[Item], key: Callable[[Item], str], reason: str) -> None:
    counted = Counter(map(key, items))
    if twice := sorted(name for name, number in counted.items() if number > 1):
        raise ValueError(f"{reason}: {', '.join(twice)}")
