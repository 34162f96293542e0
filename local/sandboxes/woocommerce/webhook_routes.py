"""The API of webhooks: all of them, a new one, and one that is changed.

As class-wc-rest-webhooks-v1-controller.php has it: a new one is on, whatever status is asked for, and pinged; without a
secret it gets one that nobody knows. Topics of subscriptions are known where the Subscriptions extension is.
"""

import re
from functools import partial
from typing import Any

from flask import request

from local.sandboxes.woocommerce.errors import WooCommerceError, invalid, no_such
from local.sandboxes.woocommerce.gate import PAGING, Route, paged, require_known
from local.sandboxes.woocommerce.state import WooCommerceState

Answered = tuple[Any, dict[str, str]]
STATUSES = frozenset({"active", "paused", "disabled"})
ORDERINGS = frozenset({"date", "id", "title"})
FIELDS = frozenset({"name", "status", "topic", "delivery_url", "secret"})
TOPIC = re.compile(r"(coupon|customer|order|product)\.(created|updated|deleted|restored)|action\.\w+")
OF_THE_EXTENSION = re.compile(r"subscription\.(created|updated|deleted|switched)")


def webhook_routes(state: WooCommerceState) -> list[Route]:
    """Every operation that is asked for."""
    return [
        ("GET", "/webhooks", partial(_listed, state)),
        ("POST", "/webhooks", partial(_created, state)),
        ("PUT", "/webhooks/<int:hook_id>", partial(_changed, state)),
        ("GET", "/subscriptions", partial(_subscriptions, state)),
    ]


def _listed(state: WooCommerceState) -> Answered:
    require_known(PAGING | {"status"})
    wanted = request.args.get("status", "all")
    rows = [hook.shown() for hook in state.hooks.values() if wanted in {"all", hook.status}]
    return paged(rows, ORDERINGS)


def _created(state: WooCommerceState) -> Answered:
    given = _body()
    if not _is_topic(state, str(given.get("topic") or "")):
        raise _wrong("topic", "Webhook topic is required and must be valid.")
    if not re.match(r"https?://", str(given.get("delivery_url") or "")):
        raise _wrong("delivery_url", "Webhook delivery URL must be a valid URL starting with http:// or https://.")
    return state.add_hook(given).shown(), {}


def _changed(state: WooCommerceState, hook_id: int) -> Answered:
    hook = state.hooks.get(hook_id)
    if hook is None:
        raise no_such("shop_webhook")
    given = _body()
    if given.get("status", "active") not in STATUSES:
        raise _wrong("status", "Webhook status must be valid.")
    if "topic" in given and not _is_topic(state, str(given["topic"])):
        raise _wrong("topic", "Webhook topic must be valid.")
    for name in {"topic", "delivery_url", "secret", "name"} & given.keys():
        setattr(hook, name, given[name])
    if "status" in given:
        state.set_status(hook, given["status"])
    return hook.shown(), {}


def _subscriptions(state: WooCommerceState) -> Answered:
    if not state.settings.has_subscriptions:
        raise WooCommerceError(404, "rest_no_route", "No route was found matching the URL and request method.")
    require_known(PAGING)
    return [], {"X-WP-Total": "0", "X-WP-TotalPages": "0"}


def _body() -> dict[str, Any]:
    """What was sent. The real API ignores fields that it does not know; here a misspelt one is caught."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict) or set(given) - FIELDS:
        raise invalid(body=f"an object of {', '.join(sorted(FIELDS))}.")
    return given


def _is_topic(state: WooCommerceState, topic: str) -> bool:
    known = TOPIC.fullmatch(topic.lower())
    return bool(known or (state.settings.has_subscriptions and OF_THE_EXTENSION.fullmatch(topic.lower())))


def _wrong(field: str, message: str) -> WooCommerceError:
    return WooCommerceError(400, f"woocommerce_rest_shop_webhook_invalid_{field}", message)
