"""The GraphQL Admin API: documents are parsed, validated against the schema and executed; refusals come with 200."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, make_response, request
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)

from local.sandboxes.shopify.budget import DEAREST, Price
from local.sandboxes.shopify.customers import iso, moment
from local.sandboxes.shopify.resolving import Resolving
from local.sandboxes.shopify.state import ShopifyState

UNKNOWN_FIELD = "Cannot query field"
READ_BY = {"ordersCount": "read_orders"}
"""Scopes of fields that are not about customers."""
Guard = Callable[[str], Response | None]


def mount_graphql(app: Flask, state: ShopifyState, guard: Guard) -> None:
    """Add the one route; ``guard`` checks token and version."""
    api = GraphQlApi(state)

    def answer(version: str) -> Response:
        return guard(version) or make_response(jsonify(api.answer(request.get_json(silent=True))), 200)

    app.add_url_rule("/admin/api/<version>/graphql.json", "graphql", answer, methods=["POST"])


class GraphQlApi:
    """Answers documents."""

    def __init__(self, state: ShopifyState) -> None:
        self._state = state
        self._schema = _schema()
        self._resolving = Resolving(state)

    def answer(self, body: Any) -> dict[str, Any]:
        """The whole answer to one request's body."""
        if not isinstance(body, dict) or not isinstance(body.get("query"), str):
            return _refused("BAD_REQUEST", "Required parameter missing or invalid: query")
        variables = body.get("variables") or {}
        try:
            document = parse(body["query"])
        except GraphQLError as error:
            return _refused("parseError", error.message)
        problems = validate(self._schema, document)
        if problems:
            return {"errors": [_shown(problem) for problem in problems]}
        return self._scoped(document) or self._paid(document, variables)

    def _scoped(self, document: DocumentNode) -> dict[str, Any] | None:
        operation = get_operation_ast(document)
        if operation is None:
            return _refused("BAD_REQUEST", "Exactly one operation is needed")
        fields = {one.name.value for one in operation.selection_set.selections if isinstance(one, FieldNode)}
        people = "write_customers" if operation.operation.value == "mutation" else "read_customers"
        asked = (field for field in fields if not field.startswith("webhookSubscription"))
        scopes = {READ_BY.get(field, people) for field in asked}
        if "subscriptionContract" in fields:
            scopes.add("read_own_subscription_contracts")
        if missing := sorted(scopes & set(self._state.settings.missing_scopes)):
            return _refused("ACCESS_DENIED", f"Access denied. Required access: `{missing[0]}` access scope.")
        return None

    def _paid(self, document: DocumentNode, variables: dict[str, Any]) -> dict[str, Any]:
        budget, points = self._state.budget, Price(self._schema, document, variables).points()
        if points > DEAREST:
            return _refused("MAX_COST_EXCEEDED", f"Query cost is {points}, which exceeds the max cost {DEAREST}")
        if not budget.take(points):
            return {**_refused("THROTTLED", "Throttled"), "extensions": budget.told(points, None)}
        result = execute_sync(self._schema, document, self._resolving.root(), variable_values=variables)
        answer: dict[str, Any] = {"data": result.data} if result.data is not None else {}
        if result.errors:
            answer["errors"] = [_shown(error) for error in result.errors]
        return {**answer, "extensions": budget.told(points, points)}


def _schema() -> GraphQLSchema:
    schema = build_schema((Path(__file__).parent / "schema.graphql").read_text())
    times = schema.type_map["DateTime"]
    assert isinstance(times, GraphQLScalarType)  # noqa: S101 # the schema says so
    times.parse_value = _time  # type: ignore[method-assign] # how the library lets a scalar be completed
    times.serialize = iso  # type: ignore[method-assign]
    return schema


def _time(value: Any) -> Any:
    try:
        return moment(value)
    except ValueError as error:
        raise GraphQLError(f"{value!r} is not a DateTime") from error


def _refused(code: str, message: str) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code}}]}


def _shown(error: GraphQLError) -> dict[str, Any]:
    shown = dict(error.formatted)
    code = "undefinedField" if error.message.startswith(UNKNOWN_FIELD) else "INVALID_VARIABLE"
    return {**shown, "extensions": {"code": code, **(error.extensions or {})}}
