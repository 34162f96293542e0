"""Klaviyo's and HubSpot's own store apps beside us: nothing is told twice, and what they told is compared."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from commerce_sync.aws.comparisons import Comparisons
from commerce_sync.aws.control import Control
from commerce_sync.aws.verified_rows import VerifiedRows
from commerce_sync.composing import cutting_over
from commerce_sync.composing.comparing import Comparing, Pair, figures
from commerce_sync.composing.natives import document_of
from commerce_sync.config.natives import native_apps
from commerce_sync.contracts.event_rules import StoreEvents
from commerce_sync.errors import RetriableError
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.hubspot.natives import HubSpotNatives
from commerce_sync.vendors.klaviyo import klaviyo_http
from commerce_sync.vendors.klaviyo.natives import KlaviyoNatives

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import add_fault, command, deliver, dispatch, make_due, statuses
from tests.integration.test_a_delivery_becomes_events import ORDER, shopify_order

pytestmark = pytest.mark.network
DAY = timedelta(days=1)


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def told_by_app(sandboxes: Sandboxes, metric: str, at: datetime, integration: str = "Shopify", **more: Any) -> str:
    """The app tells Klaviyo something; returns its metric's id."""
    event = {"integration": integration, "metric": metric, "time": at.isoformat(), **more}
    sandboxes.klaviyo.state.configure({"native_events": [event]})
    metrics = sandboxes.klaviyo.state.snapshot()["metrics"]
    return next(str(one["id"]) for one in metrics if (one["name"], one["integration"]) == (metric, integration))


def of_us(sandboxes: Sandboxes) -> list[str]:
    """The metrics of what we told."""
    return sorted(event["metric"] for event in sandboxes.klaviyo.state.snapshot()["events"])


def a_day_passes(bundle: InProcessBundle) -> None:
    """The last look is a day old, and everything that waits is due."""
    control = Control(bundle.names["ControlTable"])
    document, revision = control.read(document_of("klaviyo"))
    old = {**document, "looked_at": (now() - timedelta(hours=25)).isoformat()}
    assert control.write(document_of("klaviyo"), old, revision)
    again(bundle)


def again(bundle: InProcessBundle) -> None:
    """Everything that waits is due."""
    make_due(bundle)
    assert b.consume(bundle, "event_delivery", dispatch(bundle)) == []


def of_klaviyo(bundle: InProcessBundle) -> list[tuple[str, str]]:
    """Statuses and reasons of the promises to Klaviyo."""
    rows = [item for item in b.items(bundle, "OrderBookTable") if item["row"]["S"].startswith("klaviyo#")]
    return [(item["status"]["S"], item.get("reason", {}).get("S", "")) for item in rows]


def test_what_happened_while_the_app_was_alive_is_noted_and_never_sent(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """The order is older than the app's last order: the app told it, and we tell HubSpot alone."""
    told_by_app(sandboxes, "Placed Order", now())
    deliver(bundle, shopify_order())
    assert "Placed Order" not in of_us(sandboxes)
    assert ("verified", "") in of_klaviyo(bundle)
    assert len(sandboxes.hubspot.state.snapshot()["orders"]) == 1
    again(bundle)
    assert "Placed Order" not in of_us(sandboxes)


def test_an_event_waits_while_the_app_is_alive_and_becomes_the_apps(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Waiting, with its reason, counted in status; the next day's look finds that the app went on."""
    told_by_app(sandboxes, "Placed Order", ORDER.placed_at - timedelta(hours=1))
    deliver(bundle, shopify_order())
    assert ("pending", "native_metric_alive") in of_klaviyo(bundle)
    assert command(bundle, "status")["open_reasons"] == {"native_metric_alive": 2}, "the order and its line"
    for metric in ("Placed Order", "Ordered Product"):
        told_by_app(sandboxes, metric, ORDER.placed_at + timedelta(hours=1))
    again(bundle)
    assert ("pending", "native_metric_alive") in of_klaviyo(bundle), "a look is good for a day"
    a_day_passes(bundle)
    assert {status for status, _ in of_klaviyo(bundle)} == {"verified"}
    assert of_us(sandboxes) == []


@pytest.mark.parametrize("metric", ["Placed Order", "Fulfilled Partial Order"])
@pytest.mark.parametrize("integration", ["API", "Klaviyo", "BigCommerce"])
def test_metrics_of_others_hold_nothing_back(
    bundle: InProcessBundle, sandboxes: Sandboxes, metric: str, integration: str
) -> None:
    """Our own, Klaviyo's, and another shop's app."""
    told_by_app(sandboxes, metric, now() - DAY, integration)
    deliver(bundle, shopify_order())
    assert "Placed Order" in of_us(sandboxes)


def test_while_klaviyo_says_nothing_of_its_apps_nothing_is_sent(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """A key without metrics:read: everything waits, HubSpot does not."""
    add_fault(sandboxes.klaviyo, {"method": "GET", "path_prefix": "/api/metrics", "times": 1, "status": 403})
    deliver(bundle, shopify_order())
    assert of_us(sandboxes) == []
    assert all(reason.startswith("natives_unknown: klaviyo 403") for _, reason in of_klaviyo(bundle))
    assert len(sandboxes.hubspot.state.snapshot()["orders"]) == 1
    again(bundle)
    assert "Placed Order" in of_us(sandboxes)
    assert statuses(bundle) == {"delivered"}


def test_a_look_costs_one_walk_a_day(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """However many deliveries come."""
    told_by_app(sandboxes, "Placed Order", now() - 40 * DAY)
    deliver(bundle, shopify_order())
    add_fault(sandboxes.klaviyo, {"method": "GET", "path_prefix": "/api/metrics", "times": 1, "status": 503})
    deliver(bundle, shopify_order(note="changed"))
    assert [fault.times for fault in sandboxes.klaviyo.faults] == [1], "nobody asked for the metrics again"


def test_a_cut_over_shows_what_hangs_on_the_app_and_lets_what_waits_go(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Flows, segments and mapped metrics of that metric alone; then the word, and what happened since is told."""
    metric = told_by_app(sandboxes, "Placed Order", ORDER.placed_at - timedelta(hours=1))
    other = told_by_app(sandboxes, "Opened Email", now(), "Klaviyo")
    state = sandboxes.klaviyo.state
    flows = [
        {"id": "FLOW1", "name": "Thanks", "metric_id": metric},
        {"id": "FLOW2", "name": "Else", "metric_id": other},
    ]
    segments = [{"id": f"SEG{n:02}", "name": f"S{n}", "metric_id": metric if n == 11 else other} for n in range(12)]
    state.configure(
        {"flows": flows, "segments": segments, "mapped_metrics": {"revenue": metric, "viewed_product": other}}
    )
    deliver(bundle, shopify_order())

    plan = command(bundle, "cut_over", store="shopify:us")
    assert [(one["name"], one["told_by"], one["alive"]) for one in plan["app"]] == [("Placed Order", "us", True)]
    assert [one["id"] for one in plan["flows"]] == ["FLOW1"]
    assert [one["id"] for one in plan["segments"]] == ["SEG11"]
    assert [one["id"] for one in plan["mapped_metrics"]] == ["revenue"]
    assert (plan["waiting"], plan["acknowledged"]) == (2, None)

    assert command(bundle, "cut_over", store="shopify:us", acknowledge=True)["let_go"] == 2
    assert b.consume(bundle, "event_delivery", dispatch(bundle)) == []
    assert "Placed Order" in of_us(sandboxes)
    assert statuses(bundle) == {"delivered"}


def test_a_flow_that_only_asks_about_the_metric_hangs_on_it_too(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """A welcome flow leaves out who has bought since it began: on the app's silent metric it would leave out nobody."""
    metric = told_by_app(sandboxes, "Placed Order", now() - DAY)
    bought = {"conditions": [{"type": "profile-metric", "metric_id": metric, "measurement": "count"}]}
    trigger: dict[str, Any] = {"triggers": [{"type": "list", "id": "LIST1"}], "profile_filter": None, "actions": []}
    split = {"type": "conditional-split", "data": {"profile_filter": {"condition_groups": [bought]}}}
    flows: list[dict[str, Any]] = [
        {"id": "FLOW1", "definition": {**trigger, "profile_filter": {"condition_groups": [bought]}}},
        {"id": "FLOW2", "definition": {**trigger, "actions": [split]}},
        {"id": "FLOW3", "definition": trigger},
        {"id": "FLOW4", "definition": {**trigger, "actions": [split]}, "archived": True},
    ]
    sandboxes.klaviyo.state.configure(
        {"flows": [{"name": one["id"], "trigger_type": "Added to List", **one} for one in flows]}
    )
    plan = command(bundle, "cut_over", store="shopify:us")
    assert [one["id"] for one in plan["flows"]] == ["FLOW1", "FLOW2"]


def test_flows_that_cannot_be_read_in_time_are_named_and_the_rest_of_the_plan_is_there(
    bundle: InProcessBundle, sandboxes: Sandboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One a second is read: a thousand would take longer than the function may, and its answer would never come."""
    metric = told_by_app(sandboxes, "Placed Order", now() - DAY)
    flows = [
        {"id": "FLOW1", "name": "Idea", "metric_id": metric, "status": "draft"},
        {"id": "FLOW2", "name": "Thanks", "metric_id": metric},
    ]
    sandboxes.klaviyo.state.configure({"flows": flows, "segments": [{"id": "SEG1", "name": "S", "metric_id": metric}]})
    monkeypatch.setattr(cutting_over, "READ_FLOWS_FOR", 0.0)
    plan = command(bundle, "cut_over", store="shopify:us")
    assert plan["flows"] == []
    assert [(one["id"], one["status"]) for one in plan["flows_not_read"]] == [("FLOW2", "live"), ("FLOW1", "draft")]
    assert [one["id"] for one in plan["segments"]] == ["SEG1"]
    assert plan["steps"][:2] == [
        "rebuild what hangs on the app's metrics on ours of the same meaning: 1 segments",
        "look yourself at 2 flows that could not be read in time: flows_not_read, live ones first",
    ]


def test_what_the_app_goes_on_telling_by_agreement_holds_up_no_word(
    bundle: InProcessBundle, sandboxes: Sandboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Klaviyo's script goes on telling visits (verify), while the app's orders are off: those are cut over."""
    rules = StoreEvents(integration="Shopify", klaviyo_events={"viewed_product": "verify"})
    monkeypatch.setattr(cutting_over, "events_rules", lambda: {("shopify", "us"): rules})
    told_by_app(sandboxes, "Placed Order", now() - timedelta(hours=2))
    told_by_app(sandboxes, "Viewed Product", now())
    assert "acknowledged" in command(bundle, "cut_over", store="shopify:us", acknowledge=True)


def test_a_word_is_refused_while_the_app_is_heard_of(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """What it told last may not be seen yet."""
    told_by_app(sandboxes, "Placed Order", now() - timedelta(minutes=10))
    with bundle.function("operations") as operations:
        arguments = {"store": "shopify:us", "acknowledge": True}
        answer = operations.handler({"command": "cut_over", "arguments": arguments}, None)
        unknown = operations.handler({"command": "cut_over", "arguments": {"store": "own:wholesale"}}, None)
    assert answer["errors"] == ["heard of within the hour: Placed Order. Switch the app off, and wait an hour"]
    assert unknown["errors"] == ["events.toml names no app of own:wholesale at klaviyo"]


@pytest.fixture
def hubspot(bundle: InProcessBundle, sandboxes: Sandboxes) -> HubSpot:
    """A session with HubSpot, set up, whose own app wrote three orders."""
    del bundle
    sandboxes.hubspot.state.configure({"search_lag": 0})
    session = HubSpot(sandboxes.urls["hubspot"], "pat-local", "2026-09", 5.0)
    for number, hours in ((1, 1), (2, 2), (3, 40)):
        properties = {
            "hs_order_name": f"#{number}",
            "hs_external_order_id": str(number),
            "hs_source_store": "shop.example.com" if number != 2 else "other.example.com",
            "hs_external_created_date": (now() - timedelta(hours=hours)).isoformat(timespec="milliseconds"),
        }
        session.call("POST", "/crm/objects/{V}/orders", {"properties": properties})
    return session


def test_hubspots_own_app_is_found_by_orders_that_are_not_ours(
    hubspot: HubSpot, bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Ours carry our key, and are left out."""
    deliver(bundle, shopify_order())
    assert len(sandboxes.hubspot.state.snapshot()["orders"]) == 4
    natives = HubSpotNatives(hubspot)
    assert [one.app for one in natives.newest()] == ["other.example.com", "shop.example.com"]
    (newest,) = natives.newest(["shop.example.com"])
    assert newest.last is not None
    assert now() - newest.last < timedelta(hours=2)
    found = natives.orders("shop.example.com", now() - DAY, now())
    assert [order["properties"]["hs_external_order_id"] for order in found] == ["1"]
    apps = command(bundle, "setup", plan=True)["store_apps"]["hubspot"]
    assert [one["app"] for one in apps] == ["other.example.com", "shop.example.com"]


def test_an_order_of_which_the_app_wrote_no_time_is_among_those_of_the_day_it_was_made(hubspot: HubSpot) -> None:
    """It was told: it must not be called missing."""
    properties = {"hs_order_name": "#4", "hs_external_order_id": "4", "hs_source_store": "shop.example.com"}
    hubspot.call("POST", "/crm/objects/{V}/orders", {"properties": properties})
    natives = HubSpotNatives(hubspot)
    found = natives.orders("shop.example.com", now() - DAY, now() + DAY)
    assert [order["properties"]["hs_external_order_id"] for order in found] == ["1", "4"]
    before = natives.orders("shop.example.com", now() - 3 * DAY, now() - DAY)
    assert [order["properties"]["hs_external_order_id"] for order in before] == ["3"]


def test_the_inventory_has_apps_that_nothing_is_known_of(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Another shop system's app doubles the revenue too. What means nothing of ours is not in it."""
    told_by_app(sandboxes, "Placed Order", now(), "PrestaShop")
    told_by_app(sandboxes, "Checkout Started", now(), "Shopify")
    for metric, integration in (("Reviewed", "Reviews.io"), ("Opened Email", "Klaviyo"), ("Placed Order", "API")):
        told_by_app(sandboxes, metric, now(), integration)
    apps = command(bundle, "setup", plan=True)["store_apps"]["klaviyo"]
    assert {(one["app"], one["name"]): one["stores"] for one in apps} == {
        ("PrestaShop", "Placed Order"): [],
        ("Shopify", "Checkout Started"): ["shopify:eu", "shopify:us"],
    }, "and whose it is by events.toml: nothing waits for what is nobody's"


def test_what_an_app_told_is_compared_with_the_order_book(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """A second telling is found, and named in the report."""
    told_by_app(sandboxes, "Placed Order", now(), unique_id="another")
    deliver(bundle, shopify_order())
    more = {"unique_id": str(ORDER.order_id), "currency": "USD"}
    for value in (float(ORDER.total), float(ORDER.total)):
        told_by_app(sandboxes, "Placed Order", ORDER.placed_at, value=value, **more)
    klaviyo = KlaviyoNatives(klaviyo_http(sandboxes.urls["klaviyo"], "pk_local", "2026-10-15", 5.0))
    bucket = bundle.names["Archive"]
    comparing = Comparing(
        rows=VerifiedRows(bundle.names["OrderBookTable"]),
        reports=Comparisons(bucket),
        apps=native_apps(),
        klaviyo=lambda: klaviyo,
        hubspot=lambda: pytest.fail("HubSpot is not asked"),
        found=lambda: klaviyo.found(lambda app, _: app == "Shopify", now()),
    )
    pair = Pair("klaviyo", "shopify:us", "Shopify", "placed_order")
    *_, first = comparing.compare(pair, ORDER.placed_at + DAY)

    assert first.expected == 1
    assert ("duplicated", str(ORDER.order_id)) in [(one.kind, one.key) for one in first.differences]
    assert {one.key for one in first.differences} <= {str(ORDER.order_id), "another"}
    shown = figures(pair, first)
    report = json.loads(b.aws_client("s3").get_object(Bucket=bucket, Key=shown["report"])["Body"].read())
    assert report["counts"]["duplicated"] == 1


def test_the_daily_run_compares_nothing_where_nothing_is_verified(bundle: InProcessBundle) -> None:
    """As shipped: every store is told of by us."""
    with bundle.function("delivery_verification") as module:
        assert module.handler({"time": "2026-11-23T07:23:00Z"}, None) == {"compared": []}
    assert command(bundle, "status")["comparisons"] == []


def test_a_store_that_could_not_be_looked_at_is_not_called_right(
    bundle: InProcessBundle, sandboxes: Sandboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status says which and why, beside those that were compared; the run fails, and is tried again."""
    pairs = [Pair("klaviyo", "shopify:us", "Shopify", "placed_order"), Pair("hubspot", "shopify:us", "shop", "order")]
    add_fault(sandboxes.hubspot, {"method": "POST", "path_prefix": "/crm/objects", "times": 1, "status": 503})
    with bundle.function("delivery_verification") as module:
        monkeypatch.setattr(module, "verified_pairs", lambda *_: pairs)
        with pytest.raises(RetriableError):
            module.handler({"time": "2026-11-23T07:23:00Z"}, None)
    *compared, unseen = command(bundle, "status")["comparisons"]
    assert [one["percent"] for one in compared] == [0.0, 0.0]
    assert unseen == {
        "destination": "hubspot",
        "store": "shopify:us",
        "event": "order",
        "not_compared": "hubspot 503",
    }


def test_a_daily_run_knows_a_metric_that_was_renamed_since_the_last_one(
    bundle: InProcessBundle, sandboxes: Sandboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that is verified asks whether an app is alive, so the daily look remembers what it found.

    Else the app would seem to tell nothing any more; and once the store is set to deliver, all would be told twice.
    """
    told_at = now() - timedelta(hours=1)
    told_by_app(sandboxes, "Placed Order", told_at)
    pairs = [Pair("klaviyo", "shopify:us", "Shopify", "placed_order")]
    next_day = {"time": (told_at + DAY).isoformat()}
    with bundle.function("delivery_verification") as module:
        monkeypatch.setattr(module, "verified_pairs", lambda *_: pairs)
        assert module.handler(next_day, None)["compared"][-1]["found"] == 1
        metrics = sandboxes.klaviyo.state.metrics  # type: ignore[attr-defined] # the state of Klaviyo's sandbox
        metrics["Placed Order", "Shopify"].name = "Placed Order (Shopify)"
        assert module.handler(next_day, None)["compared"][-1]["found"] == 1
    assert command(bundle, "status")["store_apps"]["klaviyo"]["alive"][0]["name"] == "Placed Order"
