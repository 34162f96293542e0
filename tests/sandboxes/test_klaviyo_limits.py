"""limits.toml and the sandbox were written from one table of Klaviyo's, each by itself: they have to agree."""

import re
from pathlib import Path

from commerce_sync.config.limits import vendor_limits
from commerce_sync.contracts.budgets import Tier
from commerce_sync.vendors import klaviyo

from local.sandboxes.base import Clock
from local.sandboxes.klaviyo import klaviyo_routes
from local.sandboxes.klaviyo.state import KlaviyoState

LIMITS = vendor_limits()["klaviyo"]
ITS_PAGE_SAYS_FEWER = {750: 700}
"""Klaviyo's page on limits says 700, its specification 750."""


def calls(tier: Tier) -> dict[int, int]:
    """By seconds, how many are allowed."""
    return {one.seconds: one.calls for one in tier.windows} | ({86_400: tier.daily.calls} if tier.daily else {})


def test_every_line_has_the_windows_of_its_endpoint() -> None:
    """As the sandbox enforces them."""
    wrong = {}
    for route in klaviyo_routes(KlaviyoState(Clock())):
        name, ours = LIMITS.place("klaviyo", route.method, re.sub(r"<[^>]*>", "x", route.path))
        theirs = {1: route.tier.burst, 60: ITS_PAGE_SAYS_FEWER.get(route.tier.steady, route.tier.steady)}
        theirs |= {86_400: route.tier.daily} if route.tier.daily else {}
        if not LIMITS.is_of_many(name) and calls(ours) != theirs:
            wrong[f"{route.method} {route.path}"] = calls(ours), theirs
    assert wrong == {}


def test_every_path_that_is_called_has_a_line() -> None:
    """What has none is counted with all others that have none, as the slowest."""
    sources = "".join(path.read_text() for path in Path(str(klaviyo.__file__)).parent.glob("*.py"))
    called = set(re.findall(r'f?"(/api/[a-z-]+)[/"]', sources))
    assert {"/api/profiles", "/api/segments", "/api/flows"} <= called
    assert called - {pattern.partition(" ")[2] for pattern, _ in LIMITS.endpoints} == set()
