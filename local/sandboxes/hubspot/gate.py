"""What stands before every HubSpot endpoint: the dated version, the token, its scopes, the rate limits."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, Response, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from local.sandboxes.hubspot.errors import HubSpotError
from local.sandboxes.hubspot.limits import refusal
from local.sandboxes.hubspot.state import HubSpotState

VERSION = "2026-09"
TOKEN = "Bearer pat-local"
READS = ("/read", "/search")
SCOPES = (
    ("/crm/objects/{V}/contacts", "crm.objects.contacts"),
    ("/crm/objects/{V}/0-1/", "crm.objects.contacts"),
    ("/crm/objects/{V}/orders", "crm.objects.orders"),
    ("/crm/objects/{V}/deals", "crm.objects.deals"),
    ("/crm/objects/{V}/line_items", "crm.objects.line_items"),
    ("/crm/objects/{V}/companies", "crm.objects.companies"),
    ("/crm/objects/{V}/tickets", "tickets"),
    ("/crm/associations/{V}/contacts/deals", "crm.objects.deals"),
    ("/crm/associations/{V}/contacts/tickets", "tickets"),
    ("/crm/lists/{V}", "crm.lists"),
    ("/crm/properties/{V}/contacts", "crm.schemas.contacts"),
    ("/crm/properties/{V}/orders", "crm.schemas.orders"),
    ("/crm/properties/{V}/deals", "crm.schemas.deals"),
    ("/crm/properties/{V}/line_items", "crm.schemas.line_items"),
    ("/crm/owners/{V}", "crm.objects.owners"),
    ("/communication-preferences/{V}", "communication_preferences"),
    ("/settings/currencies/{V}", "settings.currencies"),
)
View = Callable[..., tuple[Any, int]]
Route = tuple[str, str, View]


def mount(app: Flask, state: HubSpotState, routes: Sequence[Route]) -> None:
    """Add routes to the app. ``{V}`` in a path is the one version; any other path answers 404."""
    for method, path, view in routes:
        rule = path.replace("{V}", VERSION)
        app.add_url_rule(rule, f"{method} {rule}", _guarded(state, view), methods=[method])
    app.register_error_handler(HTTPException, _unknown)
    app.register_error_handler(HubSpotError, lambda error: make_response(jsonify(error.body()), error.status))


def _guarded(state: HubSpotState, view: View) -> Callable[..., Response]:
    def answer(**parts: str) -> Response:
        search = request.path.endswith("/search")
        response = _refused(state, search=search) or _answered(view, parts)
        if not search:
            response.headers.update(state.limits.headers(state.settings))
        response.headers["X-HubSpot-Correlation-Id"] = str(uuid.uuid4())
        return response

    return answer


def _answered(view: View, parts: dict[str, str]) -> Response:
    try:
        content, status = view(**parts)
    except HubSpotError as error:
        content, status = error.body(), error.status
    return make_response("" if content is None else jsonify(content), status)


def _refused(state: HubSpotState, *, search: bool) -> Response | None:
    if request.headers.get("Authorization") != TOKEN:
        error = HubSpotError(401, "INVALID_AUTHENTICATION", "Authentication credentials not found or not valid.")
        return make_response(jsonify(error.body()), error.status)
    scope = _scope()
    if scope in state.settings.missing_scopes:
        return make_response(jsonify(missing_scope(scope).body()), 403)
    policy = state.limits.take(state.settings, search=search) if state.settings.rate_limits else None
    return make_response(jsonify(refusal(policy)), 429) if policy else None


def missing_scope(scope: str) -> HubSpotError:
    """The token lacks a scope, or the plan does not have what it opens."""
    needed = {
        "message": "One or more of the following scopes are required.",
        "context": {"requiredGranularScopes": [scope]},
    }
    return HubSpotError(403, "MISSING_SCOPES", "This app hasn't been granted all required scopes.", [needed])


def _scope() -> str:
    """The scope that the current request needs."""
    reads = request.method == "GET" or request.path.endswith(READS)
    for prefix, scope in SCOPES:
        if f"{request.path}/".startswith(prefix.replace("{V}", VERSION)):
            return f"{scope}.{'read' if reads else 'write'}"
    return ""


def _unknown(error: HTTPException) -> Response:
    """Paths and methods that do not exist, other versions among them."""
    status = error.code or 500
    problem = HubSpotError(status, "OBJECT_NOT_FOUND" if status == 404 else "VALIDATION_ERROR", "resource not found")  # noqa: PLR2004 # the status
    return make_response(jsonify(problem.body()), status)
