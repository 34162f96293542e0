"""An account that is set up for revenue, and our own client in front of it."""

from collections import Counter

import pytest
from commerce_sync.config.revenue import revenue_rules
from commerce_sync.vendors.hubspot import HubSpot, HubSpotProperties, HubSpotRevenue
from commerce_sync.vendors.hubspot.properties import wanted_properties
from flask import request

from local.sandboxes.base import Sandbox
from local.sandboxes.server import Sandboxes


@pytest.fixture
def sandbox(sandboxes: Sandboxes) -> Sandbox:
    """An account that is set up for orders and deals."""
    account = HubSpotProperties(HubSpot(sandboxes.urls["hubspot"], "pat-local", "2026-09", 10.0))
    for object_type, definitions in wanted_properties(("order", "deal"), line_items=True).items():
        account.create_group(object_type)
        account.create(object_type, definitions)
    sandboxes.hubspot.state.configure({"rate_limits": False})
    return sandboxes.hubspot


@pytest.fixture
def calls(sandbox: Sandbox) -> Counter[str]:
    """Calls by method and path, without the version."""
    counted: Counter[str] = Counter()

    def note() -> None:
        if not request.path.startswith("/_sandbox"):
            counted[f"{request.method} {request.path.replace('/2026-09', '')}"] += 1

    sandbox.app.before_request_funcs.setdefault(None, []).insert(0, note)
    return counted


@pytest.fixture
def client(sandboxes: Sandboxes) -> HubSpot:
    """A client of ours."""
    return HubSpot(sandboxes.urls["hubspot"], "pat-local", "2026-09", 10.0)


@pytest.fixture
def revenue(client: HubSpot) -> HubSpotRevenue:
    """What is tested."""
    return HubSpotRevenue(client, revenue_rules().pipelines)
