"""How Klaviyo's own store apps name and key what we would tell, validated."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from commerce_sync.config.loading import load
from commerce_sync.contracts.events import EventName
from commerce_sync.contracts.natives import AppEvents

Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]


class AppTable(BaseModel):
    """One ``[[app]]`` of natives.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    value: Names
    currency: Names
    metrics: dict[EventName, Names] = Field(min_length=1)
    keys: dict[EventName, Names] = {}

    @model_validator(mode="after")
    def _keys_of_metrics(self) -> "AppTable":
        if loose := sorted(self.keys.keys() - self.metrics.keys()):
            raise ValueError(f"keys of events without a metric: {', '.join(loose)}")
        return self


class NativesFile(BaseModel):
    """natives.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    app: tuple[AppTable, ...]

    @model_validator(mode="after")
    def _no_two_alike(self) -> "NativesFile":
        names = [app.name for app in self.app]
        if len(set(names)) != len(names):
            raise ValueError("two tables are about one app")
        return self


@cache
def native_apps() -> Mapping[str, AppEvents]:
    """Every app that is known, by what Klaviyo calls it.

    :raises ConfigurationError: natives.toml is wrong.
    """
    return {
        app.name: AppEvents(app.metrics, app.keys, app.value, app.currency) for app in load(NativesFile, "natives").app
    }
