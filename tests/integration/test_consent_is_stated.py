"""From a signed delivery about consent to the opt-outs queue or the opt-ins queue."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.contracts.consent import ConsentMessage

from local.in_process import InProcessBundle
from local.sample_day import shopify_bodies
from local.sample_day.deliveries import Delivery
from local.sample_day.shops import tell
from tests.fakes import bundle as b
from tests.unit.intake.test_consent_doors import MAIL, PREFERENCE, REVOCATION, TEXT
from tests.unit.intake.test_consent_klaviyo import event
from tests.unit.intake.test_consent_shopify import EMAIL, SMS, email_body, sms_body

STORY = tell(datetime(2026, 11, 21, 18, tzinfo=UTC))
ORDER = STORY.orders[0]
KLAVIYO = {
    "data": [event("unsubscribed_from_email_marketing"), event("subscribed_to_sms_marketing", external_id="ev-2")],
    "meta": {"klaviyo_webhook_id": "01HWEBHOOK"},
}
OWN = {"specversion": "1.0", "id": "c-1", "type": "consent.withdrawn", "time": "2026-11-01T00:00:00Z"}


def shopify(topic: str, body: object, store: str = "us") -> Delivery:
    """A Shopify delivery."""
    return Delivery("shopify", store, topic, json.dumps(body).encode(), "d-1", headers={"X-Shopify-Topic": topic})


def posted(source: str, body: object, store: str = "main") -> Delivery:
    """A delivery of a source whose topic stands in its body."""
    return Delivery(source, store, "", json.dumps(body).encode(), "d-1")


def order(**changes: object) -> Delivery:
    """An order with a ticked box."""
    body = shopify_bodies.order_body(ORDER, [], ORDER.placed_at) | {"buyer_accepts_marketing": True} | changes
    return shopify("orders/create", body)


def through(bundle: InProcessBundle, delivery: Delivery, make: Callable[[Delivery], Any] = b.api_event) -> None:
    """One delivery through both functions."""
    assert b.post(bundle, make(delivery))["statusCode"] == 200
    messages = b.waiting(bundle, "ConsentInboundQueue") + b.waiting(bundle, "InboundQueue")
    assert b.consume(bundle, "identity_normalization", messages) == []


def passed_on(bundle: InProcessBundle, queue: str) -> list[ConsentMessage]:
    """What waits on one of the two queues."""
    return [ConsentMessage.parse(body) for body in b.waiting(bundle, queue)]


def said(bundle: InProcessBundle) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """Channel, address and action of what waits on the opt-outs queue, and on the opt-ins queue."""
    ahead, rest = (
        [
            (str(one.channel), one.address, str(one.action))
            for message in passed_on(bundle, queue)
            for one in message.statements
        ]
        for queue in ("OptOutsQueue", "OptInsQueue")
    )
    return ahead, rest


ADA, US = "ada@example.com", "+12025550123"
DE = "+4915112345678"
BUYER = "ada.archer.0@example.com"


@pytest.mark.parametrize(
    ("delivery", "ahead", "rest"),
    [
        (shopify(EMAIL, email_body("unsubscribed")), [("email", ADA, "withdraw")], []),
        (shopify(EMAIL, email_body("subscribed")), [], [("email", ADA, "grant")]),
        (shopify(EMAIL, email_body("sideways")), [("email", ADA, "hold")], []),
        (shopify(SMS, sms_body("unsubscribed")), [("sms", DE, "withdraw")], []),
        (order(), [], [("email", BUYER, "grant")]),
        (order(buyer_accepts_marketing=False), [], []),
        (posted("own", OWN | {"data": {"email": ADA}}, "wholesale"), [("email", ADA, "withdraw")], []),
        (posted("klaviyo", KLAVIYO), [("email", ADA, "withdraw")], [("sms", US, "grant")]),
    ],
)
def test_what_ends_goes_ahead_and_what_grants_goes_apart(
    delivery: Delivery, ahead: list[tuple[str, str, str]], rest: list[tuple[str, str, str]]
) -> None:
    """With addresses in their normal form."""
    with b.ready_bundle() as bundle:
        through(bundle, delivery)
        assert said(bundle) == (ahead, rest)
        assert b.items(bundle, "QuarantineTable") == []


@pytest.mark.parametrize(
    ("delivery", "ahead", "rest"),
    [
        (posted("preferences", PREFERENCE), [], [("email", ADA, "grant")]),
        (posted("preferences", PREFERENCE | {"choice": "unsubscribe"}), [("email", ADA, "withdraw")], []),
        (
            posted("staff", REVOCATION | {"phone": "(202) 555-0123"}),
            [("email", ADA, "withdraw"), ("sms", US, "withdraw")],
            [],
        ),
        (posted("sms", TEXT), [("sms", US, "info")], []),
        (posted("support", MAIL), [("email", ADA, "info")], []),
    ],
)
@pytest.mark.parametrize("make", [b.door_event, b.api_event], ids=["its own route", "the webhooks' route"])
def test_the_routes_about_consent_lead_there_too(
    delivery: Delivery, ahead: list[tuple[str, str, str]], rest: list[tuple[str, str, str]], make: Any
) -> None:
    """By both addresses; an unread text goes ahead, because it may be an opt-out."""
    with b.ready_bundle() as bundle:
        assert b.post(bundle, make(delivery))["statusCode"] == 200
        messages = b.waiting(bundle, "ConsentInboundQueue")
        assert len(messages) == 1, "it never waits behind orders"
        assert b.consume(bundle, "identity_normalization", messages) == []
        assert said(bundle) == (ahead, rest)


@pytest.mark.parametrize("source", ["preferences", "staff", "sms", "support", "klaviyo"])
def test_a_stranger_opts_nobody_in_or_out(source: str) -> None:
    """401, and nothing on any queue."""
    delivery = posted(source, KLAVIYO if source == "klaviyo" else PREFERENCE)
    forged = replace(delivery, body=delivery.body + b" ")
    with b.ready_bundle() as bundle:
        event_of_good = b.api_event(delivery)
        answer = b.post(bundle, event_of_good | {"body": b.api_event(forged)["body"]})
        assert (answer["statusCode"], answer["body"]) == (401, "signature_mismatch")
        assert b.waiting(bundle, "ConsentInboundQueue") == []


def test_a_second_delivery_makes_the_same_message() -> None:
    """Every id comes from the act, so the ledger knows the repeat."""
    with b.ready_bundle() as bundle:
        through(bundle, shopify(EMAIL, email_body("unsubscribed")))
        through(bundle, replace(shopify(EMAIL, email_body("unsubscribed")), delivery_id="another"))
        first, second = passed_on(bundle, "OptOutsQueue")
        assert first == second
        through(bundle, order())
        through(bundle, order(note="changed"))
        one, other = passed_on(bundle, "OptInsQueue")
        assert one.statements == other.statements


def test_an_order_with_a_ticked_box_is_an_order_all_the_same() -> None:
    """Its events go their own way."""
    with b.ready_bundle() as bundle:
        through(bundle, order())
        assert len(b.waiting(bundle, "EventsQueue")) == 1
        (message,) = passed_on(bundle, "OptInsQueue")
        (one,) = message.statements
        assert (one.form, one.method, one.strength, one.country) == (
            *("shopify:us:checkout", "checkout", "strong_in"),
            "US",
        )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (sms_body("unsubscribed") | {"phone": "12"}, "address_not_usable"),
        (sms_body("sideways") | {"phone": "12"}, "address_not_usable"),
        (sms_body("subscribed") | {"phone": "12"}, "opt_in_without_address"),
        (sms_body("unsubscribed") | {"phone": None}, "address_not_usable"),
    ],
)
def test_what_names_no_address_that_can_be_read_is_set_aside(body: dict[str, Any], code: str) -> None:
    """An opt-out waits there for a person, and raises the alarm."""
    with b.ready_bundle() as bundle:
        through(bundle, shopify(SMS, body))
        (item,) = b.items(bundle, "QuarantineTable")
        assert item["code"]["S"] == code
        assert said(bundle) == ([], [])


def test_an_opt_out_is_passed_on_before_anything_else_can_fail() -> None:
    """Identity is away: the delivery comes back, and the opt-out has gone ahead."""
    with b.ready_bundle() as bundle:
        assert b.post(bundle, b.api_event(shopify(EMAIL, email_body("unsubscribed"))))["statusCode"] == 200
        (message,) = b.waiting(bundle, "ConsentInboundQueue")
        broken = {"IDENTITY_TABLE": "gone"}
        assert b.consume(bundle, "identity_normalization", [message], broken) == [message]
        assert said(bundle) == ([("email", ADA, "withdraw")], [])


def test_an_erasure_finds_what_is_kept_of_a_statement() -> None:
    """A trace under the address, and under the customer's record."""
    with b.ready_bundle() as bundle:
        through(bundle, posted("sms", TEXT))
        through(bundle, shopify(EMAIL, email_body("unsubscribed")))
        traces = [item["trace"]["S"] for item in b.items(bundle, "TracesTable")]
        assert len([trace for trace in traces if trace.startswith("archive#archive/sms/")]) == 1
        assert len([trace for trace in traces if trace.startswith("archive#archive/shopify/")]) == 2


def test_a_hubspot_opt_out_is_a_hint_and_goes_ahead() -> None:
    """Its webhook names no address: polling finds the opt-out; the change of the contact is told as ever."""
    change = {
        "occurredAt": 1795262400000,
        "subscriptionType": "contact.propertyChange",
        "objectId": 501,
        "propertyName": "hs_email_optout",
        "propertyValue": "true",
    }
    with b.ready_bundle() as bundle:
        assert b.post(bundle, b.api_event(posted("hubspot", [change])))["statusCode"] == 200
        messages = b.waiting(bundle, "ConsentInboundQueue")
        assert b.consume(bundle, "identity_normalization", messages) == []
        assert said(bundle) == ([], [])
        assert len(b.waiting(bundle, "ProfileChangesQueue")) == 1
