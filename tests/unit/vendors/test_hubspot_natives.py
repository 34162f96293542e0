"""When HubSpot's own apps were last heard of: never later than they wrote, whatever they write."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.hubspot.natives import HubSpotNatives

WRITTEN = "2026-11-21T12:00:00.000Z"
APP = "shop.example.com"


class Searched:
    """HubSpot's search of orders: every row answers every search. Keeps what was asked."""

    def __init__(self, *rows: Mapping[str, Any]) -> None:
        self.rows = rows
        self.asked: list[Mapping[str, Any]] = []

    def call(self, _method: str, _path: str, body: Mapping[str, Any]) -> Answer:
        """One search."""
        self.asked.append(body)
        return Answer(200, {"total": len(self.rows), "results": list(self.rows)})


def order(created: str | None, app: str = APP) -> Mapping[str, Any]:
    """An order of an app's, with the time that it wrote."""
    return {
        "id": "1",
        "createdAt": WRITTEN,
        "properties": {"hs_source_store": app, "hs_external_created_date": created},
    }


def last(apps: Sequence[str], *rows: Mapping[str, Any]) -> Mapping[str, datetime | None]:
    """When each app was last heard of."""
    return {one.app: one.last for one in HubSpotNatives(Searched(*rows)).newest(apps)}  # type: ignore[arg-type] # a fake


@pytest.mark.parametrize("created", ["2099-01-01T00:00:00.000Z", "soon", None])
def test_an_order_dated_ahead_makes_no_later_order_the_apps(created: str | None) -> None:
    """A time in the future, or none that can be read: the app was heard of when it made the record."""
    assert last([APP], order(created)) == {APP: datetime(2026, 11, 21, 12, tzinfo=UTC)}


def test_an_app_is_known_by_the_name_that_it_was_asked_for() -> None:
    """HubSpot's EQ tells no capitals from small letters."""
    assert list(last(["Shop.Example.com"], order("2026-11-21T11:00:00Z"))) == ["Shop.Example.com"]
