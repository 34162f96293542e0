"""Operations ``get_events``, ``get_event``, ``get_metrics`` and ``get_metric``."""

from collections.abc import Mapping
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from local.sandboxes.klaviyo import event_shapes, rendering
from local.sandboxes.klaviyo.errors import not_found
from local.sandboxes.klaviyo.filters import EQUALS, RANGE, Field, matching
from local.sandboxes.klaviyo.paging import Pages, allow, page_of, words
from local.sandboxes.klaviyo.rates import XL, M
from local.sandboxes.klaviyo.records import Event
from local.sandboxes.klaviyo.routes import Route
from local.sandboxes.klaviyo.state import KlaviyoState

INCLUDES = ("attributions", "metric", "profile")
HAS = frozenset({"has"})
EVENT_FIELDS: Mapping[str, Field] = {
    "metric_id": Field(lambda event: [event.metric.id], EQUALS),
    "profile_id": Field(lambda event: [event.profile_id], EQUALS),
    "metric": Field(lambda event: [event.metric], HAS),
    "profile": Field(lambda event: [event.profile_id], HAS),
    "datetime": Field(lambda event: [event.time], RANGE, "datetime"),
    "timestamp": Field(lambda event: [event.time.timestamp()], RANGE, "number"),
}
METRIC_FIELDS: Mapping[str, Field] = {
    "integration.name": Field(lambda metric: [metric.integration], EQUALS),
    "integration.category": Field(lambda metric: [metric.integration], EQUALS),
}


def _by_time(event: Event) -> tuple[float, str]:
    return event.time.timestamp(), event.id


EVENT_PAGES = Pages(200, 1000, {"datetime": _by_time, "timestamp": _by_time}, "-datetime")
METRIC_PAGES = Pages(200, 200, {"id": lambda metric: (metric.id, metric.id)}, "id")


class EventReads:
    """Reading events and their metrics."""

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """The operations."""
        return [
            Route("GET", "/api/events", self.read_many, XL),
            Route("GET", "/api/events/<event_id>", self.read, M),
            Route("GET", "/api/metrics", self.metrics, M),
            Route("GET", "/api/metrics/<metric_id>", self.metric, M),
        ]

    def read_many(self) -> ResponseReturnValue:
        """A page of events; attributions only once their lag is over."""
        allow("filter", "sort", "include", "page[size]", "page[cursor]")
        wanted = words("include", INCLUDES)
        page = page_of(matching(self._state.events, request.args.get("filter"), EVENT_FIELDS), EVENT_PAGES)
        answer: dict[str, Any] = {"data": [event_shapes.shown(self._state, event) for event in page.items]}
        if wanted:
            answer["included"] = self._included(page.items, wanted)
        return jsonify(answer | {"links": page.links})

    def read(self, event_id: str) -> ResponseReturnValue:
        """One event."""
        allow("include")
        wanted = words("include", INCLUDES)
        event = next((event for event in self._state.events if event.id == event_id), None)
        if event is None:
            raise not_found("event", event_id)
        answer: dict[str, Any] = {"data": event_shapes.shown(self._state, event), "links": {"self": request.url}}
        return jsonify(answer | ({"included": self._included([event], wanted)} if wanted else {}))

    def metrics(self) -> ResponseReturnValue:
        """Metrics, 200 a page; ``page[size]`` is refused."""
        allow("filter", "page[cursor]")
        found = matching(list(self._state.metrics.values()), request.args.get("filter"), METRIC_FIELDS)
        page = page_of(found, METRIC_PAGES)
        return jsonify({"data": [rendering.metric(metric) for metric in page.items], "links": page.links})

    def metric(self, metric_id: str) -> ResponseReturnValue:
        """One metric."""
        allow()
        for metric in self._state.metrics.values():
            if metric.id == metric_id:
                return jsonify({"data": rendering.metric(metric), "links": {"self": request.url}})
        raise not_found("metric", metric_id)

    def _included(self, events: list[Event], wanted: list[str]) -> list[dict[str, Any]]:
        included: dict[tuple[str, str], dict[str, Any]] = {}
        for event in events:
            for resource in event_shapes.related(self._state, event, wanted):
                included[(resource["type"], resource["id"])] = resource
        return list(included.values())
