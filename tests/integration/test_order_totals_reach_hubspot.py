"""What a buyer's orders come to, from a store's webhook to the contact at HubSpot."""

from datetime import timedelta

import pytest

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import deliver, dispatch, make_due
from tests.fakes.properties import look_again
from tests.integration.test_a_delivery_becomes_events import ORDER, shopify_order

pytestmark = pytest.mark.network
ADA = "ada.archer.0@example.com"


def contact(sandboxes: Sandboxes, email: str = ADA) -> dict[str, str]:
    """What HubSpot shows of somebody."""
    contacts = sandboxes.hubspot.state.snapshot()["contacts"]
    return next(one["properties"] for one in contacts if one["properties"]["email"] == email)


def totals_rows(bundle: InProcessBundle) -> list[str]:
    """The statuses of the looks at totals."""
    return [one["status"]["S"] for one in b.items(bundle, "OrderBookTable") if one["row"]["S"] == "profile#totals"]


def test_a_buyers_orders_are_summed_at_hubspot_once_they_settle(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Two orders are one write of one contact; the same delivery again promises nothing."""
    first, second = shopify_order(id=1001, total_price="20.00"), shopify_order(id=1002, total_price="30.50")
    deliver(bundle, first)
    deliver(bundle, second)
    assert totals_rows(bundle) == ["pending", "pending"]
    assert "sync_order_count" not in contact(sandboxes)
    look_again(bundle)
    shown = contact(sandboxes)
    assert (shown["sync_order_count"], shown["sync_order_currency"]) == ("2", "USD")
    assert totals_rows(bundle) == ["delivered", "delivered"]
    deliver(bundle, first)
    assert totals_rows(bundle) == ["delivered", "delivered"]


def test_an_order_that_changes_while_its_totals_are_told_is_told_again(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Open again from the change on, and what is told last is how it stands."""
    deliver(bundle, shopify_order())
    look_again(bundle)
    before = contact(sandboxes)["sync_order_count"]
    later = (ORDER.placed_at + timedelta(hours=1)).isoformat()
    deliver(bundle, shopify_order(cancelled_at=later, updated_at=later))
    assert totals_rows(bundle) == ["pending"]
    look_again(bundle)
    assert (before, contact(sandboxes)["sync_order_count"]) == ("1", "0")
    assert not contact(sandboxes).get("sync_last_order_at")


def test_a_destination_that_is_not_live_is_promised_nothing() -> None:
    """Nobody is told of totals, so nobody waits for them."""
    with b.ready_bundle({**b.LIVE, "HubSpotMode": "observe", "KlaviyoMode": "observe"}) as bundle:
        deliver(bundle, shopify_order())
        assert totals_rows(bundle) == []
        make_due(bundle)
        assert dispatch(bundle) == []
