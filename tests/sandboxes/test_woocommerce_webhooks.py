"""A shop's own webhooks: the sandbox's to us, and those that went off, which are found and set active again."""

import base64
import hashlib
import hmac
import json

import pytest
from commerce_sync.contracts import Store
from commerce_sync.errors import PausedError, RetriableError
from commerce_sync.intake import translate
from commerce_sync.vendors.woocommerce import WooCommerceOrders, WooCommerceWebhooks, switch_on_again

from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from tests.sandboxes.listening import Heard, listening, wait_until
from tests.sandboxes.test_woocommerce import connected, put, read_all

pytestmark = pytest.mark.network
OURS = "https://sync.example.com/webhooks/woocommerce/uk"


def hook(number: int, status: str = "active", url: str = OURS, topic: str = "order.updated") -> dict[str, object]:
    """A webhook of the shop."""
    return {"id": number, "status": status, "delivery_url": url, "topic": topic}


def test_webhooks_of_ours_that_went_off_are_set_active_again_and_told(sandboxes: Sandboxes) -> None:
    """Disabled by the shop or paused by somebody; those of others, and those that are on, are left alone."""
    other, near = "https://other.example.com/webhooks/woocommerce/uk", f"{OURS}-test"
    hooks = [
        hook(1),
        hook(2, "disabled"),
        hook(3, "paused", f"{OURS}/order.updated"),
        hook(4, "disabled", other),
        hook(5, "disabled", near),
        hook(6, "disabled", OURS.replace("sync.example.com", "SYNC.example.com") + "/"),
    ]
    hooks += [hook(number, url=other) for number in range(10, 210)]
    hooks.append(hook(300, "disabled", topic="customer.updated"))
    sandboxes.woocommerce.state.configure({"webhooks": hooks})
    webhooks = WooCommerceWebhooks(connected(sandboxes))
    found = switch_on_again(webhooks, [OURS])

    assert [(one.webhook_id, one.amiss, one.topic) for one in found] == [
        ("2", ("disabled",), "order.updated"),
        ("3", ("paused",), "order.updated"),
        ("6", ("disabled",), "order.updated"),
        ("300", ("disabled",), "customer.updated"),
    ]
    assert {one.webhook_id for one in webhooks.all() if one.amiss} == {"4", "5"}
    assert switch_on_again(webhooks, [OURS]) == []


def test_a_key_that_may_only_read_says_so(sandboxes: Sandboxes) -> None:
    """Webhooks stay off, and it is no success."""
    sandboxes.woocommerce.state.configure({"webhooks": [hook(2, "disabled")], "may_write": False})
    with pytest.raises(PausedError):
        switch_on_again(WooCommerceWebhooks(connected(sandboxes)), [OURS])


def test_an_answer_that_does_not_say_active_is_no_success(sandboxes: Sandboxes) -> None:
    """It is tried again."""
    sandboxes.woocommerce.state.configure({"webhooks": [hook(2, "disabled")]})
    sandboxes.woocommerce.faults.append(Fault("PUT", status=200, body={"id": 2, "status": "disabled"}))
    webhooks = WooCommerceWebhooks(connected(sandboxes))
    with pytest.raises(RetriableError):
        switch_on_again(webhooks, [OURS])

    assert [one.webhook_id for one in switch_on_again(webhooks, [OURS])] == ["2"]


def listen(sandboxes: Sandboxes, heard: Heard, *topics: str) -> None:
    """Webhooks of some topics to a listener."""
    hooks = [hook(number, url=heard.url, topic=topic) for number, topic in enumerate(topics, 1)]
    sandboxes.woocommerce.state.configure({"webhook_secret": "wc-secret", "webhooks": hooks})
    heard.wait_for(len(topics))


def quiet(sandboxes: Sandboxes) -> None:
    """Wait until nothing is left to be sent."""
    wait_until(lambda: sandboxes.woocommerce.state.snapshot()["pending_webhooks"] == 0)


def test_the_shop_pings_and_then_tells_each_change_signed(sandboxes: Sandboxes) -> None:
    """The ping is a form and unsigned; order.updated comes beside order.created; a deleted order is an id."""
    with listening() as heard:
        listen(sandboxes, heard, "order.created", "order.updated", "order.deleted")
        put(sandboxes, 727)
        sandboxes.woocommerce.state.configure({"delete": [727]})
        (form, ping), *_, (headers, body), (gone, last) = heard.wait_for(6)

    assert (ping, "x-wc-webhook-signature" in form) == (b"webhook_id=1", False)
    assert [one[0]["x-wc-webhook-topic"] for one in heard.requests[3:]] == [
        "order.created",
        "order.updated",
        "order.deleted",
    ]
    mac = hmac.new(b"wc-secret", body, hashlib.sha256).digest()
    assert headers["x-wc-webhook-signature"] == base64.b64encode(mac).decode()
    assert (gone["x-wc-webhook-resource"], json.loads(last)) == ("order", {"id": 727})


def test_a_shop_whose_webhooks_owner_may_not_read_sends_its_error_signed(sandboxes: Sandboxes) -> None:
    """Which the intake tells apart."""
    with listening() as heard:
        listen(sandboxes, heard, "order.updated")
        sandboxes.woocommerce.state.configure({"owner_may_read": False})
        put(sandboxes, 727)
        _, (_, body) = heard.wait_for(2)

    (refused,) = translate("woocommerce", "order.updated", Store(source="woocommerce", id="uk"), body).rejections
    assert refused.code == "store_error"


def test_a_webhook_that_fails_too_often_is_switched_off_and_what_it_missed_is_polled(sandboxes: Sandboxes) -> None:
    """Nothing is tried again; we find it off, switch it on and read what changed meanwhile."""
    with listening() as heard:
        listen(sandboxes, heard, "order.updated")
        heard.failures = 7
        put(sandboxes, *range(1, 10))
        quiet(sandboxes)
        assert len(heard.requests) == 1 + 9
        (off,) = sandboxes.woocommerce.state.snapshot()["webhooks"]
        assert off["status"] == "disabled"
        put(sandboxes, 10)
        quiet(sandboxes)
        assert len(heard.requests) == 1 + 9

        shop = connected(sandboxes)
        assert [one.webhook_id for one in switch_on_again(WooCommerceWebhooks(shop), [heard.url])] == ["1"]
        assert read_all(WooCommerceOrders(shop)) == [str(number) for number in range(1, 11)]
        put(sandboxes, 11)
        assert len(heard.wait_for(11)) == 11


def test_an_unknown_setting_is_a_mistake_of_the_test(sandboxes: Sandboxes) -> None:
    """And is said."""
    with pytest.raises(ValueError, match="unknown settings"):
        sandboxes.woocommerce.state.configure({"orders": [1]})
