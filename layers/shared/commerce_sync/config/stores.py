"""The configured stores, validated."""

from functools import cache
from zoneinfo import available_timezones

from phonenumbers import SUPPORTED_REGIONS
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from commerce_sync.config.loading import load
from commerce_sync.contracts import Store
from commerce_sync.contracts.currencies import MINOR_UNITS

SOURCES = (
    *("shopify", "bigcommerce", "woocommerce", "recharge", "own", "hubspot", "klaviyo"),
    *("preferences", "staff", "sms", "support"),
)


SHOPS = frozenset({"shopify", "bigcommerce", "woocommerce"})
"""Sources that a subscription app can charge for."""


class ConfiguredStore(BaseModel):
    """One ``[[store]]`` of stores.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    id: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,31}$")
    currency: str = Field(pattern="^[A-Z]{3}$")
    country: str
    time_zone: str
    shop: str | None = None

    @field_validator("source")
    @classmethod
    def _known_source(cls, source: str) -> str:
        if source not in SOURCES:
            raise ValueError(f"one of {', '.join(SOURCES)}")
        return source

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, currency: str) -> str:
        if currency not in MINOR_UNITS:
            raise ValueError("an ISO 4217 code that prices can be in")
        return currency

    @field_validator("country")
    @classmethod
    def _known_country(cls, country: str) -> str:
        if country not in SUPPORTED_REGIONS:
            raise ValueError("an ISO 3166-1 alpha-2 code in capitals")
        return country

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("an IANA time zone, such as Europe/Berlin")
        return zone


class StoresFile(BaseModel):
    """stores.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: tuple[ConfiguredStore, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_two_alike(self) -> "StoresFile":
        keys = [(store.source, store.id) for store in self.store]
        if len(set(keys)) != len(keys):
            raise ValueError("two stores share a source and an id")
        shops = {f"{source}:{store}" for source, store in keys if source in SHOPS}
        if wrong := sorted({one.shop for one in self.store if one.shop and one.shop not in shops}):
            raise ValueError(f"shop is no store of this file that sells: {', '.join(wrong)}")
        if others := sorted(one.source for one in self.store if one.shop and one.source != "recharge"):
            raise ValueError(f"shop is what Recharge charges for: {', '.join(others)}")
        return self


@cache
def configured_stores() -> dict[tuple[str, str], Store]:
    """Every store by (source, id)."""
    stores = load(StoresFile, "stores").store
    return {(store.source, store.id): Store(**store.model_dump()) for store in stores}
