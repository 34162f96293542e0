"""The day's deliveries: what the senders post, in the order and with the faults of a real day."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from local.sample_day import identity_bodies, own_bodies, shopify_bodies
from local.sample_day.cast import CURIOUS, FORGOTTEN, MET_TWICE, STRANGER
from local.sample_day.people import invent
from local.sample_day.story import Happening, Story

SEED = 20261121
TOO_LARGE = 5 * 1024 * 1024
WELL_SIGNED = "well signed"
NOT_TEXT = {"X-Shopify-Topic": "orders/create", "Content-Type": "application/octet-stream"}
"""Only what does not call itself text reaches a function byte for byte."""


@dataclass(frozen=True)
class Delivery:
    """One webhook to post, and the answer that it must get.

    ``signature`` says how it is signed: well, forged, with another store's secret, with the previous secret, or an
    hour ago.
    """

    source: str
    store: str
    topic: str
    body: bytes
    delivery_id: str
    signature: str = WELL_SIGNED
    expected_status: int = 200
    note: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def deliveries_of(story: Story) -> list[Delivery]:
    """Everything that is posted: shuffled within an hour's worth, some twice, some badly."""
    chance = random.Random(SEED)  # noqa: S311 # the same day every time
    good = list(_stores(story))
    repeated = [replace(one, note="delivered twice") for one in chance.sample(good, 16)]
    renamed = [replace(one, delivery_id=one.delivery_id + "-again", note="retried") for one in chance.sample(good, 6)]
    day = good + repeated + renamed + _troubles(story) + _wrongs(story)
    chance.shuffle(day)
    return _with_a_refund_first(day)


def _with_a_refund_first(day: list[Delivery]) -> list[Delivery]:
    """The first refund arrives before its order does: its order goes to the end."""
    refund = next(one for one in day if one.topic == "refunds/create")
    order_id = json.loads(refund.body)["order_id"]
    theirs = [one for one in day if one.topic.startswith("orders/") and f'"id":{order_id},'.encode() in one.body]
    rest = [one for one in day if one not in theirs and one is not refund]
    return [replace(refund, note="before its order"), *rest, *theirs]


def _stores(story: Story) -> Iterator[Delivery]:
    for order in story.orders:
        if order.source == "own":
            yield _own(own_bodies.completed(order))
        else:
            body = shopify_bodies.order_body(order, story.happenings, order.placed_at)
            yield _shopify(order.store, "orders/create", body)
    for happening in story.happenings:
        yield _happening(story, happening)
    for order in story.checkouts:
        yield _shopify(order.store, "checkouts/create", shopify_bodies.checkout_body(order))
    for order in story.visitors:
        yield _shopify(order.store, "carts/create", shopify_bodies.cart_body(order))
    for number, (store, person) in enumerate(story.customers):
        yield _shopify(store, "customers/create", shopify_bodies.customer_body(person, story.minute(number)))


def _happening(story: Story, happening: Happening) -> Delivery:
    order = happening.order
    if order.source == "own":
        make = own_bodies.refunded if happening.kind == "refunded" else own_bodies.fulfilled
        return _own(make(happening))
    if happening.kind == "refunded":
        return _shopify(order.store, "refunds/create", shopify_bodies.refund_body(happening))
    if happening.kind == "fulfilled":
        return _shopify(order.store, "fulfillments/create", shopify_bodies.fulfillment_body(happening))
    topic = "orders/cancelled" if happening.kind == "cancelled" else "orders/updated"
    return _shopify(order.store, topic, shopify_bodies.order_body(order, story.happenings, happening.at))


def _troubles(story: Story) -> list[Delivery]:
    """Verified, so answered 200, and then set aside with a reason."""
    order = story.orders[0]
    body = shopify_bodies.order_body(replace(order, order_id=5_900_000_000_000_000_001), [], order.placed_at)
    without_total = {name: value for name, value in body.items() if name != "total_price"}
    opted_out = shopify_bodies.consent_body(invent(3, "US"), story.minute(60))
    repeated_key = _bytes(body).replace(b'"id":', b'"id":1,"id":', 1)
    not_a_number = _bytes(body).replace(f'"total_price":"{order.total}"'.encode(), b'"total_price":NaN', 1)
    return [
        _shopify("us", "orders/create", without_total, note="no total"),
        _shopify("us", "orders/create", body | {"test": True}, note="a test order"),
        _shopify("us", "orders/create", body | {"currency": "EUX"}, note="no such currency"),
        _shopify("us", "customers_email_marketing_consent/update", opted_out, note="an opt-out"),
        _shopify("us", "products/update", {"id": 1}, note="a topic nobody asked for"),
        replace(_shopify("us", "orders/create", {}, note="not JSON"), body=b"<html>busy</html>"),
        replace(_shopify("us", "orders/create", {}, note="a repeated key"), body=repeated_key),
        replace(_shopify("us", "orders/create", {}, note="NaN"), body=not_a_number),
        replace(_shopify("us", "orders/create", {}, note="not UTF-8"), body=b'{"id":"\xff"}', headers=NOT_TEXT),
        _shopify(
            "us", "orders/create", body | {"order_id": 0, "note_attributes": [{"x": "y" * 300_000}], "test": True}
        ),
    ]


def _wrongs(story: Story) -> list[Delivery]:
    """Refused at the door."""
    good = _shopify("us", "orders/create", shopify_bodies.order_body(story.orders[1], [], story.orders[1].placed_at))
    own = _own(own_bodies.completed(story.orders[-1]))
    refused = replace(good, expected_status=401)
    return [
        replace(refused, signature="forged", note="forged"),
        replace(refused, signature="unsigned", note="unsigned"),
        replace(refused, signature="another store's", note="another store's secret"),
        replace(own, expected_status=401, signature="an hour ago", note="signed an hour ago"),
        replace(own, signature="previous secret", note="signed with the previous secret"),
        replace(good, store="elsewhere", expected_status=404, note="an unknown store"),
        replace(good, body=b"x" * TOO_LARGE, expected_status=413, note="too large"),
        Delivery("hubspot", "main", "", b"[]", "h-1", "forged", 401, "forged"),
    ]


def hubspot_changes(story: Story) -> list[dict[str, Any]]:
    """What the shop's staff change in HubSpot that afternoon, of buyers and of one stranger."""
    stages = ("customer", "evangelist", "opportunity", "customer", "evangelist", "customer")
    buyers = [order.buyer for order in story.orders[:6] if order.buyer and order.buyer.email]
    changes = [
        {"email": (buyer.email or "").lower(), "properties": {"lifecyclestage": stage, "hs_lead_status": "CONNECTED"}}
        for buyer, stage in zip(buyers, stages, strict=True)
    ]
    return [*changes, {"email": STRANGER, "properties": {"lifecyclestage": "lead"}}]


def hubspot_contacts() -> list[dict[str, Any]]:
    """The contacts that the staff make of one person, by two addresses."""
    return [
        {"email": one.email, "properties": {"firstname": one.first_name, "lastname": one.last_name}}
        for one in MET_TWICE
    ]


def privacy_webhooks(story: Story) -> list[Delivery]:
    """The store passes on that one buyer wants to be forgotten, and that another wants to know what is known."""
    forgotten, curious = ([order.order_id for order in story.bought_by(one)] for one in (FORGOTTEN, CURIOUS))
    return [
        _shopify("us", "customers/redact", identity_bodies.erasure(FORGOTTEN, forgotten)),
        _shopify("us", "customers/data_request", identity_bodies.data_request(CURIOUS, curious)),
    ]


def forgotten_orders(story: Story) -> list[Delivery]:
    """The store sends the old orders of who was forgotten once more, as new deliveries."""
    bodies = [shopify_bodies.order_body(one, story.happenings, one.placed_at) for one in story.bought_by(FORGOTTEN)]
    again = [_shopify("us", "orders/create", body, note="sent again after the erasure") for body in bodies]
    return [replace(one, delivery_id=f"{one.delivery_id}-late") for one in again]


def _shopify(store: str, topic: str, body: dict[str, Any], note: str = "") -> Delivery:
    data = _bytes(body)
    delivery_id = f"{store}-{topic.replace('/', '-')}-{hash_of(data)}"
    headers = {"X-Shopify-Topic": topic, "X-Shopify-API-Version": "2026-10"}
    return Delivery("shopify", store, topic, data, delivery_id, note=note, headers=headers)


def _own(body: dict[str, Any]) -> Delivery:
    return Delivery("own", "wholesale", body["type"], _bytes(body), body["id"])


def hash_of(data: bytes) -> str:
    """A short name for some bytes."""
    return sha256(data).hexdigest()[:12]


def _bytes(body: dict[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
