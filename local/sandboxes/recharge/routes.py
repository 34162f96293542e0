"""The API: one record by its id and lists of subscriptions, behind a token, a version and a quota."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from local.sandboxes.recharge.listing import page_of
from local.sandboxes.recharge.state import KINDS, RechargeState

TOKEN = "sk_local"
VERSIONS = frozenset({"2021-01", "2021-11"})
SCOPES = {"customer": "read_customers", "subscription": "read_subscriptions"}


def mount(app: Flask, state: RechargeState) -> None:
    """Add the routes. Every other path answers 404."""
    for kind in KINDS:
        app.add_url_rule(f"/{kind}s/<int:record_id>", kind, _guarded(state, kind), methods=["GET"])
    app.add_url_rule("/subscriptions", "subscriptions", _listed(state), methods=["GET"])
    app.register_error_handler(HTTPException, lambda error: answer("Not Found", error.code or 500))


def _guarded(state: RechargeState, kind: str) -> Callable[..., Response]:
    def one(record_id: int) -> Response:
        return refused(state, kind) or _shown(state.records[kind].get(record_id), kind)

    return one


def _listed(state: RechargeState) -> Callable[..., Response]:
    def rows_of() -> Response:
        if refusal := refused(state, "subscription"):
            return refusal
        try:
            rows, following = page_of(list(state.records["subscription"].values()), request.args)
        except ValueError as problem:
            return answer(str(problem), 422)
        is_older = request.headers["X-Recharge-Version"] == "2021-01"
        cursors = {} if is_older else {"next_cursor": following, "previous_cursor": None}
        return make_response(jsonify({**cursors, "subscriptions": rows}), 200)

    return rows_of


def _shown(record: dict[str, Any] | None, kind: str) -> Response:
    return answer("Not Found", 404) if record is None else make_response(jsonify({kind: record}), 200)


def refused(state: RechargeState, kind: str) -> Response | None:
    """What stands before every endpoint; ``kind`` is what a scope is needed of, nothing where none is.

    A version that is not said is refused here, so that a client that leaves it to the account is caught.
    """
    if request.headers.get("X-Recharge-Access-Token") != TOKEN:
        return answer("bad authentication", 401)
    if request.headers.get("X-Recharge-Version") not in VERSIONS:
        return answer("unknown version", 400)
    if SCOPES.get(kind) in state.settings.missing_scopes:
        return answer(f"missing scope {SCOPES[kind]}", 403)
    calls, now = state.calls, state.clock.now()
    calls.most, calls.seconds = state.settings.quota, state.settings.window
    if state.settings.rate_limits and calls.wait(now):
        return answer("A call limit has been reached, please request again later", 429)
    calls.take(now)
    return None


def answer(error: str, status: int) -> Response:
    """An error, as Recharge writes them."""
    return make_response(jsonify({"error": error}), status)
