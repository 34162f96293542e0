"""The rules of identity, validated."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field, field_validator

from commerce_sync.config.loading import load
from commerce_sync.config.stores import configured_stores


class IdentityRules(BaseModel):
    """identity.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role_addresses: tuple[str, ...]
    most_sharing: int = Field(ge=2, le=8)
    most_identifiers: int = Field(ge=40, le=80)
    most_merged: int = Field(ge=2, le=20)
    apart: tuple[str, ...] = ()

    @field_validator("role_addresses")
    @classmethod
    def _local_parts(cls, parts: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [part for part in parts if "@" in part or part != part.strip().lower() or not part]
        if wrong:
            raise ValueError(f"lower case, without @: {', '.join(wrong)}")
        return parts

    @field_validator("apart")
    @classmethod
    def _known_stores(cls, stores: tuple[str, ...]) -> tuple[str, ...]:
        known = {":".join(key) for key in configured_stores()}
        unknown = sorted(set(stores) - known)
        if unknown:
            raise ValueError(f"no such store in stores.toml: {', '.join(unknown)}")
        return stores


@cache
def identity_rules() -> IdentityRules:
    """The rules of identity.toml."""
    return load(IdentityRules, "identity")
