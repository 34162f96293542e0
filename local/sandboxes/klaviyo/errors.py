"""Klaviyo's refusals: a JSON:API ``errors`` list (developers.klaviyo.com, "Rate limits and error handling")."""

import uuid
from typing import Any, NoReturn

from flask import Response, jsonify


class ApiError(Exception):
    """A refusal with its HTTP status, Klaviyo's code, and where in the request the fault lies."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str,
        *,
        source: dict[str, str] | None = None,
        meta: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.title, self.detail = status, code, title, detail
        self.source, self.meta = source or {"pointer": "/data"}, meta or {}

    def as_json(self) -> dict[str, Any]:
        """The one member of ``errors``."""
        return {
            "id": str(uuid.uuid4()),
            "status": self.status,
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
            "source": self.source,
            "links": {},
            "meta": self.meta,
        }


def invalid(detail: str, pointer: str = "/data") -> NoReturn:
    """Refuse the request's body: 400 ``invalid`` with a pointer."""
    raise ApiError(400, "invalid", "Invalid input.", detail, source={"pointer": pointer})


def invalid_parameter(detail: str, parameter: str) -> NoReturn:
    """Refuse a query parameter: 400 ``invalid`` with the parameter's name."""
    raise ApiError(400, "invalid", "Invalid input.", detail, source={"parameter": parameter})


def not_found(kind: str, identifier: str) -> ApiError:
    """The 404 of an id that names nothing."""
    return ApiError(404, "not_found", "Not found.", f"A {kind} with id {identifier} does not exist.")


def error_response(error: ApiError) -> Response:
    """The refusal as a response."""
    response = jsonify({"errors": [error.as_json()]})
    response.status_code = error.status
    return response
