"""How orders become revenue in HubSpot, validated."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from commerce_sync.config.loading import load
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts.currencies import MINOR_UNITS
from commerce_sync.contracts.revenue import OrderStage, Pipeline, RateSource, RevenueObject, StoreRevenue
from commerce_sync.errors import ConfigurationError

SELLING = frozenset({"shopify", "bigcommerce", "woocommerce", "own"})
STAGES: frozenset[OrderStage] = frozenset({"placed", "paid", "fulfilled", "cancelled", "refunded"})


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RevenueStore(_Table):
    """One ``[[store]]`` of revenue.toml."""

    source: str
    id: str
    object: RevenueObject = "order"
    rate: RateSource = "ecb"


class PipelineTable(_Table):
    """``[order]`` or ``[deal]``: every state of an order has a stage."""

    pipeline: str = Field(min_length=1)
    stages: dict[OrderStage, str]

    @field_validator("stages")
    @classmethod
    def _all_states(cls, stages: dict[OrderStage, str]) -> dict[OrderStage, str]:
        if missing := sorted(STAGES - {stage for stage, name in stages.items() if name.strip()}):
            raise ValueError(f"no stage for {', '.join(missing)}")
        return stages


class RevenueFile(_Table):
    """revenue.toml."""

    company_currency: str
    most_days_back: int = Field(ge=4, le=14)
    line_items: bool = True
    store: tuple[RevenueStore, ...] = ()
    order: PipelineTable
    deal: PipelineTable

    @field_validator("company_currency")
    @classmethod
    def _known_currency(cls, currency: str) -> str:
        if currency not in MINOR_UNITS:
            raise ValueError("an ISO 4217 code that prices can be in")
        return currency

    @model_validator(mode="after")
    def _one_object_a_store(self) -> "RevenueFile":
        keys = [(store.source, store.id) for store in self.store]
        if len(set(keys)) != len(keys):
            raise ValueError("two tables are about one store: its orders would be two objects")
        return self


@dataclass(frozen=True, slots=True)
class RevenueRules:
    """What revenue.toml says. ``stores`` has every store that sells, by source and id."""

    company_currency: str
    most_days_back: int
    stores: Mapping[tuple[str, str], StoreRevenue]
    pipelines: Mapping[RevenueObject, Pipeline]
    line_items: bool = True

    @property
    def objects(self) -> frozenset[RevenueObject]:
        """Which objects are written at all."""
        return frozenset(store.object for store in self.stores.values())


@cache
def revenue_rules() -> RevenueRules:
    """The shipped rules.

    :raises ConfigurationError: revenue.toml is wrong, or names a store that is not configured or sells nothing.
    """
    return rules_of(load(RevenueFile, "revenue"))


def rules_of(file: RevenueFile) -> RevenueRules:
    """The rules of a file, for the configured stores."""
    selling = {key: store for key, store in configured_stores().items() if store.source in SELLING}
    said = {(store.source, store.id): store for store in file.store}
    if unknown := sorted(said.keys() - selling.keys()):
        names = ", ".join(map(":".join, unknown))
        raise ConfigurationError(f"revenue.toml: {names} sells nothing, or is not in stores.toml")
    plain = RevenueStore(source="", id="")
    stores = {
        key: StoreRevenue(table.object, table.rate, store.time_zone)
        for key, store in selling.items()
        for table in [said.get(key, plain)]
    }
    pipelines: dict[RevenueObject, Pipeline] = {
        "order": Pipeline(file.order.pipeline, file.order.stages),
        "deal": Pipeline(file.deal.pipeline, file.deal.stages),
    }
    return RevenueRules(file.company_currency, file.most_days_back, stores, pipelines, file.line_items)
