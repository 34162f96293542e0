"""event_delivery and due_dispatch over AWS in process and the strict sandboxes."""

import pytest
from commerce_sync.contracts import DueWork
from commerce_sync.delivery.promises import TOTALS_ROW

from local.in_process import InProcessBundle
from local.sample_day import shopify_bodies
from local.sample_day.deliveries import Delivery
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import (
    add_fault,
    as_json,
    changes_delivery,
    command,
    contact_change,
    deliver,
    dispatch,
    make_due,
    statuses,
)
from tests.integration.test_a_delivery_becomes_events import ORDER, STORY, shopify_order

pytestmark = pytest.mark.network


def test_an_order_reaches_both_vendors(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Events at Klaviyo; contact, order and their tie at HubSpot; money to the cent."""
    deliver(bundle, shopify_order())
    klaviyo, hubspot = sandboxes.klaviyo.state.snapshot(), sandboxes.hubspot.state.snapshot()
    assert [event["metric"] for event in klaviyo["events"]].count("Placed Order") == 1
    (order,) = hubspot["orders"]
    assert order["properties"]["hs_total_price"] == str(ORDER.total)
    assert [contact["properties"]["email"] for contact in hubspot["contacts"]] == ["ada.archer.0@example.com"]
    assert len(hubspot["associations"]) > 0
    assert statuses(bundle) == {"delivered"}


def test_a_refund_before_its_order_waits_and_then_goes_out(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """The refund names nobody; its order does."""
    refund = next(one for one in STORY.happenings if one.kind == "refunded" and one.order.source == "shopify")
    body = shopify_bodies.refund_body(refund) | {"order_id": ORDER.order_id}
    first = shopify_order()
    delivery = Delivery(
        "shopify", "us", "refunds/create", as_json(body), "r-1", headers={"X-Shopify-Topic": "refunds/create"}
    )
    deliver(bundle, delivery)
    assert statuses(bundle) == {"waiting"}
    assert command(bundle, "status")["open_promises"] == 1
    deliver(bundle, first)
    events = sandboxes.klaviyo.state.snapshot()["events"]
    assert [event["value"] for event in events if event["metric"] == "Refunded Order"] == [float(refund.amount)]
    (order,) = sandboxes.hubspot.state.snapshot()["orders"]
    assert order["properties"]["sync_refunded_amount"] == str(refund.amount)
    assert statuses(bundle) == {"delivered"}


def test_a_rate_limit_becomes_a_due_row_and_the_message_is_acknowledged(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Waiting is a row: the dispatcher hands it out when the vendor's wait is over."""
    fault = {"path_prefix": "/api/events", "times": 1, "status": 429, "headers": {"Retry-After": "30"}}
    add_fault(sandboxes.klaviyo, fault)
    deliver(bundle, shopify_order())
    assert "pending" in statuses(bundle)
    assert dispatch(bundle) == [], "nothing is due before the vendor's wait is over"
    make_due(bundle)
    (due,) = dispatch(bundle)
    assert DueWork.parse(due).rows
    assert b.consume(bundle, "event_delivery", [due, due]) == []
    assert statuses(bundle) == {"delivered"}
    events = sandboxes.klaviyo.state.snapshot()["events"]
    assert len(events) == 1 + len(ORDER.lines)


def test_an_answer_lost_after_the_write_took_doubles_nothing(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """The vendors know the repeat by its id."""
    add_fault(sandboxes.klaviyo, {"path_prefix": "/api/events", "times": 2, "status": 503, "apply_first": True})
    add_fault(sandboxes.hubspot, {"path_prefix": "/crm/objects", "times": 3, "status": 502, "apply_first": True})
    deliver(bundle, shopify_order())
    for _ in range(5):
        make_due(bundle)
        b.consume(bundle, "event_delivery", dispatch(bundle))
    assert statuses(bundle) == {"delivered"}
    assert len(sandboxes.klaviyo.state.snapshot()["events"]) == 1 + len(ORDER.lines)
    hubspot = sandboxes.hubspot.state.snapshot()
    assert (len(hubspot["orders"]), len(hubspot["contacts"])) == (1, 1)


def test_refused_credentials_pause_and_lose_nothing(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """401 is the destination's trouble: promises stay, and go out when the token is right."""
    bundle.put_secret("VendorTokens", {"klaviyo": "pk_wrong", "hubspot": "pat-wrong"})
    deliver(bundle, shopify_order())
    assert statuses(bundle) == {"pending"}
    bundle.put_secret("VendorTokens", b.TOKENS)
    make_due(bundle)
    b.consume(bundle, "event_delivery", dispatch(bundle))
    assert statuses(bundle) == {"delivered"}


def test_a_refused_property_parks_the_order_with_the_vendors_reason(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """The reason names the property, and the events still go out."""
    sandboxes.hubspot.state.configure({"required": {"orders": ["hs_external_order_url"]}})
    deliver(bundle, shopify_order())
    parked = command(bundle, "status")["parked_promises"]
    assert sum(parked.values()) == 1, parked
    assert "hs_external_order_url" in next(iter(parked))
    assert len(sandboxes.klaviyo.state.snapshot()["events"]) == 1 + len(ORDER.lines)


def test_observe_mode_calls_no_vendor(sandboxes: Sandboxes) -> None:
    """The default: everything is written down, nothing is sent."""
    urls = {"KlaviyoBaseUrl": sandboxes.urls["klaviyo"], "HubSpotBaseUrl": sandboxes.urls["hubspot"]}
    modes = {"KlaviyoMode": "observe", "HubSpotMode": "observe"}
    with b.ready_bundle({**b.LIVE, **urls, **modes}) as bundle:
        deliver(bundle, shopify_order())
        assert statuses(bundle) == {"observed"}
    assert sandboxes.klaviyo.state.snapshot()["events"] == []
    assert sandboxes.hubspot.state.snapshot()["orders"] == []


def test_nothing_that_is_printed_names_a_person_or_a_secret(
    bundle: InProcessBundle, capsys: pytest.CaptureFixture[str]
) -> None:
    """Logs and metrics hold codes and ids alone."""
    deliver(bundle, shopify_order(), shopify_order(total_price="secret-canary"))
    printed = "".join(capsys.readouterr())
    for canary in ("ada", "archer", "example.com", "Sample Street", "shpss", "pk_local", "secret-canary"):
        assert canary not in printed.lower(), canary


def test_a_first_deploy_without_tokens_records_everything() -> None:
    """Observed destinations need no key: the default parameters, and empty secrets."""
    with b.ready_bundle({"PublicBaseUrl": b.BASE_URL}) as bundle:
        bundle.put_secret("VendorTokens", {})
        deliver(bundle, shopify_order())
        assert statuses(bundle) == {"observed"}
        assert b.post(bundle, b.api_event(changes_delivery([contact_change("501")])))["statusCode"] == 200
        b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue"))
        assert b.consume(bundle, "profile_sync", b.waiting(bundle, "ProfileChangesQueue")) == []


def test_a_live_destination_without_a_token_waits(bundle: InProcessBundle) -> None:
    """Nothing is parked for want of a key, and the other destination goes on."""
    bundle.put_secret("VendorTokens", {"klaviyo": b.TOKENS["klaviyo"]})
    deliver(bundle, shopify_order())
    open_rows = {item["row"]["S"] for item in b.items(bundle, "OrderBookTable") if item.get("due_at")}
    assert open_rows == {"hubspot#order", TOTALS_ROW}


def test_a_very_large_order_goes_in_several_messages(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """600 lines and a landing page of four kilobytes: no message is too large, and every line is told."""
    sandboxes.klaviyo.state.configure({"rate_limits": False})
    line = shopify_bodies.order_body(ORDER, [], ORDER.placed_at)["line_items"][0]
    lines = [line | {"id": 1000 + number} for number in range(600)]
    page = "/?utm_campaign=" + "x" * 3900
    deliver(bundle, shopify_order(line_items=lines, landing_site=page))
    metrics = [event["metric"] for event in sandboxes.klaviyo.state.snapshot()["events"]]
    assert (metrics.count("Ordered Product"), metrics.count("Placed Order")) == (600, 1)


def test_an_event_too_large_for_any_table_is_quarantined(bundle: InProcessBundle) -> None:
    """Never retried for ever."""
    line = shopify_bodies.order_body(ORDER, [], ORDER.placed_at)["line_items"][0] | {"title": "x" * 5000}
    deliver(bundle, shopify_order(line_items=[line | {"id": number} for number in range(1, 100)]))
    assert [item["code"]["S"] for item in b.items(bundle, "QuarantineTable")] == ["too_large"]
