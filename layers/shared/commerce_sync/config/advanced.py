"""The advanced properties, validated: one owner each, values that can be told apart, no destination written twice."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field, model_validator

from commerce_sync.config.consent import translated_stores
from commerce_sync.config.fields import mapped_fields, names_spoken_for
from commerce_sync.config.loading import load
from commerce_sync.config.stores import SHOPS, configured_stores
from commerce_sync.contracts import Store
from commerce_sync.contracts.advanced import DESTINATIONS, AdvancedProperty

SOURCE = "properties"


class AdvancedFile(BaseModel):
    """advanced.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    property: tuple[AdvancedProperty, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_owner_each(self) -> "AdvancedFile":
        names = [one.name for one in self.property]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"a property has one owner, and stands here once: {', '.join(twice)}")
        senders = {store for source, store in configured_stores() if source == SOURCE}
        if unknown := sorted({one.owner for one in self.property} - senders):
            raise ValueError(f'no store of source "{SOURCE}" in stores.toml: {", ".join(unknown)}')
        return self

    @model_validator(mode="after")
    def _values_are_told_apart(self) -> "AdvancedFile":
        for one in self.property:
            if (one.type == "text") != bool(one.options):
                raise ValueError(f"{one.name}: a text has options, and nothing else has")
            folded = [option.strip().lower() for option in one.options]
            if len(set(folded)) != len(folded) or not all(folded) or any(o != o.strip() for o in one.options):
                raise ValueError(f"{one.name}: options are distinct texts without space around them")
        return self

    @model_validator(mode="after")
    def _written_once(self) -> "AdvancedFile":
        taken = set(names_spoken_for(mapped_fields()))
        for one in self.property:
            names = {(where, name) for where in DESTINATIONS if (name := one.name_at(where))}
            if not names:
                raise ValueError(f"{one.name}: it goes nowhere")
            if names & taken:
                raise ValueError(f"{one.name}: another field writes to the same place")
            taken |= names
        return self


@cache
def advanced_properties() -> tuple[AdvancedProperty, ...]:
    """Every advanced property."""
    return load(AdvancedFile, "advanced").property


@cache
def senders_of_properties() -> dict[tuple[str, str], Store]:
    """Every configured store by (source, id), as its bodies are translated: senders with all the properties."""
    known = advanced_properties()
    shops = tuple(sorted(f"{source}:{store}" for source, store in configured_stores() if source in SHOPS | {"own"}))
    return {
        key: store.model_copy(update={"advanced": known, "shops": shops}) if key[0] == SOURCE else store
        for key, store in translated_stores().items()
    }
