"""What owners observed of a person is told to that person, and forgotten with them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.in_process import InProcessBundle
from tests.fakes import bundle as b
from tests.fakes.delivered import command, deliver
from tests.fakes.properties import look_again, observe, row, sync
from tests.integration.test_a_delivery_becomes_events import shopify_order
from tests.integration.test_erasure_and_access import work

pytestmark = pytest.mark.network

ADA = "ada.archer.0@example.com"
NOW = datetime.now(UTC) - timedelta(hours=1)
CANARIES = (ADA, "platinum", "negative", "2027-02-28")


def observed_items(bundle: InProcessBundle) -> list[Mapping[str, Any]]:
    """All that is kept of anybody."""
    return [item for item in b.items(bundle, "IdentityTable") if item["key"]["S"].startswith("observed")]


def rows_about_ada() -> list[dict[str, Any]]:
    """Under her address, and under the store's record of her."""
    customer = {"customer_id": json.loads(shopify_order().body)["customer"]["id"], "store": "shopify:us"}
    return [
        row("loyalty_tier", "platinum", NOW),
        row("margin_band", "negative", NOW, **customer),
        row("predicted_replenishment_date", "2027-02-28", NOW),
    ]


def test_nothing_observed_of_a_forgotten_person_is_left(bundle: InProcessBundle) -> None:
    """Neither kept, nor in a message that was in flight, nor in a due row; and a replay brings nothing back."""
    deliver(bundle, shopify_order())
    messages = observe(bundle, *rows_about_ada())
    sync(bundle, messages)
    assert len(observed_items(bundle)) >= len(("by email", "by customer", "told to klaviyo", "told to hubspot"))
    command(bundle, "erase", address=ADA, by="kim", why="by letter", dry_run=False)
    cases = work(bundle)
    assert [case.state for case in cases] == ["done"], cases
    assert observed_items(bundle) == []
    sync(bundle, messages)
    sync(bundle, observe(bundle, *rows_about_ada()))
    sync(bundle, observe(bundle, row("loyalty_tier", "platinum", datetime.now(UTC))))
    look_again(bundle)
    assert observed_items(bundle) == []
    for table in ("IdentityTable", "OrderBookTable"):
        text = json.dumps(b.items(bundle, table))
        assert [canary for canary in CANARIES if canary in text] == []


def test_an_export_tells_what_was_observed(bundle: InProcessBundle) -> None:
    """The values, by whom they are kept under, and what each side was told."""
    deliver(bundle, shopify_order())
    sync(bundle, observe(bundle, *rows_about_ada()))
    command(bundle, "export", address=ADA, by="privacy team")
    (case,) = work(bundle)
    assert case.result
    kept = b.aws_client("s3").get_object(Bucket=bundle.names["Archive"], Key=case.result)["Body"].read()
    told = json.dumps(json.loads(kept)["observed"])
    assert [canary for canary in CANARIES if canary not in told] == []
