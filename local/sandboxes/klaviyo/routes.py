"""What an endpoint is, and the gate every request passes: key, revision, rate limit, media type."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue

from local.sandboxes.klaviyo.errors import ApiError, error_response
from local.sandboxes.klaviyo.rates import Tier
from local.sandboxes.klaviyo.state import KlaviyoState

API_KEY = "pk_local"
REVISION = "2026-10-15"
MEDIA_TYPES = frozenset({"application/vnd.api+json", "application/json"})


@dataclass(frozen=True)
class Route:
    """An operation: its method and path, what answers it, its rate tier."""

    method: str
    path: str
    act: Callable[..., ResponseReturnValue]
    tier: Tier


class Gate:
    """Puts the routes on the app, behind Klaviyo's checks."""

    def __init__(self, app: Flask, state: KlaviyoState, routes: list[Route]) -> None:
        self._state = state
        self._tiers = {f"{route.method} {route.path}": route.tier for route in routes}
        for route in routes:
            app.add_url_rule(
                route.path, f"{route.method} {route.path}", route.act, methods=[route.method], strict_slashes=False
            )
        app.before_request(self._check)
        app.after_request(self._add_rate_headers)
        app.register_error_handler(ApiError, error_response)
        app.register_error_handler(404, _no_such_path)
        app.register_error_handler(405, _no_such_method)

    def _check(self) -> Response | None:
        if request.path.startswith("/_sandbox/"):
            return None
        self._state.settle()
        _check_key()
        _check_revision()
        throttled = self._throttled()
        if throttled is None:
            _check_media_type()
        return throttled

    def _throttled(self) -> Response | None:
        endpoint = request.endpoint
        if endpoint not in self._tiers or not self._state.settings.rate_limits:
            return None
        now = self._state.clock.now()
        wait = self._state.rates.wait(endpoint, self._tiers[endpoint], now)
        if wait == 0:
            g.rate_headers = self._state.rates.headers(endpoint, now)
            return None
        detail = f"Request was throttled. Expected available in {wait} seconds."
        response = error_response(ApiError(429, "throttled", "Request was throttled.", detail))
        response.headers["Retry-After"] = str(wait)
        return response

    def _add_rate_headers(self, response: Response) -> Response:
        response.headers.update(g.get("rate_headers", {}))
        if response.mimetype == "application/json" and not request.path.startswith("/_sandbox/"):
            response.mimetype = "application/vnd.api+json"
        return response


def _check_key() -> None:
    authorization = request.headers.get("Authorization")
    if authorization is None:
        detail = "Missing or invalid authorization scheme. Expected Klaviyo-API-Key."
        raise ApiError(401, "not_authenticated", "Authentication credentials were not provided.", detail)
    if authorization != f"Klaviyo-API-Key {API_KEY}":
        detail = "The API key specified is invalid."
        raise ApiError(401, "authentication_failed", "Incorrect authentication credentials.", detail)


def _check_revision() -> None:
    given = request.headers.get("revision")
    if given != REVISION:
        detail = "The revision header is required." if given is None else f"'{given}' is not a valid revision."
        raise ApiError(400, "invalid", "Invalid input.", detail, source={"header": "revision"})


def _check_media_type() -> None:
    if request.method in {"POST", "PATCH", "DELETE"} and request.mimetype not in MEDIA_TYPES:
        detail = f"Unsupported media type '{request.mimetype}' in request."
        raise ApiError(415, "unsupported_media_type", "Unsupported media type.", detail)


def _no_such_path(_error: Exception) -> Response:
    detail = f"The path {request.path} could not be found."
    return error_response(ApiError(404, "not_found", "Not found.", detail))


def _no_such_method(_error: Exception) -> Response:
    detail = f'Method "{request.method}" not allowed.'
    return error_response(ApiError(405, "method_not_allowed", "Method not allowed.", detail))
