"""Limits of calls: what is shipped covers every call, and a bad file is refused by its place and reason."""

from pathlib import Path

import pytest
from commerce_sync.config.limits import VENDORS, LimitsFile, limits_of, vendor_limits
from commerce_sync.config.loading import HERE, load
from commerce_sync.errors import ConfigurationError

SHIPPED = (HERE / "limits.toml").read_text()
BAD = {
    "nothing reserved": ("reserved = 10", "reserved = 0", "reserved"),
    "everything reserved": ("reserved = 10", "reserved = 100", "reserved"),
    "shares of more than everything": ("backfill = 50", "backfill = 95", "backfill"),
    "a tier that there is not": ('default = "XS"', 'default = "XXS"', "klaviyo"),
    "an endpoint of such a tier": ('"POST /api/events" = "XL"', '"POST /api/events" = "XXL"', "klaviyo"),
    "an endpoint without a method": ('"POST /api/events"', '"/api/events"', "klaviyo.endpoints"),
    "no calls": ("calls = 350,", "calls = 0,", "klaviyo.tiers.XL.windows.#1.calls"),
    "a window of a day": ("seconds = 10 }", "seconds = 86400 }", "hubspot.tiers.general.windows.#1.seconds"),
    "two windows of one length": ("calls = 3500, seconds = 60", "calls = 3500, seconds = 1", "klaviyo.tiers.XL"),
    "a day for each tier of an account": (
        "calls = 5, seconds = 1 }]",
        "calls = 5, seconds = 1 }], daily = { calls = 1 }",
        "hubspot",
    ),
    "a zone that there is not": (
        "daily = { calls = 250000 }",
        'daily = { calls = 250000, time_zone = "Mars" }',
        "hubspot.daily",
    ),
    "an unknown key": ('by = "endpoint"', 'by = "endpoint"\ncolour = "red"', "klaviyo.colour"),
    "a vendor left out": ("[recharge]", "[rechange]", "recharge"),
}
TIERS = [
    ("klaviyo", "POST", "/api/events", "XL"),
    ("klaviyo", "GET", "/api/events?page[cursor]=x", "XL"),
    ("klaviyo", "POST", "/api/event-bulk-create-jobs", "M"),
    ("klaviyo", "POST", "/api/profile-import", "L"),
    ("klaviyo", "PATCH", "/api/profiles/01GDDKASAP8TKDDA2GRZDSVP4H", "L"),
    ("klaviyo", "GET", "/api/lists/Y6nRLr/profiles", "L"),
    ("klaviyo", "POST", "/api/profile-subscription-bulk-delete-jobs", "L"),
    ("klaviyo", "POST", "/api/profile-suppression-bulk-create-jobs", "L"),
    ("klaviyo", "POST", "/api/profile-merge", "M"),
    ("klaviyo", "GET", "/api/metrics", "M"),
    ("klaviyo", "POST", "/api/data-privacy-deletion-jobs", "S"),
    ("klaviyo", "POST", "/api/campaign-values-reports", "report"),
    ("klaviyo", "GET", "/api/accounts", "XS"),
    ("klaviyo", "GET", "/api/something-new", "XS"),
    ("hubspot", "POST", "/crm/objects/2026-09/contacts/search", "search"),
    ("hubspot", "GET", "/crm/objects/2026-09/contacts", "general"),
    ("hubspot", "GET", "/crm/objects/2026-09/contacts/search", "general"),
]


@pytest.mark.parametrize(("vendor", "method", "path", "tier"), TIERS)
def test_a_call_belongs_to_the_tier_that_the_vendor_says(vendor: str, method: str, path: str, tier: str) -> None:
    """From Klaviyo's and HubSpot's tables of limits."""
    assert vendor_limits()[vendor].place(vendor, method, path)[1].name == tier


def test_every_vendor_has_limits_and_opt_outs_a_share_of_them() -> None:
    """A vendor without a table could not be called at all."""
    assert set(vendor_limits()) == set(VENDORS)
    for vendor in vendor_limits().values():
        assert {(tier.reserved, tier.backfill) for tier in vendor.tiers.values()} == {(10, 50)}


def test_hubspots_day_ends_where_its_account_is() -> None:
    """stores.toml says where, unless limits.toml does."""
    daily = {tier.daily for tier in vendor_limits()["hubspot"].tiers.values()}

    assert {one.time_zone for one in daily if one} == {"America/New_York"}
    assert None not in daily


@pytest.mark.parametrize(("shipped", "spoilt", "place"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_by_its_place(shipped: str, spoilt: str, place: str, tmp_path: Path) -> None:
    """What is spoilt here was valid before."""
    assert shipped in SHIPPED
    (tmp_path / "limits.toml").write_text(SHIPPED.replace(shipped, spoilt, 1))

    with pytest.raises(ConfigurationError, match=r"limits\.toml: ") as refused:
        limits_of(load(LimitsFile, "limits", tmp_path))
    assert place in str(refused.value)
