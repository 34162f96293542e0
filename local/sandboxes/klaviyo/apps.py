"""What other apps put into the account, and what hangs on metrics: planted by controls, read by the usual operations.

Operations ``get_flows``, ``get_flow``, ``get_segments`` and ``get_mapped_metrics``. Filters beyond those that we ask
for are refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from local.sandboxes.klaviyo import people, rendering
from local.sandboxes.klaviyo.errors import not_found
from local.sandboxes.klaviyo.filters import CHOICE, EQUALS, Field, matching
from local.sandboxes.klaviyo.given import Given
from local.sandboxes.klaviyo.paging import Pages, allow, page_of, words
from local.sandboxes.klaviyo.rates import L, S
from local.sandboxes.klaviyo.records import Event
from local.sandboxes.klaviyo.routes import Route
from local.sandboxes.klaviyo.state import KlaviyoState

BY_ID = {"id": lambda one: (one["id"], one["id"])}
FLOW_FIELDS: Mapping[str, Field] = {
    "id": Field(lambda one: [one["id"]], CHOICE),
    "name": Field(lambda one: [one["name"]], EQUALS),
    "status": Field(lambda one: [one["status"]], EQUALS),
    "trigger_type": Field(lambda one: [one["trigger_type"]], EQUALS),
}
SEGMENT_FIELDS: Mapping[str, Field] = {
    "id": Field(lambda one: [one["id"]], CHOICE),
    "name": Field(lambda one: [one["name"]], CHOICE),
}
FLOW_PAGES = Pages(50, 50, BY_ID, "id")
SEGMENT_PAGES = Pages(10, 10, BY_ID, "id")
MAPPING_PAGES = Pages(100, 100, BY_ID, "id")


@dataclass
class Hanging:
    """Flows and segments with their definitions; which metric each mapped metric is."""

    flows: list[dict[str, Any]] = field(default_factory=list)
    segments: list[dict[str, Any]] = field(default_factory=list)
    mapped: dict[str, str] = field(default_factory=dict)


class Apps:
    """Controls ``native_events``, ``flows``, ``segments`` and ``mapped_metrics``.

    A native event is ``{"integration", "metric", "time", "email", "unique_id", "properties", "value", "currency"}``, a
    flow ``{"id", "name", "metric_id"}``, a segment likewise, mapped metrics are metric ids by name.
    """

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state
        self._hanging = Hanging()
        state.control("native_events", self.plant)
        state.control("flows", self.plant_flows)
        state.control("segments", self.plant_segments)
        state.control("mapped_metrics", self._hanging.mapped.update)

    def plant(self, events: list[dict[str, Any]]) -> None:
        """Record events of an app's own integration."""
        for one in events:
            metric = self._state.metric(one["metric"], one["integration"])
            profile = people.resolve(self._state, Given(None, {"email": one.get("email", "ana@example.com")}))
            identifier = self._state.new_id("", 11)
            self._state.events.append(
                Event(
                    identifier,
                    metric,
                    profile.id,
                    str(one.get("unique_id", identifier)),
                    datetime.fromisoformat(one["time"]),
                    self._state.clock.moment(),
                    one.get("properties", {}),
                    one.get("value"),
                    one.get("currency"),
                )
            )

    def plant_flows(self, flows: list[dict[str, Any]]) -> None:
        """Flows that events of a metric trigger, unless their definition says otherwise."""
        for one in flows:
            trigger = {"type": "metric", "id": one.get("metric_id"), "trigger_filter": None}
            definition = {"triggers": [trigger], "actions": [], "profile_filter": None}
            plain = {"status": "live", "archived": False, "trigger_type": "Metric", "definition": definition}
            self._hanging.flows.append({**plain, **one})

    def plant_segments(self, segments: list[dict[str, Any]]) -> None:
        """Segments of who did something of a metric, unless their definition says otherwise."""
        for one in segments:
            condition = {"type": "profile-metric", "metric_id": one.get("metric_id"), "measurement": "count"}
            definition = {"condition_groups": [{"conditions": [condition]}]}
            self._hanging.segments.append({"definition": definition, "is_active": True, **one})

    def routes(self) -> list[Route]:
        """The operations."""
        return [
            Route("GET", "/api/flows", self.flows, S),
            Route("GET", "/api/flows/<flow_id>", self.flow, S),
            Route("GET", "/api/segments", self.segments, L),
            Route("GET", "/api/mapped-metrics", self.mapped, S),
        ]

    def flows(self) -> ResponseReturnValue:
        """A page of at most 50 flows, without what triggers them."""
        allow("filter", "sort", "page[size]", "page[cursor]")
        page = page_of(matching(self._hanging.flows, request.args.get("filter"), FLOW_FIELDS), FLOW_PAGES)
        return jsonify({"data": [_flow(one) for one in page.items], "links": page.links})

    def flow(self, flow_id: str) -> ResponseReturnValue:
        """One flow; its definition only where it is asked for."""
        allow("additional-fields[flow]")
        wanted = words("additional-fields[flow]", ["definition"])
        for one in self._hanging.flows:
            if one["id"] == flow_id:
                shown = _flow(one)
                shown["attributes"] |= {"definition": one["definition"]} if wanted else {}
                return jsonify({"data": shown, "links": {"self": request.url}})
        raise not_found("flow", flow_id)

    def segments(self) -> ResponseReturnValue:
        """A page of at most 10 segments with their definitions."""
        allow("filter", "sort", "page[cursor]")
        page = page_of(matching(self._hanging.segments, request.args.get("filter"), SEGMENT_FIELDS), SEGMENT_PAGES)
        names = ("name", "definition", "is_active")
        shown = [rendering.resource("segment", one["id"], {name: one[name] for name in names}) for one in page.items]
        return jsonify({"data": shown, "links": page.links})

    def mapped(self) -> ResponseReturnValue:
        """All mapped metrics."""
        allow()
        mapped = [{"id": name, "metric": metric} for name, metric in self._hanging.mapped.items()]
        page = page_of(mapped, MAPPING_PAGES)
        return jsonify({"data": [_mapping(one) for one in page.items], "links": page.links})


def _flow(one: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "status", "archived", "trigger_type")
    return rendering.resource("flow", one["id"], {name: one[name] for name in names})


def _mapping(one: dict[str, Any]) -> dict[str, Any]:
    related = {"metric": {"data": {"type": "metric", "id": one["metric"]}}}
    return rendering.resource("mapped-metric", one["id"], {"updated": None}, relationships=related)
