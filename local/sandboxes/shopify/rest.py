"""The REST Admin API: ``orders.json`` hides closed orders unless asked, and pages by ``since_id``."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, Response, jsonify, make_response, request

from local.sandboxes.shopify.state import BUCKET, ShopifyState

TOKEN = "shpat_local"
VERSIONS = frozenset({"2026-01", "2026-04", "2026-07", "2026-10"})
PAGE, LARGEST_PAGE = 50, 250
FILTERS = frozenset({"status", "updated_at_min", "since_id", "limit"})
SCOPES = (
    *("read_customers", "read_customer_merge", "read_fulfillments", "read_orders", "read_all_orders"),
    *("read_own_subscription_contracts", "write_customers"),
)


def mount_rest(app: Flask, state: ShopifyState) -> None:
    """Add the routes. An unknown version is a 404 here, so that a hard-coded one is caught."""
    views: dict[str, Callable[..., tuple[Any, int]]] = {
        "orders.json": lambda: _orders(state),
        "orders/<order_id>.json": lambda order_id: _order(state, order_id),
        "shop.json": lambda: ({"shop": {"id": 1, "currency": "EUR", "iana_timezone": "Europe/Berlin"}}, 200),
    }
    for path, view in views.items():
        app.add_url_rule(f"/admin/api/<version>/{path}", path, _guarded(state, view), methods=["GET"])
    scopes = _unversioned(state, lambda: _scopes(state))
    app.add_url_rule("/admin/oauth/access_scopes.json", "access_scopes", scopes, methods=["GET"])
    app.register_error_handler(404, lambda _error: _answer("Not Found", 404))


def _guarded(state: ShopifyState, view: Callable[..., tuple[Any, int]]) -> Callable[..., Response]:
    def answer(version: str, **parts: str) -> Response:
        return refused(version) or _limited(state) or _counted(state, *view(**parts))

    return answer


def _unversioned(state: ShopifyState, view: Callable[[], tuple[Any, int]]) -> Callable[[], Response]:
    def answer() -> Response:
        return refused(next(iter(VERSIONS))) or _limited(state) or _counted(state, *view())

    return answer


def _scopes(state: ShopifyState) -> tuple[Any, int]:
    granted = [one for one in SCOPES if one not in state.settings.missing_scopes]
    return {"access_scopes": [{"handle": one} for one in granted]}, 200


def refused(version: str) -> Response | None:
    """What stands before every endpoint: the token and the dated version."""
    if request.headers.get("X-Shopify-Access-Token") != TOKEN:
        return _answer("[API] Invalid API key or access token (unrecognized login or wrong password)", 401)
    return None if version in VERSIONS else _answer("Not Found", 404)


def _limited(state: ShopifyState) -> Response | None:
    """A full bucket answers 429 and says when the next call fits."""
    now = state.clock.now()
    wait = state.bucket.wait(now) if state.rate_limits else 0.0
    if wait:
        response = _answer("Exceeded 2 calls per second for api client. Reduce request rates to resume.", 429)
        response.headers["Retry-After"] = f"{wait:.1f}"
        return response
    state.bucket.take(now)
    return None


def _counted(state: ShopifyState, content: Any, status: int) -> Response:
    response = make_response(jsonify(content), status)
    used = BUCKET - state.bucket.remaining(state.clock.now())
    response.headers["X-Shopify-Shop-Api-Call-Limit"] = f"{used}/{BUCKET}"
    return response


def _answer(errors: str, status: int) -> Response:
    return make_response(jsonify({"errors": errors}), status)


def _order(state: ShopifyState, order_id: str) -> tuple[Any, int]:
    order = state.orders.get(order_id)
    return ({"order": order}, 200) if order else ({"errors": "Not Found"}, 404)


def _orders(state: ShopifyState) -> tuple[Any, int]:
    if "read_orders" in state.settings.missing_scopes:
        return {"errors": "[API] This action requires merchant approval for read_orders scope."}, 403
    if unknown := set(request.args) - FILTERS:
        return {"errors": f"unknown parameters: {', '.join(sorted(unknown))}"}, 400
    try:
        size = int(request.args.get("limit", PAGE))
        after = int(request.args.get("since_id", 0))
        since = request.args.get("updated_at_min")
        moment = datetime.fromisoformat(since) if since else None
    except ValueError as error:
        return {"errors": str(error)}, 400
    if not 1 <= size <= LARGEST_PAGE or (moment and moment.tzinfo is None):
        return {"errors": "limit must be 1 to 250, and times need a zone"}, 400
    closed = request.args.get("status", "open") == "any"
    return {"orders": state.changed_since(moment, after, closed=closed)[:size]}, 200
