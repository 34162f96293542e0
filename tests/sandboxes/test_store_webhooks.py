"""The webhooks of each kind of store: created, listed, mended and delivered as the vendors' own APIs would."""

import json
import time
from collections.abc import Callable

import pytest
from commerce_sync.contracts.store_webhooks import StoreWebhook
from commerce_sync.errors import ConfigurationError, NotAllowedError, PausedError, PermanentError, RefusedByVendorError
from commerce_sync.errors import RetriableError as Retriable
from commerce_sync.operating.store_webhooks import Webhooks
from commerce_sync.vendors.bigcommerce import BigCommerce, BigCommerceWebhooks
from commerce_sync.vendors.recharge import Recharge, RechargeWebhooks
from commerce_sync.vendors.shopify import Shopify, ShopifyWebhooks
from commerce_sync.vendors.woocommerce import WooCommerce, WooCommerceWebhooks
from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes import scheme_of

from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from tests.sandboxes.listening import listening
from tests.unit.intake.recharge_bodies import subscription
from tests.unit.intake.store_bodies import woocommerce_order

pytestmark = pytest.mark.network
OURS = "https://sync.example.com/webhooks"
SECRET = "wcsecretfortests"


def shopify(sandboxes: Sandboxes, token: str = "shpat_local") -> ShopifyWebhooks:  # noqa: S107 # the sandbox's
    """Those of a shop, two a page."""
    return ShopifyWebhooks(Shopify(sandboxes.urls["shopify"], token, "2026-10", 5.0), page=2)


def bigcommerce(sandboxes: Sandboxes, token: str = "bc_local", page: int = 2) -> BigCommerceWebhooks:  # noqa: S107
    """Those of a store, two a page."""
    return BigCommerceWebhooks(BigCommerce(f"{sandboxes.urls['bigcommerce']}/stores/sandbox", token, 5.0), page)


def woocommerce(sandboxes: Sandboxes, token: str = "cs_local", secret: str = SECRET) -> WooCommerceWebhooks:  # noqa: S107
    """Those of a shop."""
    return WooCommerceWebhooks(WooCommerce(sandboxes.urls["woocommerce"], "ck_local", token, 5.0), secret)


def recharge(sandboxes: Sandboxes, token: str = "sk_local") -> RechargeWebhooks:  # noqa: S107
    """Those of an account."""
    return RechargeWebhooks(Recharge(sandboxes.urls["recharge"], token, "2021-11", 5.0))


Open = Callable[..., Webhooks]
KINDS: dict[str, tuple[Open, tuple[str, str, str]]] = {
    "shopify": (shopify, ("orders/create", "customers_email_marketing_consent/update", "fulfillment_events/create")),
    "bigcommerce": (bigcommerce, ("store/order/statusUpdated", "store/subscriber/created", "store/cart/updated")),
    "woocommerce": (woocommerce, ("order.created", "order.restored", "customer.updated")),
    "recharge": (recharge, ("subscription/created", "subscription/paused", "customer/updated")),
}
kinds = pytest.mark.parametrize("kind", KINDS)


@kinds
def test_what_is_created_is_listed_and_well(kind: str, sandboxes: Sandboxes) -> None:
    """By our names of topics, over as many pages as there are."""
    opened, topics = KINDS[kind]
    webhooks = opened(sandboxes)
    assert webhooks.all() == []
    for topic in topics:
        webhooks.create(topic, f"{OURS}/{kind}/us")
    found = webhooks.all()

    assert [(one.topic, one.address, one.amiss) for one in found] == [
        (topic, f"{OURS}/{kind}/us", ()) for topic in topics
    ]
    assert len({one.webhook_id for one in found}) == len(topics)


@kinds
def test_wrong_credentials_are_a_pause_and_no_empty_list(kind: str, sandboxes: Sandboxes) -> None:
    """An empty list would be an order to create all of them."""
    with pytest.raises(PausedError):
        KINDS[kind][0](sandboxes, "wrong").all()


@kinds
def test_an_answer_that_is_not_the_vendors_is_no_empty_list(kind: str, sandboxes: Sandboxes) -> None:
    """A page of something between us and the store, for one."""
    sandbox = getattr(sandboxes, kind)
    bodies: list[object] = [{}, {"data": None}, {"webhooks": None}, "hello"]
    pages: list[object] = [{}, {"nodes": None}, {"nodes": [{}]}]
    bodies += [{"data": {"webhookSubscriptions": page}} for page in pages]
    for body in bodies:
        for method in ("GET", "POST"):
            sandbox.faults.append(Fault(method, status=200, body=body))
        with pytest.raises(Retriable):
            KINDS[kind][0](sandboxes).all()
        sandbox.faults.clear()


@kinds
def test_an_answer_that_confirms_nothing_is_no_success(kind: str, sandboxes: Sandboxes) -> None:
    """The next run looks whether it was created."""
    sandbox = getattr(sandboxes, kind)
    sandbox.faults.append(Fault("POST", status=200, body={"data": {}}))
    with pytest.raises(Retriable):
        KINDS[kind][0](sandboxes).create(KINDS[kind][1][0], OURS)


@kinds
def test_an_address_that_the_vendor_would_not_deliver_to_is_refused(kind: str, sandboxes: Sandboxes) -> None:
    """For good. WooCommerce alone delivers to plain http."""
    address = "ftp://sync.example.com" if kind == "woocommerce" else "http://sync.example.com/webhooks"
    with pytest.raises(RefusedByVendorError):
        KINDS[kind][0](sandboxes).create(KINDS[kind][1][0], address)


def test_shopifys_fields_filter_and_format_are_amiss_and_mended(sandboxes: Sandboxes) -> None:
    """A body without all its fields is set aside, and a filter drops events."""
    narrow = {"includeFields": ["id"], "filter": "total_price:>100"}
    given = {"topic": "ORDERS_UPDATED", "uri": f"{OURS}/shopify/us", "format": "XML", **narrow}
    other = {"topic": "PRODUCTS_UPDATE", "uri": "https://other.example.com"}
    sandboxes.shopify.state.configure({"webhooks": [given, other]})
    webhooks = shopify(sandboxes)
    found, products = webhooks.all()

    assert (found.topic, found.amiss) == ("orders/updated", ("format XML", "some fields only", "a filter"))
    assert (products.topic, found.version) == ("PRODUCTS_UPDATE", "2026-10")
    webhooks.mend(found, found.address)
    assert webhooks.all()[0] == StoreWebhook(found.webhook_id, "orders/updated", found.address, (), "2026-10")


def test_shopify_says_in_words_alone_what_is_there_already(sandboxes: Sandboxes) -> None:
    """Which is no failure: another set-up was quicker."""
    webhooks = shopify(sandboxes)
    webhooks.create("orders/create", OURS)
    webhooks.create("orders/create", OURS)
    assert len(webhooks.all()) == 1


def test_shopify_says_in_words_alone_that_an_app_is_not_approved(sandboxes: Sandboxes) -> None:
    """An operator reads a name for it, and no address."""
    sandboxes.shopify.state.configure({"protected_topics": ["ORDERS_CREATE"], "missing_scopes": ["read_fulfillments"]})
    with pytest.raises(RefusedByVendorError, match="PROTECTED_CUSTOMER_DATA"):
        shopify(sandboxes).create("orders/create", OURS)
    with pytest.raises(RefusedByVendorError, match="INVALID at topic"):
        shopify(sandboxes).create("fulfillments/create", OURS)


def test_shopify_that_takes_a_change_and_shows_none_is_no_success(sandboxes: Sandboxes) -> None:
    """Whether an empty list takes fields back was never seen."""
    sandboxes.shopify.state.configure({"webhooks": [{"topic": "ORDERS_PAID", "uri": OURS, "includeFields": ["id"]}]})
    webhooks = shopify(sandboxes)
    (found,) = webhooks.all()
    shown = {"id": found.webhook_id, "topic": "ORDERS_PAID", "uri": OURS, "format": "JSON", "includeFields": ["id"]}
    body = {"data": {"webhookSubscriptionUpdate": {"webhookSubscription": shown, "userErrors": []}}}
    sandboxes.shopify.faults.append(Fault("POST", status=200, body=body))
    with pytest.raises(PermanentError, match="some fields only"):
        webhooks.mend(found, OURS)


def test_bigcommerces_that_are_off_are_switched_on_and_keep_their_headers(sandboxes: Sandboxes) -> None:
    """It switches one off after two days without an answer."""
    hook = {"scope": "store/order/*", "destination": OURS, "is_active": False, "headers": {"X-Key": "theirs"}}
    sandboxes.bigcommerce.state.configure({"hooks": [hook]})
    webhooks = bigcommerce(sandboxes)
    (found,) = webhooks.all()
    assert found.amiss == ("disabled",)
    webhooks.mend(found, found.address)
    (known,) = sandboxes.bigcommerce.state.snapshot()["hooks"]
    assert (known["is_active"], known["headers"], known["scope"]) == (True, {"X-Key": "theirs"}, "store/order/*")


def test_a_cursor_that_leads_nowhere_ends_recharges_list(sandboxes: Sandboxes) -> None:
    """That webhooks have one is unverified."""
    body = {"next_cursor": "again", "webhooks": [{"id": 7, "topic": "customer/created", "address": OURS}]}
    sandboxes.recharge.faults.append(Fault("GET", status=200, body=body, times=5))
    assert [one.webhook_id for one in recharge(sandboxes).all()] == ["7"]


def test_recharges_are_led_to_the_address_of_their_topic(sandboxes: Sandboxes) -> None:
    """And a topic whose object may not be read is refused."""
    sandboxes.recharge.state.configure({"hooks": [{"topic": "customer/created", "address": OURS}]})
    webhooks = recharge(sandboxes)
    webhooks.mend(webhooks.all()[0], f"{OURS}/customer/created")
    assert [one.address for one in webhooks.all()] == [f"{OURS}/customer/created"]
    sandboxes.recharge.state.configure({"missing_scopes": ["read_subscriptions"]})
    with pytest.raises(NotAllowedError):
        webhooks.create("subscription/created", OURS)


def test_woocommerce_knows_topics_of_subscriptions_with_their_extension_alone(sandboxes: Sandboxes) -> None:
    """Which is asked first."""
    webhooks = woocommerce(sandboxes)
    assert webhooks.knows_subscriptions() is False
    with pytest.raises(RefusedByVendorError, match="invalid_topic"):
        webhooks.create("subscription.created", OURS)
    sandboxes.woocommerce.state.configure({"has_subscriptions": True})
    assert webhooks.knows_subscriptions() is True
    webhooks.create("subscription.created", OURS)


@pytest.mark.parametrize("secret", ["", "a&b", "a b", "é"])
def test_woocommerce_is_given_no_secret_that_it_would_read_otherwise(secret: str, sandboxes: Sandboxes) -> None:
    """Nor none: it would invent one that nobody knows. The words do not hold it."""
    with pytest.raises(ConfigurationError) as refusal:
        woocommerce(sandboxes, secret=secret).create("order.created", OURS)
    assert "a&b" not in str(refusal.value)
    assert sandboxes.woocommerce.state.snapshot()["webhooks"] == []


def _shopify_tells(sandboxes: Sandboxes) -> None:
    person = {"id": 7, "email": "ana@example.com"}
    change = {"email": "ana@example.com", "state": "unsubscribed"}
    sandboxes.shopify.state.configure({"webhook_secret": SECRET, "put_customers": [person]})
    sandboxes.shopify.state.configure({"customer_consents": [change]})


def _bigcommerce_tells(sandboxes: Sandboxes) -> None:
    sandboxes.bigcommerce.state.configure({"webhook_secret": SECRET, "sign_up": [{"email": "ana@example.com"}]})


def _woocommerce_tells(sandboxes: Sandboxes) -> None:
    sandboxes.woocommerce.state.configure({"put_orders": [woocommerce_order(id=727)]})


def _recharge_tells(sandboxes: Sandboxes) -> None:
    sandboxes.recharge.state.configure({"webhook_secret": SECRET, "put_subscriptions": [subscription()]})


@pytest.mark.parametrize(
    ("kind", "topic", "happens"),
    [
        ("shopify", "customers_email_marketing_consent/update", _shopify_tells),
        ("bigcommerce", "store/subscriber/created", _bigcommerce_tells),
        ("woocommerce", "order.created", _woocommerce_tells),
        ("recharge", "subscription/created", _recharge_tells),
    ],
)
def test_what_was_created_delivers_what_our_intake_believes(
    kind: str, topic: str, happens: Callable[[Sandboxes], None], sandboxes: Sandboxes
) -> None:
    """Signed so that the secret of the store verifies it, and with the topic that was asked for."""
    with listening() as heard:
        address = f"{heard.url}/{kind}/us"
        told_by_address = kind == "recharge"
        KINDS[kind][0](sandboxes).create(topic, f"{address}/{topic}" if told_by_address else address)
        happens(sandboxes)
        pings = 1 if kind == "woocommerce" else 0
        headers, body = heard.wait_for(1 + pings)[pings]
    delivery = Delivery(kind, "us", topic if told_by_address else "", "POST", address, headers, body, 0.0)
    scheme = scheme_of(kind)
    scheme.verify(delivery, [SECRET], now=time.time(), tolerance=300)
    assert scheme.describe(delivery)[0] == topic
    assert json.loads(body)
