"""The configured stores, validated."""

import re
from functools import cache
from zoneinfo import available_timezones

from phonenumbers import SUPPORTED_REGIONS
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from commerce_sync.config.loading import load
from commerce_sync.contracts import Store
from commerce_sync.contracts.currencies import MINOR_UNITS

SOURCES = (
    *("shopify", "bigcommerce", "woocommerce", "recharge", "own", "hubspot", "klaviyo"),
    *("preferences", "staff", "sms", "support", "web", "properties"),
)
SHOPS = frozenset({"shopify", "bigcommerce", "woocommerce"})
"""Sources that a subscription app can charge for."""
WITH_PAGES = SHOPS | {"own"}
"""Sources whose pages can tell of visits."""
ORIGIN = re.compile(r"https://[a-z0-9.-]+(:[0-9]+)?|http://localhost(:[0-9]+)?|null")
"""As a browser writes it: no path, no slash at the end. ``null`` is a sandbox's."""


class ConfiguredStore(BaseModel):
    """One ``[[store]]`` of stores.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    id: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,31}$")
    currency: str = Field(pattern="^[A-Z]{3}$")
    country: str
    time_zone: str
    shop: str | None = None
    origins: tuple[str, ...] = ()
    webhooks: bool = True

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

    @field_validator("origins")
    @classmethod
    def _whole_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [origin for origin in origins if not ORIGIN.fullmatch(origin)]:
            raise ValueError(f"origins like https://shop.example.com, not {', '.join(wrong)}")
        return origins

    @model_validator(mode="after")
    def _web_alone_has_origins(self) -> "ConfiguredStore":
        is_web = self.source == "web"
        if bool(self.origins) != is_web or (is_web and not self.shop):
            raise ValueError("a web store needs a shop and origins, and no other has origins")
        return self


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
        charging = [one for one in self.store if one.shop and one.source != "web"]
        if wrong := sorted({str(one.shop) for one in charging if one.shop not in shops}):
            raise ValueError(f"shop is no store of this file that sells: {', '.join(wrong)}")
        if others := sorted(one.source for one in charging if one.source != "recharge"):
            raise ValueError(f"shop is what Recharge charges for: {', '.join(others)}")
        return self

    @model_validator(mode="after")
    def _web_stores_are_of_shops(self) -> "StoresFile":
        shops = {f"{one.source}:{one.id}": one.currency for one in self.store if one.source in WITH_PAGES}
        for one in self.store:
            if one.source == "web" and shops.get(str(one.shop)) != one.currency:
                raise ValueError(f"web {one.id}: {one.shop} is no shop of this file with the currency {one.currency}")
        return self


@cache
def pages_of_shops() -> dict[str, list[str]]:
    """The web stores of each shop that has some: ``{"shopify:us": ["us"]}``."""
    pages: dict[str, list[str]] = {}
    for store in configured_stores().values():
        if store.source == "web" and store.shop:
            pages.setdefault(store.shop, []).append(store.id)
    return pages


@cache
def configured_stores() -> dict[tuple[str, str], Store]:
    """Every store by (source, id)."""
    stores = load(StoresFile, "stores").store
    return {(store.source, store.id): Store(**store.model_dump(exclude={"origins"})) for store in stores}
