"""Orders, deals and line items as we send them, against HubSpot's own SDK models."""

from datetime import date

from commerce_sync.config.revenue import revenue_rules
from commerce_sync.contracts import BookedOrder
from commerce_sync.contracts.revenue import PricedOrder, RevenueObject
from commerce_sync.currency.converting import unchanged
from commerce_sync.delivery.order_book import fold
from commerce_sync.delivery.pricing import priced
from commerce_sync.errors import PausedError
from commerce_sync.vendors.hubspot import HubSpotRevenue
from hubspot.crm import objects as hubspot_orders
from hubspot.crm.associations.v4 import models as hubspot_associations

from tests.contracts.test_vendor_requests import Recorder, strictly
from tests.fakes.facts import placed, refunded


def order() -> BookedOrder:
    """An order with a refund."""
    return fold(BookedOrder(), [placed(), refunded()])


def in_dollars(booked: BookedOrder, kind: RevenueObject = "order") -> PricedOrder:
    """The order in the company's currency, which is its own."""
    return priced("shopify:us:1001", booked, kind, unchanged("USD", date(2026, 11, 21)))


PIPELINES = revenue_rules().pipelines
NO_LINES: dict[str, dict[str, list[object]]] = {"line_items/batch/read": {"results": []}}
CURRENCIES = {"company-currency": {"id": "USD"}, "/codes": {"results": [{"currencyCode": "EUR"}]}, **NO_LINES}


def test_hubspot_accepts_orders_and_their_ties() -> None:
    """Batch upsert by our own key with every property as text; then the default association."""
    hubspot = Recorder(CURRENCIES)
    shown = {"shopify:us:1001": in_dollars(order())}
    verdicts = HubSpotRevenue(hubspot, PIPELINES).show(shown, {"ana@example.com": "501"})  # type: ignore[arg-type] # a fake
    assert verdicts == {"shopify:us:1001": None}
    upsert = next(body for _, path, body in hubspot.calls if path.endswith("orders/batch/upsert"))
    make = strictly(hubspot_orders, "SimplePublicObjectBatchInputUpsert")
    for entry in upsert["inputs"]:
        make(
            id=entry["id"],
            id_property=entry["idProperty"],
            object_write_trace_id=entry["objectWriteTraceId"],
            properties=entry["properties"],
        )
        assert set(entry) == {"id", "idProperty", "objectWriteTraceId", "properties"}
        assert all(isinstance(value, str) for value in entry["properties"].values())
    tie = next(body for _, path, body in hubspot.calls if "associate/default" in path)
    for entry in tie["inputs"]:
        hubspot_associations.PublicDefaultAssociationMultiPost(_from=entry["from"], to=entry["to"])


def test_hubspot_accepts_line_items_and_their_ties() -> None:
    """Batch upsert by our own key with every property as text; then the default association."""
    hubspot = Recorder(CURRENCIES)
    HubSpotRevenue(hubspot, PIPELINES).show({"shopify:us:1001": in_dollars(order())}, {})  # type: ignore[arg-type] # a fake
    upsert = next(body for _, path, body in hubspot.calls if path.endswith("line_items/batch/upsert"))
    (entry,) = upsert["inputs"]
    strictly(hubspot_orders, "SimplePublicObjectBatchInputUpsert")(
        id=entry["id"],
        id_property=entry["idProperty"],
        object_write_trace_id=entry["objectWriteTraceId"],
        properties=entry["properties"],
    )
    assert entry["id"] == "shopify:us:1001:1"
    assert all(isinstance(value, str) for value in entry["properties"].values())
    tie = next(body for _, path, body in hubspot.calls if "line_items/batch/associate/default" in path)
    for one in tie["inputs"]:
        hubspot_associations.PublicDefaultAssociationMultiPost(_from=one["from"], to=one["to"])


def test_a_foreign_amount_is_never_written_untranslated() -> None:
    """Where the account does not know the company's currency, only our own properties hold the money."""
    hubspot = Recorder({"company-currency": {"id": "EUR"}, "/codes": {"results": []}, **NO_LINES})
    HubSpotRevenue(hubspot, PIPELINES).show({"own:w:1": in_dollars(order())}, {})  # type: ignore[arg-type] # a fake
    properties = next(body for _, path, body in hubspot.calls if path.endswith("upsert"))["inputs"][0]["properties"]
    assert (properties["sync_original_amount"], properties["sync_original_currency"]) == ("59.90", "USD")
    assert not {"hs_total_price", "hs_currency_code", "hs_tax"} & set(properties)


def test_hubspot_accepts_deals() -> None:
    """The same key; name, stage and pipeline, amount and currency of the company, a close date."""
    stages = [{"id": "closedwon", "label": "Closed won"}, {"id": "contractsent", "label": "Contract sent"}]
    pipelines = {"/crm/pipelines": {"results": [{"id": "default", "label": "Sales", "stages": stages}]}}
    hubspot = Recorder({**CURRENCIES, **pipelines})
    HubSpotRevenue(hubspot, PIPELINES).show({"shopify:us:1001": in_dollars(order(), "deal")}, {})  # type: ignore[arg-type] # a fake
    (entry,) = next(body for _, path, body in hubspot.calls if path.endswith("deals/batch/upsert"))["inputs"]
    assert entry["idProperty"] == "sync_order_key"
    wanted = {
        "dealname": "#1001",
        "pipeline": "default",
        "dealstage": "closedwon",
        "amount": "59.90",
        "deal_currency_code": "USD",
        "closedate": "2026-11-21T12:00:00.000Z",
        "sync_rate_date": "2026-11-21",
        "sync_exchange_rate": "1",
    }
    assert wanted.items() <= entry["properties"].items()


def test_a_deal_waits_for_a_stage_that_the_account_has() -> None:
    """There is no deal without a stage, and the wrong one would be reported as revenue."""
    hubspot = Recorder(CURRENCIES)
    verdicts = HubSpotRevenue(hubspot, PIPELINES).show({"k": in_dollars(order(), "deal")}, {})  # type: ignore[arg-type] # a fake
    assert isinstance(verdicts["k"], PausedError)
    assert "no stage closedwon in the pipeline default" in str(verdicts["k"])
    assert [path for _, path, _ in hubspot.calls if "upsert" in path] == []
