"""What stands before every endpoint of a store: its token, its quota, the paths that there are."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, Response, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from local.sandboxes.bigcommerce.errors import BigCommerceError
from local.sandboxes.bigcommerce.state import STORE_HASH, BigCommerceState

TOKEN = "bc_local"
View = Callable[..., tuple[Any, int]]
Route = tuple[str, str, View]


def mount(app: Flask, state: BigCommerceState, routes: Sequence[Route]) -> None:
    """Add routes under ``/stores/sandbox``. Every other path answers 404."""
    for method, path, view in routes:
        rule = f"/stores/{STORE_HASH}{path}"
        app.add_url_rule(rule, f"{method} {rule}", _guarded(state, view), methods=[method])
    app.register_error_handler(HTTPException, _unknown)


def _guarded(state: BigCommerceState, view: View) -> Callable[..., Response]:
    def answer(**parts: str) -> Response:
        try:
            _require(state)
            content, status = view(**parts)
        except BigCommerceError as error:
            content, status = error.body(_version()), error.status
        response = make_response("" if content is None else jsonify(content), status)
        response.headers.update(_quota(state))
        return response

    return answer


def _require(state: BigCommerceState) -> None:
    if request.headers.get("X-Auth-Token") != TOKEN:
        raise BigCommerceError(401, "Unauthorized")
    if "application/json" not in request.headers.get("Accept", ""):
        raise BigCommerceError(406, "Accept: application/json")
    if not state.settings.rate_limits:
        return
    calls, now = state.calls, state.clock.now()
    calls.most, calls.seconds = state.settings.quota, state.settings.window
    if calls.wait(now):
        raise BigCommerceError(429, "Too many requests")
    calls.take(now)


def _quota(state: BigCommerceState) -> dict[str, str]:
    """What every answer says of the store's quota; no ``Retry-After`` is among it."""
    now = state.clock.now()
    left = state.calls.remaining(now)
    wait = state.calls.wait(now) if left <= 0 else state.settings.window
    return {
        "X-Rate-Limit-Requests-Left": str(max(0, left)),
        "X-Rate-Limit-Requests-Quota": str(state.settings.quota),
        "X-Rate-Limit-Time-Window-Ms": str(int(state.settings.window * 1000)),
        "X-Rate-Limit-Time-Reset-Ms": str(math.ceil(wait * 1000)),
    }


def _version() -> str:
    return request.path.split("/")[3]


def _unknown(error: HTTPException) -> Response:
    """Paths and methods that do not exist."""
    status = error.code or 500
    problem = BigCommerceError(status, "The requested resource was not found.")
    return make_response(jsonify(problem.body("v3")), status)
