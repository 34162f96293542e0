"""The field map, validated: one owner a field, one way, no two fields writing one destination."""

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from commerce_sync.config.loading import load


class MappedField(BaseModel):
    """One ``[[field]]`` of fields.toml. An owner that is also the destination cannot be written down."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    owner: Literal["hubspot"]
    source: str = Field(min_length=1)
    destination: Literal["klaviyo"]
    name: str = Field(min_length=1)
    kind: Literal["attribute", "property"]


class FieldsFile(BaseModel):
    """fields.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: tuple[MappedField, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _written_once(self) -> "FieldsFile":
        names = [(field.destination, field.kind, field.name) for field in self.field]
        if len(set(names)) != len(names):
            raise ValueError("two fields write one destination")
        return self


@cache
def mapped_fields() -> tuple[MappedField, ...]:
    """Every mapped field."""
    return load(FieldsFile, "fields").field
