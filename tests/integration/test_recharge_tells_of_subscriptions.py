"""Recharge from a signed webhook to the events queue, and its customer joined to the shop's."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from commerce_sync.contracts import CanonicalEvent, DeliveredFacts

from local.in_process import InProcessBundle
from local.sample_day.deliveries import Delivery
from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from local.stack import store_urls
from tests.fakes import bundle as b
from tests.unit.intake.bodies import customer
from tests.unit.intake.recharge_bodies import recharge_customer, subscription

pytestmark = pytest.mark.network


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A bundle that knows where its Recharge account is."""
    with b.ready_bundle({**b.LIVE, "StoreBaseUrls": store_urls(sandboxes.urls)}) as ready:
        yield ready


def answered(bundle: InProcessBundle, topic: str, resource: Any, secret: str | None = None) -> int:
    """The intake's answer to a webhook at the address of its topic."""
    body = json.dumps({topic.partition("/")[0]: resource}).encode()
    event = b.api_event(Delivery("recharge", "us", topic, body, "d-1"), secret=secret, at=1795262400.0)
    headers = {name.lower(): value for name, value in event["headers"].items()}
    parameters = {"source": "recharge", "store": "us", "topic": topic}
    with bundle.function("webhook_intake", {"TIMESTAMP_TOLERANCE": "10000000000"}) as module:
        return int(module.handler({**event, "headers": headers, "pathParameters": parameters}, None)["statusCode"])


def told(bundle: InProcessBundle, topic: str, resource: Any) -> list[CanonicalEvent]:
    """The events of one webhook."""
    assert answered(bundle, topic, resource) == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    bodies = [*b.waiting(bundle, "EventsQueue"), *b.waiting(bundle, "ProfileChangesQueue")]
    return [event for body in bodies for event in DeliveredFacts.parse(body).events]


def codes(bundle: InProcessBundle) -> list[str]:
    """Why deliveries were set aside."""
    return sorted(item["code"]["S"] for item in b.items(bundle, "QuarantineTable"))


def test_a_subscription_is_told_about_the_person_behind_it(sandboxes: Sandboxes, bundle: InProcessBundle) -> None:
    """The topic comes from the address, the person from Recharge; a previous secret is valid too."""
    sandboxes.recharge.state.configure({"put_customers": [recharge_customer()]})
    (event,) = told(bundle, "subscription/created", subscription())
    assert (event.name, event.event_id) == ("subscription_started", "recharge:us:11111:subscription_started")
    assert event.person is not None
    assert (event.person.email, event.person.customer_id) == ("cleo@example.com", "333")
    assert event.profile_id is not None
    assert answered(bundle, "subscription/created", subscription(), "rc-previous") == 200
    assert answered(bundle, "subscription/created", subscription(), "another") == 401


def test_recharges_customer_is_the_shops_although_they_share_no_address(
    sandboxes: Sandboxes, bundle: InProcessBundle
) -> None:
    """Recharge says which customer of the shop it is, whatever address was typed where."""
    sandboxes.recharge.state.configure({"put_customers": [recharge_customer(email="cleo.work@example.com")]})
    (subscribed,) = told(bundle, "subscription/created", subscription())
    body = json.dumps(customer(id=77, email="cleo.home@example.com")).encode()
    delivery = Delivery(
        "shopify", "us", "customers/update", body, "s-1", headers={"x-shopify-topic": "customers/update"}
    )
    event = b.api_event(delivery)
    headers = {name.lower(): value for name, value in event["headers"].items()}
    assert b.post(bundle, {**event, "headers": headers})["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    (changed,) = DeliveredFacts.parse(*b.waiting(bundle, "ProfileChangesQueue")).events
    assert subscribed.profile_id == changed.profile_id


def test_without_a_token_the_person_is_named_by_an_id_and_recharge_is_not_asked(bundle: InProcessBundle) -> None:
    """Nothing waits for a token that nobody means to give."""
    bundle.put_secret("VendorTokens", {"klaviyo": "pk_local"})
    (event,) = told(bundle, "subscription/created", subscription())
    assert event.person is not None
    assert (event.person.email, event.person.customer_id) == (None, "333")
    assert event.profile_id is not None


def test_an_account_that_is_away_gives_the_delivery_back(sandboxes: Sandboxes, bundle: InProcessBundle) -> None:
    """It comes again, and then the person has an address."""
    sandboxes.recharge.state.configure({"put_customers": [recharge_customer()]})
    sandboxes.recharge.faults.append(Fault("GET", status=503))
    assert answered(bundle, "subscription/created", subscription()) == 200
    messages = b.waiting(bundle, "InboundQueue")
    assert b.consume(bundle, "identity_normalization", messages) == messages
    assert b.consume(bundle, "identity_normalization", messages) == []
    (body,) = b.waiting(bundle, "EventsQueue")
    (event,) = DeliveredFacts.parse(body).events
    assert event.person is not None
    assert event.person.email == "cleo@example.com"


def test_a_charge_is_the_shops_to_tell(bundle: InProcessBundle) -> None:
    """Settled, with words that say so."""
    assert told(bundle, "charge/paid", {"id": 1, "status": "success"}) == []
    assert codes(bundle) == ["told_by_shop"]
