"""When Klaviyo's metrics of apps were last heard of: an odd answer is no word that an app is silent."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.contracts.natives import Native
from commerce_sync.errors import RetriableError
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.klaviyo.natives import KlaviyoNatives

NOW = datetime(2026, 11, 29, tzinfo=UTC)
ORDERS = {"id": "M1", "attributes": {"name": "Placed Order", "integration": {"name": "Shopify"}}}
ODD = [
    {"id": "M2"},
    {"id": "M3", "attributes": {"name": "Else", "integration": "Shopify"}},
    {"id": "M4", "attributes": {}},
]


class Klaviyo:
    """Metrics, and the newest event of each."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        self.event = event

    def call(self, _method: str, path: str, params: Mapping[str, str]) -> Answer:
        """One page of either."""
        del params
        rows = [*ODD, ORDERS] if path == "/api/metrics" else [self.event]
        return Answer(200, {"data": rows, "links": {"next": None}})


def found(event: Mapping[str, Any]) -> list[datetime | None]:
    """When each wanted metric was last heard of."""
    klaviyo = KlaviyoNatives(Klaviyo(event))  # type: ignore[arg-type] # a fake
    return [one.last for one in klaviyo.found(lambda app, name: (app, name) == ("Shopify", "Placed Order"), NOW)]


def test_metrics_without_a_name_or_an_app_are_nobodys() -> None:
    """And stop nobody from being found."""
    event = {"id": "E1", "attributes": {"datetime": "2026-11-28T12:00:00+00:00"}}
    assert found(event) == [datetime(2026, 11, 28, 12, tzinfo=UTC)]


@pytest.mark.parametrize("event", [{"id": "E1"}, {"id": "E1", "attributes": {"datetime": None}}])
def test_an_event_without_a_time_leaves_it_unknown(event: Mapping[str, Any]) -> None:
    """Taken for silence, what the app tells would be told twice."""
    with pytest.raises(RetriableError):
        found(event)


class Flows:
    """Flows that all hang on one metric; counts those that were read."""

    def __init__(self, **statuses: str) -> None:
        self.flows = [{"id": key, "attributes": {"name": key, "status": one}} for key, one in statuses.items()]
        self.read: list[str] = []

    def call(self, _method: str, path: str, params: Mapping[str, str]) -> Answer:
        """The list, or one flow."""
        del params
        if path == "/api/flows":
            return Answer(200, {"data": self.flows, "links": {"next": None}})
        self.read.append(path.rpartition("/")[2])
        definition = {"triggers": [{"type": "metric", "id": "M1"}]}
        return Answer(200, {"data": {"attributes": {"name": "F", "status": "live", "definition": definition}}})


def test_live_flows_are_read_first_and_those_that_are_not_read_are_told() -> None:
    """Where time runs short, what mails people today counts most."""
    klaviyo, left = Flows(A="draft", B="manual", C="live", D="live"), iter([True, True, False])
    natives = KlaviyoNatives(klaviyo)  # type: ignore[arg-type] # a fake
    found = list(natives.flows(["M1"], lambda: next(left, False)))
    assert klaviyo.read == ["C", "D"]
    assert [(one["id"], one["metrics"]) for one in found] == [("C", ["M1"]), ("D", ["M1"]), ("B", None), ("A", None)]


def test_a_metric_that_was_renamed_is_found_by_its_id() -> None:
    """It keeps the name that it was found by; unknown, it would be silent for ever, and told twice."""
    event = {"id": "E1", "attributes": {"datetime": "2026-11-28T12:00:00+00:00"}}
    klaviyo = KlaviyoNatives(Klaviyo(event))  # type: ignore[arg-type] # a fake
    known = (Native(app="Shopify", name="Placed Order (of old)", id="M1"), Native(app="Shopify", name="Gone", id="M9"))
    (renamed,) = klaviyo.found(lambda _, name: name == "Placed Order (of old)", NOW, known)
    assert (renamed.app, renamed.name, renamed.id) == ("Shopify", "Placed Order (of old)", "M1")
    assert klaviyo.found(lambda *_: False, NOW, known) == (), "nobody names that app any more"
    (wanted,) = klaviyo.found(lambda app, _: app == "Shopify", NOW)
    assert wanted.name == "Placed Order"
