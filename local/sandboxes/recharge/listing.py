"""Pages of a list: by the time of change, and then by a cursor that holds all that was asked for."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

MOST_ROWS, ROWS = 250, 50
BY_CHANGE = "updated_at-asc"
ASKED = frozenset({"updated_at_min", "sort_by", "limit"})
Row = dict[str, Any]
Place = tuple[str, int]


def page_of(rows: Sequence[Row], asked: Mapping[str, str]) -> tuple[list[Row], str | None]:
    """The rows that were asked for, and the cursor of the next page.

    The real API ignores what it does not know; here a misspelt parameter is caught, and so is one beside a cursor.

    :raises ValueError: it is not asked as Recharge documents it.
    """
    known = {"cursor", "limit"} if "cursor" in asked else ASKED
    if unknown := set(asked) - known:
        raise ValueError(f"{', '.join(sorted(unknown))} cannot be said here")
    size = _number(asked.get("limit", str(ROWS)))
    since, after = _place(asked["cursor"]) if "cursor" in asked else (_since(asked), ("", 0))
    left = sorted((row for row in rows if _changed(row) >= since and _key(row) > after), key=_key)
    page = left[:size]
    return page, _cursor(since, _key(page[-1])) if len(left) > size else None


def _since(asked: Mapping[str, str]) -> datetime:
    if asked.get("sort_by") != BY_CHANGE:
        raise ValueError(f"only {BY_CHANGE} is asked for here")
    return _moment(asked.get("updated_at_min", ""))


def _number(said: str) -> int:
    if not (said.isascii() and said.isdecimal() and 1 <= int(said) <= MOST_ROWS):
        raise ValueError(f"limit is from 1 to {MOST_ROWS}")
    return int(said)


def _key(row: Row) -> Place:
    return _changed(row).isoformat(), row["id"]


def _changed(row: Row) -> datetime:
    return _moment(row["updated_at"])


def _moment(said: str) -> datetime:
    at = datetime.fromisoformat(said)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _cursor(since: datetime, after: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps([since.isoformat(), *after]).encode()).decode()


def _place(cursor: str) -> tuple[datetime, Place]:
    try:
        since, at, row_id = json.loads(base64.urlsafe_b64decode(cursor))
        return _moment(since), (at, row_id)
    except (binascii.Error, ValueError, TypeError):
        raise ValueError("that is no cursor") from None
