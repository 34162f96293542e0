"""Later that day: the shops on other platforms, Recharge, a shop's own pages, and owners of advanced properties."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import requests

from local.property_samples import observed_rows
from local.sample_day import other_bodies as bodies
from local.sample_day.deliveries import Delivery
from local.sample_day.people import invent
from local.sample_day.playing import PATIENCE, Answered, post
from local.stack import Stack, get_json, post_json
from local.web_samples import ORIGINS, web_bodies

VISITOR: Final = invent(5, "US")
"""Bought in the morning, looks at mugs in the evening; of whom the warehouse and the help desk know more."""
ACCEPTED: Final = 200


@dataclass(frozen=True)
class Elsewhere:
    """When it was, what the doors answered, and what the vendors and the operator's status hold then."""

    at: datetime
    answers: Sequence[Answered]
    visit: Sequence[int]
    klaviyo: Mapping[str, Any]
    hubspot: Mapping[str, Any]
    status: Mapping[str, Any]


def play_elsewhere(
    stack: Stack, say: Callable[[str], None], settle: Callable[[], None], status: Callable[[], Mapping[str, Any]]
) -> Elsewhere:
    """Play it and wait until nothing moves."""
    now = datetime.now(UTC)
    say("later that day BigCommerce, WooCommerce and Recharge send their own webhooks; somebody visits a shop's pages")
    _connect(stack)
    _sell(stack, now)
    settle()
    _give_back(stack, now)
    visit = _visit(stack, now)
    say("the warehouse and the help desk tell what they know of a buyer")
    answers = _observe(stack, now)
    settle()
    klaviyo, hubspot = (get_json(f"{stack['sandboxes'][name]}/_sandbox/state") for name in ("klaviyo", "hubspot"))
    return Elsewhere(now, answers, visit, klaviyo, hubspot, status())


def _connect(stack: Stack) -> None:
    """Recharge was connected when the stack came up."""
    for source, store in (("bigcommerce", "outlet"), ("woocommerce", "uk")):
        url, secret = f"{stack['intake_url']}/webhooks/{source}/{store}", stack["secrets"][source][store][0]
        if source == "bigcommerce":
            _act(stack, source, {"webhook_url": url, "webhook_secret": secret})
            continue
        hooks = [
            {"id": number, "topic": topic, "delivery_url": url}
            for number, topic in enumerate(("order.created", "order.updated"), start=1)
        ]
        _act(stack, source, {"webhook_secret": secret})
        _act(stack, source, {"webhooks": hooks})


def _sell(stack: Stack, now: datetime) -> None:
    """A checkout that becomes an order, an order, a subscription."""
    _act(stack, "bigcommerce", {"put_products": [bodies.outlet_line()]})
    _act(stack, "bigcommerce", {"put_orders": [bodies.outlet_order(now)]})
    _act(stack, "woocommerce", {"put_orders": [bodies.uk_order(now)]})
    _act(stack, "recharge", {"put_customers": [bodies.subscriber(now)]})
    _act(stack, "recharge", {"put_subscriptions": [bodies.subscription(now)]})


def _give_back(stack: Stack, now: datetime) -> None:
    _act(stack, "bigcommerce", {"put_refunds": [bodies.outlet_refund(now)]})
    _act(stack, "woocommerce", {"refund": [{"order_id": bodies.MUGS, "refund": bodies.uk_refund(now)}]})


def _visit(stack: Stack, now: datetime) -> list[int]:
    """What the pixel sends, and the same by somebody whose token is a guess; returns the answers."""
    store, events = web_bodies(VISITOR, now)["web_pixel_visit"]
    headers = {"Origin": ORIGINS[store], "Content-Type": "text/plain;charset=UTF-8"}
    url = f"{stack['intake_url']}/web/{store}"
    return [
        requests.post(
            url, data=json.dumps(events), params={"token": token}, headers=headers, timeout=PATIENCE
        ).status_code
        for token in (stack["secrets"]["web"][store][0], "a-token-that-is-none")
    ]


def _observe(stack: Stack, now: datetime) -> list[Answered]:
    """Rows of two owners; one of them is wrong, and set aside by itself."""
    return [
        post(stack, Delivery("properties", owner, "", json.dumps(rows).encode(), f"{owner}-rows", note="rows"))
        for owner, rows in observed_rows(VISITOR, now).items()
    ]


def _act(stack: Stack, vendor: str, acts: Mapping[str, Any]) -> None:
    post_json(f"{stack['sandboxes'][vendor]}/_sandbox/settings", acts)
