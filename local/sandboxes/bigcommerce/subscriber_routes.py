"""The V3 API of the newsletter's list. Deleting it by a filter that names nothing deletes all of it, as documented."""

import math
from typing import Any

from flask import request

from local.sandboxes.bigcommerce.errors import BigCommerceError, invalid, not_found
from local.sandboxes.bigcommerce.gate import Route
from local.sandboxes.bigcommerce.state import BigCommerceState
from local.sandboxes.bigcommerce.subscribers import Row, problems

LIST = "/v3/customers/subscribers"
PAGE, LARGEST_PAGE = 50, 250
FILTERS = ("email", "first_name", "last_name", "source", "order_id")


def subscriber_routes(state: BigCommerceState) -> list[Route]:
    """Every operation of the list."""
    routes = SubscriberRoutes(state)
    return [
        ("GET", LIST, routes.listed),
        ("POST", LIST, routes.created),
        ("DELETE", LIST, routes.cleared),
        ("GET", f"{LIST}/<int:row_id>", routes.shown),
        ("PUT", f"{LIST}/<int:row_id>", routes.changed),
        ("DELETE", f"{LIST}/<int:row_id>", routes.removed),
    ]


class SubscriberRoutes:
    """The operations."""

    def __init__(self, state: BigCommerceState) -> None:
        self._state = state

    def listed(self) -> tuple[Any, int]:
        """A page of the rows that the filters let through, by id."""
        if unknown := set(request.args) - {*FILTERS, "page", "limit"}:
            raise invalid(**dict.fromkeys(sorted(unknown), "is not a filter"))
        page, limit = _number("page", 1, 1_000_000), _number("limit", PAGE, LARGEST_PAGE)
        rows = self._matching()
        part = rows[(page - 1) * limit : page * limit]
        pagination = {
            "total": len(rows),
            "count": len(part),
            "per_page": limit,
            "current_page": page,
            "total_pages": math.ceil(len(rows) / limit),
        }
        return {"data": [self._as_shown(row) for row in part], "meta": {"pagination": pagination}}, 200

    def created(self) -> tuple[Any, int]:
        """A new row; 409 where the address has one."""
        given = _body()
        if wrong := problems(given, is_new=True):
            raise invalid(**wrong)
        if self._state.find(given["email"]):
            raise BigCommerceError(409, "Subscriber already exists", {"email": "is on the list already"})
        return {"data": self._as_shown(self._state.add(given)), "meta": {}}, 200

    def cleared(self) -> tuple[Any, int]:
        """Every row that the known filters let through: all of them where none is given."""
        for row in self._matching():
            self._state.remove(row.row_id)
        return None, 204

    def shown(self, row_id: int) -> tuple[Any, int]:
        """One row."""
        return {"data": self._as_shown(self._row(row_id)), "meta": {}}, 200

    def changed(self, row_id: int) -> tuple[Any, int]:
        """A row with what is given changed."""
        row, given = self._row(row_id), _body()
        if wrong := problems(given, is_new=False):
            raise invalid(**wrong)
        return {"data": self._as_shown(self._state.change(row, given)), "meta": {}}, 200

    def removed(self, row_id: int) -> tuple[Any, int]:
        """Gone; 404 where it was gone already."""
        self._state.remove(self._row(row_id).row_id)
        return None, 204

    def _row(self, row_id: int) -> Row:
        row = self._state.rows.get(row_id)
        if row is None:
            raise not_found()
        return row

    def _matching(self) -> list[Row]:
        wanted = {name: request.args[name].lower() for name in FILTERS if name in request.args}
        rows = self._state.rows.values()
        return [row for row in rows if all(str(getattr(row, name)).lower() == said for name, said in wanted.items())]

    def _as_shown(self, row: Row) -> dict[str, Any]:
        return row.shown(knows_consents=self._state.settings.knows_consents)


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isdecimal() and 1 <= int(text) <= most):
        raise invalid(**{name: f"is a number from 1 to {most}"})
    return int(text)


def _body() -> dict[str, Any]:
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise invalid(body="is an object")
    return given
