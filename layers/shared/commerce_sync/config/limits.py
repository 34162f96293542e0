"""How many calls each vendor's account may make, validated."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from commerce_sync.config.loading import load
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts.budgets import Daily, Tier, VendorLimits, Window

Pattern = Annotated[str, StringConstraints(pattern=r"^(GET|POST|PUT|PATCH|DELETE) /[A-Za-z0-9_./{}*-]+$")]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("an IANA time zone") from None
    return name


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WindowTable(_Table):
    """One of ``windows``. Counted in tenths, so an hour is the longest that still says when there is more."""

    calls: int = Field(ge=1)
    seconds: int = Field(ge=1, le=3600)


class DailyTable(_Table):
    """``daily``."""

    calls: int = Field(ge=1)
    time_zone: Annotated[str, AfterValidator(_known_zone)] | None = None


class TierTable(_Table):
    """One of ``tiers``. Without windows only what the vendor asks is heeded."""

    windows: tuple[WindowTable, ...] = ()
    daily: DailyTable | None = None

    @model_validator(mode="after")
    def _no_two_alike(self) -> "TierTable":
        seconds = [window.seconds for window in self.windows]
        if len(set(seconds)) != len(seconds):
            raise ValueError("two windows are of one length")
        return self


class VendorTable(_Table):
    """One vendor."""

    by: Literal["account", "endpoint"]
    default: str
    daily: DailyTable | None = None
    tiers: dict[str, TierTable]
    endpoints: dict[Pattern, str] = {}

    @model_validator(mode="after")
    def _known_tiers(self) -> "VendorTable":
        if unknown := sorted({self.default, *self.endpoints.values()} - self.tiers.keys()):
            raise ValueError(f"no such tier: {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _one_day(self) -> "VendorTable":
        by_tier = any(tier.daily for tier in self.tiers.values())
        if by_tier and self.by == "account":
            raise ValueError("an account has one day: daily stands beside its tiers")
        if self.daily and self.by == "endpoint":
            raise ValueError("each endpoint has a day of its own: daily stands in a tier")
        return self


class LimitsFile(_Table):
    """limits.toml."""

    reserved: int = Field(ge=1, le=50)
    backfill: int = Field(ge=1, le=90)
    klaviyo: VendorTable
    hubspot: VendorTable
    shopify: VendorTable
    bigcommerce: VendorTable
    woocommerce: VendorTable
    recharge: VendorTable

    @model_validator(mode="after")
    def _shares_fit(self) -> "LimitsFile":
        if self.reserved + self.backfill > 100:  # noqa: PLR2004 # percent
            raise ValueError("reserved and backfill are more than everything together")
        return self


VENDORS = ("klaviyo", "hubspot", "shopify", "bigcommerce", "woocommerce", "recharge")


@cache
def vendor_limits() -> Mapping[str, VendorLimits]:
    """The shipped limits, by vendor.

    :raises ConfigurationError: limits.toml is wrong.
    """
    return limits_of(load(LimitsFile, "limits"))


def limits_of(file: LimitsFile) -> Mapping[str, VendorLimits]:
    """The limits of a file; a day without a time zone is that of the vendor's account as it is configured."""
    return {vendor: _limits(vendor, getattr(file, vendor), file) for vendor in VENDORS}


def _limits(vendor: str, table: VendorTable, file: LimitsFile) -> VendorLimits:
    zones = (store.time_zone for (source, _), store in configured_stores().items() if source == vendor)
    zone = next(zones, "UTC")
    tiers = {
        name: Tier(
            name,
            tuple(Window(one.calls, one.seconds) for one in tier.windows),
            _daily(tier.daily or table.daily, zone),
            file.reserved,
            file.backfill,
        )
        for name, tier in table.tiers.items()
    }
    return VendorLimits(vendor, tiers, tuple(table.endpoints.items()), table.default, table.by == "endpoint")


def _daily(table: DailyTable | None, zone: str) -> Daily | None:
    return Daily(table.calls, table.time_zone or zone) if table else None
