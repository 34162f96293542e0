"""BigCommerce and WooCommerce from a signed webhook to the consent queues; BigCommerce is asked what its ids mean."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from commerce_sync.budgets.state import Hold, State, hold_name, written
from commerce_sync.config.limits import vendor_limits
from commerce_sync.contracts import DeliveredFacts
from commerce_sync.contracts.consent import ConsentMessage, ConsentStatement

from local.in_process import InProcessBundle
from local.sample_day.deliveries import Delivery
from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from local.stack import store_urls
from tests.fakes import bundle as b
from tests.sandboxes.listening import listening, wait_until
from tests.unit.intake.bigcommerce_bodies import bigcommerce_order, product
from tests.unit.intake.store_bodies import thin, woocommerce_customer, woocommerce_order

pytestmark = pytest.mark.network
TICKED = ("mailchimp_woocommerce_is_subscribed", "1")
PING = b"webhook_id=7"


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A bundle that knows where its BigCommerce store is."""
    with b.ready_bundle({**b.LIVE, "StoreBaseUrls": store_urls(sandboxes.urls)}) as ready:
        yield ready


def bigcommerce(scope: str, record_id: object = 1) -> Delivery:
    """A thin webhook."""
    return Delivery("bigcommerce", "outlet", "", json.dumps(thin(scope, record_id)).encode(), "msg-1")


def woocommerce(topic: str, body: object) -> Delivery:
    """A full one."""
    headers = {"x-wc-webhook-topic": topic}
    return Delivery("woocommerce", "uk", topic, json.dumps(body).encode(), "d-1", headers=headers)


def enqueued(bundle: InProcessBundle, delivery: Delivery) -> list[str]:
    """What the intake put on its two queues."""
    event = b.api_event(delivery)
    headers = {name.lower(): value for name, value in event["headers"].items()}
    assert b.post(bundle, {**event, "headers": headers})["statusCode"] == 200
    return b.waiting(bundle, "ConsentInboundQueue") + b.waiting(bundle, "InboundQueue")


def through(bundle: InProcessBundle, delivery: Delivery) -> None:
    """One delivery through both functions."""
    assert b.consume(bundle, "identity_normalization", enqueued(bundle, delivery)) == []


def statements(bundle: InProcessBundle, queue: str) -> list[ConsentStatement]:
    """What waits for consent_propagation."""
    messages = [ConsentMessage.parse(body) for body in b.waiting(bundle, queue)]
    return [statement for message in messages for statement in message.statements]


def codes(bundle: InProcessBundle) -> list[str]:
    """Why deliveries were set aside."""
    return sorted(item["code"]["S"] for item in b.items(bundle, "QuarantineTable"))


def test_a_subscriber_of_bigcommerce_opts_in_and_leaves(sandboxes: Sandboxes, bundle: InProcessBundle) -> None:
    """On the consent queue from the start; the address comes from the store, normalised."""
    sandboxes.bigcommerce.state.configure({"sign_up": [{"email": "Ana@Example.com"}]})
    delivery = bigcommerce("store/subscriber/created")
    event = b.api_event(delivery)
    assert b.post(bundle, event)["statusCode"] == 200
    messages = b.waiting(bundle, "ConsentInboundQueue")
    assert len(messages) == 1
    assert b.consume(bundle, "identity_normalization", messages) == []
    (said,) = statements(bundle, "OptInsQueue")
    assert (said.address.lower(), said.strength, said.form) == (
        "ana@example.com",
        "strong_in",
        "bigcommerce:outlet:newsletter",
    )

    sandboxes.bigcommerce.state.configure({"leave": ["Ana@Example.com"]})
    through(bundle, bigcommerce("store/subscriber/updated"))
    (left,) = statements(bundle, "OptOutsQueue")
    assert (left.address, left.action, left.strength) == (said.address, "withdraw", "pref_out")
    assert statements(bundle, "OptInsQueue") == []
    assert codes(bundle) == []


def test_a_store_that_is_away_gives_the_delivery_back_and_is_asked_again_later(
    sandboxes: Sandboxes, bundle: InProcessBundle
) -> None:
    """Nothing is settled by silence; once it answers the statement is made."""
    sandboxes.bigcommerce.state.configure({"sign_up": [{"email": "ana@example.com"}]})
    sandboxes.bigcommerce.faults.append(Fault("GET", status=503))
    messages = enqueued(bundle, bigcommerce("store/subscriber/created"))

    assert b.consume(bundle, "identity_normalization", messages) == messages
    assert (statements(bundle, "OptInsQueue"), codes(bundle)) == ([], [])
    assert b.consume(bundle, "identity_normalization", messages) == []
    assert len(statements(bundle, "OptInsQueue")) == 1


def test_a_store_that_is_away_holds_up_no_other_delivery(sandboxes: Sandboxes, bundle: InProcessBundle) -> None:
    """Of ten in a batch, those of other stores go through, and it is asked once."""
    sandboxes.bigcommerce.faults.append(Fault("GET", status=503, times=100))
    away = [message for n in range(5) for message in enqueued(bundle, bigcommerce("store/subscriber/created", n + 1))]
    good = enqueued(bundle, woocommerce("order.created", woocommerce_order(TICKED)))

    assert b.consume(bundle, "identity_normalization", [*away, *good]) == away
    assert len(statements(bundle, "OptInsQueue")) == 1
    assert sandboxes.bigcommerce.faults[0].times == 99


def test_who_was_deleted_before_anybody_asked_is_settled(bundle: InProcessBundle) -> None:
    """An id that the store does not know: counted, and nothing to be done."""
    through(bundle, bigcommerce("store/subscriber/created", 404))

    assert (codes(bundle), statements(bundle, "OptInsQueue")) == (["record_unknown"], [])


def test_the_same_delivery_again_says_the_same(sandboxes: Sandboxes, bundle: InProcessBundle) -> None:
    """Statements are repeated with their ids, so the ledger knows them."""
    sandboxes.bigcommerce.state.configure({"put_products": [product()], "put_orders": [bigcommerce_order()]})
    for _ in range(2):
        through(bundle, bigcommerce("store/order/created", 250))
    first, second = statements(bundle, "OptInsQueue")

    assert first == second
    assert first.statement_id == "order:250:email"


def test_the_sandboxs_own_webhooks_are_believed(sandboxes: Sandboxes, bundle: InProcessBundle) -> None:
    """Signed by somebody else's code, with the store's secret."""
    secret = b.SECRETS["bigcommerce"]["outlet"][0]
    with listening() as heard:
        sandboxes.bigcommerce.state.configure({"webhook_url": heard.url, "webhook_secret": secret})
        sandboxes.bigcommerce.state.configure(
            {"sign_up": [{"email": "ana@example.com"}], "remove": ["ana@example.com"]}
        )
        heard.wait_for(2)
        wait_until(lambda: sandboxes.bigcommerce.state.snapshot()["pending_webhooks"] == 0)
    for headers, body in heard.requests:
        event = b.raw_event(Delivery("bigcommerce", "outlet", "", body, "x"), headers)
        assert b.post(bundle, event)["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "ConsentInboundQueue")) == []

    assert codes(bundle) == ["record_deleted", "record_unknown"]


def test_boxes_at_woocommerces_checkout_are_stated_once_for_each_address(bundle: InProcessBundle) -> None:
    """The phone in E.164, read where its owner is; the order itself goes on as events."""
    sms = ("kl_sms_consent_checkbox", "yes")
    through(bundle, woocommerce("order.created", woocommerce_order(TICKED, sms)))
    said = {one.channel: one for one in statements(bundle, "OptInsQueue")}

    assert (said["email"].address, said["sms"].address) == ("ann@example.com", "+442079460018")
    assert {one.form for one in said.values()} == {"woocommerce:uk:checkout"}
    assert codes(bundle) == []
    (facts,) = [DeliveredFacts.parse(body) for body in b.waiting(bundle, "EventsQueue")]
    assert [event.name for event in facts.events] == ["placed_order", "ordered_product", "ordered_product"]


def test_a_customer_of_woocommerce_who_left_goes_ahead(bundle: InProcessBundle) -> None:
    """On the consent queue from the start, and ahead of opt-ins after it."""
    body = woocommerce_customer((TICKED[0], "unsubscribed"))
    event = b.api_event(woocommerce("customer.updated", body))
    assert b.post(bundle, event)["statusCode"] == 200
    messages = b.waiting(bundle, "ConsentInboundQueue")

    assert b.consume(bundle, "identity_normalization", messages) == []
    (left,) = statements(bundle, "OptOutsQueue")
    assert (left.action, left.address) == ("withdraw", "ann@example.com")


def test_woocommerces_creation_ping_is_answered_200_and_nothing_is_kept(bundle: InProcessBundle) -> None:
    """Unsigned, a form and no JSON: whatever else is answered, the shop does not create the webhook."""
    ping = Delivery("woocommerce", "uk", "", PING, "")
    answer = b.post(bundle, b.raw_event(ping, {"content-type": "application/x-www-form-urlencoded"}))

    assert answer["statusCode"] == 200
    assert b.waiting(bundle, "InboundQueue") + b.waiting(bundle, "ConsentInboundQueue") == []
    assert b.aws_client("s3").list_objects_v2(Bucket=bundle.names["Archive"]).get("Contents", []) == []


@pytest.mark.parametrize("store", ["elsewhere", ""])
def test_a_ping_of_an_unknown_store_is_not_found(bundle: InProcessBundle, store: str) -> None:
    """There is nobody to create a webhook for."""
    assert b.post(bundle, b.raw_event(Delivery("woocommerce", store, "", PING, ""), {}))["statusCode"] == 404


def test_an_error_that_a_shop_signs_alarms(bundle: InProcessBundle) -> None:
    """Kept, with what to do about it."""
    error: dict[str, Any] = {"code": "woocommerce_rest_cannot_view", "message": "Sorry", "data": {"status": 401}}
    through(bundle, woocommerce("order.updated", error))
    (item,) = b.items(bundle, "QuarantineTable")

    assert item["code"]["S"] == "store_error"
    assert "administrator" in item["advice"]["S"]


def test_who_leaves_the_newsletter_waits_for_no_orders_calls(
    sandboxes: Sandboxes, bundle: InProcessBundle, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a store's calls are used up by is orders; the share of opt-outs is for asking who left, too."""
    sandboxes.bigcommerce.state.configure({"sign_up": [{"email": "ana@example.com"}], "leave": ["ana@example.com"]})
    name, tier = vendor_limits()["bigcommerce"].place("bigcommerce:outlet", "GET", "/v2/orders/250")
    used_up = State(holds={hold_name(tier.name, history_only=False): Hold(until=time.time() + 3600, why="used up")})
    item = {"name": {"S": name}, "body": {"S": written(used_up)}, "revision": {"N": "1"}, "schema_version": {"N": "1"}}
    b.aws_client("dynamodb").put_item(TableName=bundle.names["BudgetTable"], Item=item)
    order = enqueued(bundle, bigcommerce("store/order/created", 250))
    left = enqueued(bundle, bigcommerce("store/subscriber/updated"))
    assert b.consume(bundle, "identity_normalization", [*order, *left]) == order
    assert capsys.readouterr().out.count('"HeldUpDeliveries": 1') == 1
    assert [one.action for one in statements(bundle, "OptOutsQueue")] == ["withdraw"]
