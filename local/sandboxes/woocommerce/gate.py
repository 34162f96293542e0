"""What stands before every endpoint of the shop: its key, the paths that there are, the parameters that they know."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Flask, Response, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from local.sandboxes.woocommerce.errors import WooCommerceError, invalid, not_allowed
from local.sandboxes.woocommerce.state import WooCommerceState

API = "/wp-json/wc/v3"
KEY, SECRET = "ck_local", "cs_local"
MOST_ROWS, ROWS = 100, 10
PAGING = frozenset({"page", "per_page", "offset", "order", "orderby"})
View = Callable[..., tuple[Any, Mapping[str, str]]]
Route = tuple[str, str, View]


def mount(app: Flask, state: WooCommerceState, routes: Sequence[Route]) -> None:
    """Add routes below the API's path. Every other path answers 404."""
    for method, path, view in routes:
        rule = f"{API}{path}"
        app.add_url_rule(rule, f"{method} {rule}", _guarded(state, view), methods=[method])
    app.register_error_handler(HTTPException, _unknown)


def paged(rows: Sequence[Any], orderings: frozenset[str]) -> tuple[list[Any], dict[str, str]]:
    """The page that was asked for, and the headers by which its end is known. An offset wins over a page's number."""
    page, size = _number("page", 1, 10**6), _number("per_page", ROWS, MOST_ROWS)
    ordering, direction = request.args.get("orderby", "date"), request.args.get("order", "desc")
    if ordering not in orderings:
        raise invalid(orderby=f"orderby is not one of {', '.join(sorted(orderings))}.")
    if direction not in {"asc", "desc"}:
        raise invalid(order="order is not one of asc and desc.")
    name = "id" if ordering == "id" else "date_created_gmt"
    ordered = sorted(rows, key=lambda row: (row.get(name) or "", row["id"]), reverse=direction == "desc")
    pages = -(-len(rows) // size)
    headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}
    begin = _number("offset", (page - 1) * size, 10**8, least=0)
    return ordered[begin : begin + size], headers


def require_known(known: frozenset[str]) -> None:
    """The real API ignores what it does not know; here a misspelt parameter is caught."""
    if unknown := set(request.args) - known:
        raise invalid(**dict.fromkeys(sorted(unknown), "is no parameter of this endpoint."))


def _guarded(state: WooCommerceState, view: View) -> Callable[..., Response]:
    def answer(**parts: str) -> Response:
        try:
            _require_key(state)
            content, headers = view(**parts)
        except WooCommerceError as error:
            return make_response(jsonify(error.body()), error.status)
        response = make_response(jsonify(content), 201 if request.method == "POST" else 200)
        response.headers.update(headers)
        return response

    return answer


def _require_key(state: WooCommerceState) -> None:
    scheme, _, proof = request.headers.get("Authorization", "").partition(" ")
    try:
        given = base64.b64decode(proof, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        given = ""
    if scheme != "Basic" or given != f"{KEY}:{SECRET}":
        raise not_allowed()
    if request.method != "GET" and not state.settings.may_write:
        raise WooCommerceError(401, "woocommerce_rest_cannot_edit", "Sorry, you are not allowed to edit this resource.")


def _number(name: str, default: int, most: int, least: int = 1) -> int:
    said = request.args.get(name, str(default))
    if not (said.isascii() and said.isdecimal() and least <= int(said) <= most):
        raise invalid(**{name: f"{name} must be between {least} and {most}."})
    return int(said)


def _unknown(error: HTTPException) -> Response:
    """Paths and methods that do not exist."""
    status = error.code or 500
    problem = WooCommerceError(status, "rest_no_route", "No route was found matching the URL and request method.")
    return make_response(jsonify(problem.body()), status)
