"""Polling finds the opt-outs that no webhook tells of, also where all calls but the reserved ones are used up."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from commerce_sync.aws.budget_table import BudgetTable
from commerce_sync.budgets.counting import day_of
from commerce_sync.budgets.state import State, written
from commerce_sync.config.limits import vendor_limits
from commerce_sync.errors import PausedError

from local.in_process import InProcessBundle, LambdaContext
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b

pytestmark = pytest.mark.network


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """Whatever is not an opt-out's has no call left at HubSpot today."""
    urls = {"KlaviyoBaseUrl": sandboxes.urls["klaviyo"], "HubSpotBaseUrl": sandboxes.urls["hubspot"]}
    with b.ready_bundle({**b.LIVE, **urls}) as ready:
        daily = vendor_limits()["hubspot"].tiers["general"].daily
        assert daily is not None
        used_up = State(day=day_of(daily, time.time()), used=daily.calls * 95 // 100)
        with ready.function("change_polling"):
            assert BudgetTable(ready.names["BudgetTable"]).write("hubspot", written(used_up), 0)
        yield ready


def poll(bundle: InProcessBundle, **asked: str) -> dict[str, Any]:
    """One run of a schedule."""
    with bundle.function("change_polling") as module:
        return dict(module.handler(asked, LambdaContext(60_000)))


def test_consent_is_read_from_the_share_of_opt_outs_and_nothing_else_is(bundle: InProcessBundle) -> None:
    """An opt-out that is heard tomorrow is a message against somebody's will today."""
    read = poll(bundle, source="hubspot")["sources"]
    assert read["hubspot#contacts"]["ended"] == "done"
    with pytest.raises(PausedError, match="daily quota"):
        poll(bundle, source="hubspot", read="records")
