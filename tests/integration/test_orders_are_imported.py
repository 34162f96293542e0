"""An order export is shown first, then goes through the door that webhooks use, whole, once."""

import pytest

from local.in_process import InProcessBundle, LambdaContext
from local.order_export import ORDER_EXPORT
from tests.fakes import bundle as b
from tests.fakes.delivered import command
from tests.integration.test_orders_are_polled import deliver, found

pytestmark = pytest.mark.network
PLACED = {"shopify:us:7000000000001:placed_order", "shopify:us:7000000000002:placed_order"}
TOLD = {"orders": 2, "events": {"placed_order": 2, "cancelled_order": 1}, "set_aside": {"refund_in_export": 1}}


def test_a_plan_sends_nothing(bundle: InProcessBundle) -> None:
    """It says what would become of each order."""
    told = command(bundle, "import_orders", store="us", csv=ORDER_EXPORT)
    assert told == {**TOLD, "would_send": 2, "next": None}
    assert found(bundle) == []


def test_an_export_in_the_bucket_becomes_orders(bundle: InProcessBundle) -> None:
    """As deliveries that are archived, translated and set aside like all others; a second time they are the same."""
    key = "imports/orders_export.csv"
    b.aws_client("s3").put_object(Bucket=bundle.names["Archive"], Key=key, Body=ORDER_EXPORT.encode())
    assert command(bundle, "import_orders", store="us", key=key, dry_run=False) == {**TOLD, "sent": 2, "next": None}
    envelopes = found(bundle)
    assert {one.topic for one in envelopes} == {"orders/export"}
    assert deliver(bundle, envelopes) == {*PLACED, "shopify:us:7000000000002:cancelled_order"}
    command(bundle, "import_orders", store="us", key=key, dry_run=False, begin=2)
    (again,) = found(bundle)
    assert again.envelope_id == envelopes[1].envelope_id


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"store": "us"}, "csv or key"),
        ({"store": "us", "key": "archive/x.json"}, "imports/"),
        ({"store": "us", "key": "imports/none.csv"}, "no such file"),
        ({"store": "wholesale", "csv": ORDER_EXPORT}, "store is one of"),
        ({"store": "us", "csv": ORDER_EXPORT, "dry_run": "no"}, "dry_run"),
    ],
)
def test_what_cannot_be_imported_says_why(bundle: InProcessBundle, arguments: dict[str, object], word: str) -> None:
    """Before anything is sent."""
    with bundle.function("operations") as operations:
        answer = operations.handler({"command": "import_orders", "arguments": arguments}, LambdaContext())
    assert not answer["ok"]
    assert word in answer["errors"][0]
    assert found(bundle) == []
