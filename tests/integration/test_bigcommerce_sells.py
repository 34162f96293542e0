"""BigCommerce's life of an order from its own signed webhooks to the events queue, with what it is asked on the way."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from commerce_sync.contracts import CanonicalEvent, DeliveredFacts

from local.in_process import InProcessBundle
from local.sample_day.deliveries import Delivery
from local.sandboxes.server import Sandboxes
from local.stack import store_urls
from tests.fakes import bundle as b
from tests.sandboxes.listening import listening, wait_until
from tests.unit.intake.bigcommerce_bodies import (
    bigcommerce_order,
    cart,
    customer,
    engraving,
    product,
    refund,
    shipment,
)

pytestmark = pytest.mark.network
ID = "bigcommerce:outlet:250"


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A bundle that knows where its BigCommerce store is."""
    with b.ready_bundle({**b.LIVE, "StoreBaseUrls": store_urls(sandboxes.urls)}) as ready:
        yield ready


def happens(sandboxes: Sandboxes, bundle: InProcessBundle, **acts: object) -> dict[str, CanonicalEvent]:
    """What reaches the events queue after something happened in the store, by the events' ids."""
    state = sandboxes.bigcommerce.state
    with listening() as heard:
        state.configure({"webhook_url": heard.url, "webhook_secret": b.SECRETS["bigcommerce"]["outlet"][0]})
        state.configure(acts)
        wait_until(lambda: state.snapshot()["pending_webhooks"] == 0)
        for headers, body in heard.requests:
            event = b.raw_event(Delivery("bigcommerce", "outlet", "", body, "x"), headers)
            assert b.post(bundle, event)["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    messages = [DeliveredFacts.parse(body) for body in b.waiting(bundle, "EventsQueue")]
    return {event.event_id: event for message in messages for event in message.events}


def test_an_order_is_held_placed_shipped_and_refunded(sandboxes: Sandboxes, bundle: InProcessBundle) -> None:
    """Each step tells everything that is proved by then, with the same ids."""
    held = {"put_products": [product(), engraving()], "put_orders": [bigcommerce_order(status_id=0)]}
    assert happens(sandboxes, bundle, **held) == {}
    assert {item["code"]["S"] for item in b.items(bundle, "QuarantineTable")} == {"incomplete_order"}

    placed = happens(sandboxes, bundle, put_orders=[bigcommerce_order()])
    assert set(placed) == {f"{ID}:placed_order", f"{ID}:ordered_product:31", f"{ID}:ordered_product:32"}
    assert placed[f"{ID}:placed_order"].value == Decimal("361.95")
    person = placed[f"{ID}:placed_order"].person
    assert person is not None
    assert (person.email, person.phone) == ("ada@example.com", "+12025550130")

    shipped = happens(sandboxes, bundle, put_shipments=[shipment()])
    assert set(shipped) == {*placed, f"{ID}:fulfilled_order:601"}

    paid_back = {"id": 1, "amount": 20.1, "is_declined": False}
    refunded = happens(sandboxes, bundle, put_refunds=[refund(payments=[paid_back])])
    assert set(refunded) == {*placed, f"{ID}:refunded_order:501"}
    assert refunded[f"{ID}:refunded_order:501"].value == Decimal("20.10")


def test_a_cart_is_told_of_once_its_customer_is_known(sandboxes: Sandboxes, bundle: InProcessBundle) -> None:
    """With the address that the store has of them."""
    assert happens(sandboxes, bundle, put_carts=[cart(customer_id=0)]) == {}
    assert {item["code"]["S"] for item in b.items(bundle, "QuarantineTable")} == {"cart_without_person"}

    (event,) = happens(sandboxes, bundle, put_carts=[cart()], put_customers=[customer()]).values()
    assert event.name == "added_to_cart"
    assert event.person is not None
    assert event.person.email == "ada@example.com"
