"""Which events each store is expected to tell, and who tells them on, validated."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from commerce_sync.config.loading import load
from commerce_sync.config.natives import native_apps
from commerce_sync.config.revenue import SELLING
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts.event_rules import StoreEvents, Telling
from commerce_sync.contracts.events import PROFILE_CHANGES, EventName
from commerce_sync.errors import ConfigurationError

Hours = Annotated[int, Field(ge=1, le=24 * 90)]


class EventsStore(BaseModel):
    """One ``[[store]]`` of events.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    id: str
    klaviyo: Telling = "deliver"
    hubspot: Telling = "deliver"
    integration: str | None = Field(default=None, min_length=1)
    hubspot_app: str | None = Field(default=None, min_length=1)
    expected: dict[EventName, Hours] = {}
    klaviyo_events: dict[EventName, Telling] = {}

    @model_validator(mode="after")
    def _commerce_alone(self) -> "EventsStore":
        if others := sorted(PROFILE_CHANGES & (self.expected.keys() | self.klaviyo_events.keys())):
            raise ValueError(f"no event of a store: {', '.join(others)}")
        return self

    @model_validator(mode="after")
    def _somebody_to_verify(self) -> "EventsStore":
        if not self.integration and "verify" in {self.klaviyo, *self.klaviyo_events.values()}:
            raise ValueError("verify needs integration: what Klaviyo calls its own app of this store")
        if not self.hubspot_app and self.hubspot == "verify":
            raise ValueError(
                "verify needs hubspot_app: what HubSpot's own app of this store writes into hs_source_store"
            )
        return self


class EventsFile(BaseModel):
    """events.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: tuple[EventsStore, ...] = ()

    @model_validator(mode="after")
    def _no_two_alike(self) -> "EventsFile":
        keys = [(store.source, store.id) for store in self.store]
        if len(set(keys)) != len(keys):
            raise ValueError("two tables are about one store")
        return self


@cache
def events_rules() -> Mapping[tuple[str, str], StoreEvents]:
    """Every store that sells, by source and id; one that events.toml does not name is delivered and expects nothing.

    :raises ConfigurationError: events.toml is wrong, or names a store that is not configured or sells nothing.
    """
    return rules_of(load(EventsFile, "events"))


def rules_of(file: EventsFile) -> Mapping[tuple[str, str], StoreEvents]:
    """The rules of a file, for the configured stores."""
    selling = {key for key in configured_stores() if key[0] in SELLING}
    said = {(store.source, store.id): store for store in file.store}
    if unknown := sorted(said.keys() - selling):
        names = ", ".join(map(":".join, unknown))
        raise ConfigurationError(f"events.toml: {names} sells nothing, or is not in stores.toml")
    if strangers := sorted({one.integration for one in file.store if one.integration} - native_apps().keys()):
        raise ConfigurationError(f"events.toml: natives.toml says nothing of {', '.join(strangers)}")
    return {key: _rules(said[key]) if key in said else StoreEvents() for key in selling}


def _rules(table: EventsStore) -> StoreEvents:
    return StoreEvents(
        klaviyo=table.klaviyo,
        hubspot=table.hubspot,
        integration=table.integration,
        hubspot_app=table.hubspot_app,
        expected={name: timedelta(hours=hours) for name, hours in table.expected.items()},
        klaviyo_events=_single_events(table),
    )


def _single_events(table: EventsStore) -> Mapping[EventName, Telling]:
    """Events that differ from their store: what its app has no metric of it cannot tell, so that stays ours.

    :raises ConfigurationError: such an event is said to be told by the app. Nobody would tell it.
    """
    if table.integration is None:
        return table.klaviyo_events
    told = native_apps()[table.integration].metrics
    untold = {name for name in get_args(EventName) if name not in told}
    if nobodys := sorted(name for name in untold if table.klaviyo_events.get(name) == "verify"):
        names = ", ".join(nobodys)
        raise ConfigurationError(
            f"events.toml: {table.source}:{table.id}: {table.integration} has no metric of {names} (natives.toml), so "
            "nobody would tell it"
        )
    ours: dict[EventName, Telling] = dict.fromkeys(untold, "deliver") if table.klaviyo == "verify" else {}
    return {**ours, **table.klaviyo_events}
