"""``setup`` and the webhooks of all kinds of stores: what it creates, mends and leaves alone, how it is cut short."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from local.sandboxes.woocommerce.state import WooCommerceState
from local.sandboxes.woocommerce.webhooks import Hook
from local.stack import store_urls
from tests.fakes import bundle as b
from tests.fakes.delivered import add_fault, command
from tests.integration.test_setting_up import written as posted

pytestmark = pytest.mark.network
OURS = f"{b.BASE_URL}/webhooks"
STORES = ["bigcommerce:outlet", "recharge:us", "shopify:eu", "shopify:us", "woocommerce:uk"]
TOKENS = {
    **b.TOKENS,
    "shopify": {"us": "shpat_local", "eu": "shpat_local"},
    "woocommerce": {"uk": "ck_local:cs_local"},
}
SECRETS = [secret for stores in b.SECRETS.values() for some in stores.values() for secret in some]
PRIVACY = ["customers/data_request", "customers/redact", "shop/redact"]
IN_THE_APP = "only the app's own configuration subscribes to these"


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A bundle with tokens of every store."""
    named = {"KlaviyoBaseUrl": "klaviyo", "HubSpotBaseUrl": "hubspot"}
    urls = {parameter: sandboxes.urls[vendor] for parameter, vendor in named.items()}
    with b.ready_bundle({**b.LIVE, **urls, "StoreBaseUrls": store_urls(sandboxes.urls)}) as ready:
        ready.put_secret("VendorTokens", TOKENS)
        yield ready


def written(log: Path, since: int = 0) -> list[dict[str, Any]]:
    """The writes after so many requests; a query of GraphQL is a POST and none."""
    return [
        one for one in posted(log, since) if "query" not in (one["body"] or {}) or "mutation" in one["body"]["query"]
    ]


def hooks(sandboxes: Sandboxes) -> dict[str, list[tuple[str, str]]]:
    """Topic and address of every webhook, by vendor."""
    states = {name: getattr(sandboxes, name).state.snapshot() for name in ("shopify", "bigcommerce", "recharge")}
    return {
        "shopify": [(one["topic"], one["uri"]) for one in states["shopify"]["webhooks"]],
        "bigcommerce": [(one["scope"], one["destination"]) for one in states["bigcommerce"]["hooks"]],
        "recharge": [(one["topic"], one["address"]) for one in states["recharge"]["hooks"]],
        "woocommerce": [
            (one["topic"], one["delivery_url"]) for one in sandboxes.woocommerce.state.snapshot()["webhooks"]
        ],
    }


def shop(sandboxes: Sandboxes) -> dict[int, Hook]:
    """WooCommerce's webhooks, with what its API shows to nobody."""
    state = sandboxes.woocommerce.state
    assert isinstance(state, WooCommerceState)
    return state.hooks


def of_webhooks(done: dict[str, Any], name: str = "created") -> dict[str, list[str]]:
    """What was done at stores."""
    return {place: topics for place, topics in done.get(name, {}).items() if place.endswith(" webhooks")}


def test_every_store_is_asked_for_all_that_is_read_and_a_second_time_for_nothing(
    bundle: InProcessBundle, sandboxes: Sandboxes, log: Path
) -> None:
    """What was planned is what is created, each webhook leads to its store's address, and no secret is told."""
    planned = command(bundle, "setup", plan=True)
    assert written(log) == []
    done = command(bundle, "setup")
    assert of_webhooks(done) == of_webhooks(planned, "would_create")
    assert sorted(of_webhooks(done)) == [f"{store} webhooks" for store in STORES]
    found = hooks(sandboxes)
    assert ("ORDERS_CREATE", f"{OURS}/shopify/us") in found["shopify"]
    assert ("CUSTOMERS_EMAIL_MARKETING_CONSENT_UPDATE", f"{OURS}/shopify/eu") in found["shopify"]
    assert ("store/subscriber/updated", f"{OURS}/bigcommerce/outlet") in found["bigcommerce"]
    assert ("subscription/paused", f"{OURS}/recharge/us/subscription/paused") in found["recharge"]
    assert ("order.updated", f"{OURS}/woocommerce/uk") in found["woocommerce"]
    assert {hook.secret for hook in shop(sandboxes).values()} == {"wcsecretfortests"}
    assert done["webhooks"]["shopify:us"] == {"left_out": {IN_THE_APP: PRIVACY}}

    since = len(log.read_text().splitlines())
    again = command(bundle, "setup")
    assert (again["created"], of_webhooks(again, "mended")) == ({}, {})
    assert written(log, since) == []
    for told in (planned, done, again):
        assert [secret for secret in SECRETS if secret in json.dumps(told)] == []
    assert [secret for secret in SECRETS if secret in log.read_text()] == []


def test_what_is_off_is_switched_on_and_what_is_not_ours_stays(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """An address of the API's own, before there was a domain, is ours too."""
    theirs, off = "https://other.example.com/hooks", {"status": "disabled"}
    sandboxes.woocommerce.state.configure(
        {
            "webhooks": [
                {"id": 1, "topic": "order.updated", "delivery_url": f"{OURS}/woocommerce/uk", **off, "secret": "old"},
                {"id": 2, "topic": "order.created", "delivery_url": theirs, **off, "secret": "of theirs"},
            ]
        }
    )
    old = {"scope": "store/order/*", "destination": f"{OURS}/bigcommerce/outlet", "is_active": False}
    sandboxes.bigcommerce.state.configure({"hooks": [old, {"scope": "store/order/*", "destination": theirs}]})
    xml = {"topic": "ORDERS_PAID", "uri": f"{OURS}/shopify/us", "format": "XML"}
    sandboxes.shopify.state.configure({"webhooks": [xml, {"topic": "PRODUCTS_UPDATE", "uri": f"{OURS}/shopify/us"}]})
    done = command(bundle, "setup")

    assert done["mended"] == {
        "bigcommerce:outlet webhooks": ["store/order/* (disabled)"],
        "shopify:us webhooks": ["orders/paid (format XML)"],
        "woocommerce:uk webhooks": ["order.updated (disabled)"],
    }
    assert done["webhooks"]["shopify:us"]["not_used"] == ["PRODUCTS_UPDATE"]
    of_orders = [one for one in done["created"]["bigcommerce:outlet webhooks"] if one.startswith("store/order/")]
    assert of_orders == ["store/order/refund/created"]
    assert (shop(sandboxes)[2].status, shop(sandboxes)[2].secret) == ("disabled", "of theirs")
    assert shop(sandboxes)[1].secret == "wcsecretfortests"
    assert command(bundle, "setup", plan=True)["would_create"] == {}


def test_one_that_is_cut_short_is_gone_on_with_and_nothing_is_doubled(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Some writes took and their answers were lost; some never arrived."""
    lost = {"method": "POST", "path_prefix": "/stores/sandbox/v3/hooks", "times": 1, "status": 504, "apply_first": True}
    add_fault(sandboxes.bigcommerce, lost)
    add_fault(sandboxes.recharge, {"method": "POST", "path_prefix": "/webhooks", "times": 1, "status": 503})
    lost |= {"path_prefix": "/wp-json/wc/v3/webhooks"}
    add_fault(sandboxes.woocommerce, lost)
    first = command(bundle, "setup")
    assert {store: told["not_done"] for store, told in first["webhooks"].items() if "not_done" in told} == {
        "bigcommerce:outlet": "bigcommerce 504",
        "recharge:us": "recharge 503",
        "woocommerce:uk": "woocommerce 504",
    }
    assert len(hooks(sandboxes)["bigcommerce"]) == 1
    second = command(bundle, "setup")
    assert [store for store, told in second["webhooks"].items() if "not_done" in told] == []
    assert command(bundle, "setup")["created"] == {}
    for found in hooks(sandboxes).values():
        assert len(set(found)) == len(found)


def test_a_store_that_cannot_be_asked_says_why_and_the_others_go_on(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """No token, no secret, a secret that a shop would read otherwise, a scope, a key that may only read."""
    bundle.put_secret("VendorTokens", {name: one for name, one in TOKENS.items() if name != "recharge"})
    signing = {**b.SECRETS, "bigcommerce": {}, "shopify": {"us": ["shpss_current"], "eu": []}}
    bundle.put_secret("SigningSecrets", {**signing, "woocommerce": {"uk": ["a&b"]}})
    sandboxes.shopify.state.configure({"missing_scopes": ["read_fulfillments", "read_own_subscription_contracts"]})
    done = command(bundle, "setup")

    told = done["webhooks"]
    assert "say nothing of recharge:us" in told["recharge:us"]["not_done"]
    assert "none of this store" in told["bigcommerce:outlet"]["not_done"]
    assert "none of this store" in told["shopify:eu"]["not_done"]
    assert "letters and digits" in told["woocommerce:uk"]["not_done"]
    assert sorted(told["shopify:us"]["left_out"]["without the scope read_fulfillments"]) == [
        "fulfillment_events/create",
        "fulfillments/create",
        "fulfillments/update",
    ]
    assert done["grant"]["shopify:us"] == ["read_fulfillments"]
    assert list(of_webhooks(done)) == ["shopify:us webhooks"]
    assert hooks(sandboxes)["woocommerce"] == hooks(sandboxes)["bigcommerce"] == hooks(sandboxes)["recharge"] == []
    assert "a&b" not in json.dumps(done)


def test_a_key_that_may_only_read_is_told(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """WooCommerce answers 401."""
    sandboxes.woocommerce.state.configure({"may_write": False})
    assert "woocommerce 401" in command(bundle, "setup")["webhooks"]["woocommerce:uk"]["not_done"]


def test_a_set_up_that_leaves_the_stores_alone_asks_them_for_no_webhook(bundle: InProcessBundle, log: Path) -> None:
    """``webhooks: false``."""
    done = command(bundle, "setup", webhooks=False)
    assert of_webhooks(done) == {}
    assert "webhooks" not in done
    assert [one for one in written(log) if one["vendor"] != "hubspot"] == []


def test_an_app_whose_bodies_are_of_another_version_is_a_misfit(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """It can be set in the app alone."""
    sandboxes.shopify.state.configure({"webhook_version": "2025-07"})
    command(bundle, "setup")
    misfits = command(bundle, "setup", plan=True)["misfits"]
    assert "shopify:us: the webhooks of the app have the version 2025-07, 2026-10 is read here" in misfits


def test_two_deployments_at_one_shop_leave_each_others_webhooks_alone(
    bundle: InProcessBundle, sandboxes: Sandboxes, log: Path
) -> None:
    """Staging and production, and a domain that was changed: what leads to the other is nobody's to mend or count."""
    other = {"BUDGET_TABLE": "", "PUBLIC_BASE_URL": "https://next.example.com", "INTAKE_URL": "https://x.example.com"}
    off = {"topic": "order.updated", "delivery_url": "https://next.example.com/webhooks/woocommerce/uk2"}
    sandboxes.woocommerce.state.configure({"webhooks": [{**off, "id": 1, "status": "disabled"}]})
    first = command(bundle, "setup")
    ours = {vendor: set(found) for vendor, found in hooks(sandboxes).items()}
    with bundle.function("operations", other) as operations:
        second = operations.handler({"command": "setup", "arguments": {}}, None)["result"]
        since = len(log.read_text().splitlines())
        again = operations.handler({"command": "setup", "arguments": {}}, None)["result"]
    assert of_webhooks(second) == of_webhooks(first)
    assert (of_webhooks(second, "mended"), of_webhooks(again), written(log, since)) == ({}, {}, [])
    both = hooks(sandboxes)
    assert all(ours[vendor] < set(both[vendor]) and len(both[vendor]) == len(set(both[vendor])) for vendor in both)
    assert command(bundle, "setup", plan=True)["would_create"] == {}
    assert shop(sandboxes)[1].status == "disabled"


def test_a_store_that_is_paused_or_closed_says_so_and_keeps_no_other_up(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Shopify answers 402 to a frozen shop and 423 to a locked one, a shop behind a wall without JSON."""
    for status, sandbox, path in ((402, sandboxes.shopify, "/admin"), (423, sandboxes.bigcommerce, "/stores")):
        add_fault(sandbox, {"method": "GET", "path_prefix": path, "times": 50, "status": status})
    add_fault(sandboxes.woocommerce, {"method": "GET", "path_prefix": "/wp-json", "times": 50, "status": 200})
    done = command(bundle, "setup")
    told = {store: said["not_done"] for store, said in done["webhooks"].items() if "not_done" in said}
    assert sorted(told) == ["bigcommerce:outlet", "shopify:eu", "shopify:us", "woocommerce:uk"]
    assert list(of_webhooks(done)) == ["recharge:us webhooks"]
    assert [secret for secret in SECRETS if secret in json.dumps(done)] == []
