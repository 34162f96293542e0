"""An event as it was sent, checked against the limits of section "Limitations" of Klaviyo's events reference."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local.sandboxes.klaviyo.documents import Node, need
from local.sandboxes.klaviyo.errors import invalid
from local.sandboxes.klaviyo.given import EVENT_ATTRIBUTES, Given, identified, read_profile
from local.sandboxes.klaviyo.records import OURS
from local.sandboxes.klaviyo.state import KlaviyoState

MOST_PROPERTIES = 400
MOST_TEXT_BYTES = 100_000
MOST_METRICS = 200
LONGEST_METRIC_NAME = 127
FIELDS = ("properties", "time", "value", "value_currency", "unique_id", "backfill", "metric")


@dataclass(frozen=True)
class Draft:
    """A checked event, not yet recorded."""

    given: Given
    metric: tuple[str, str]
    time: datetime
    unique_id: str | None
    value: float | None
    value_currency: str | None
    properties: dict[str, Any]
    backfill: bool

    @property
    def dedupe_id(self) -> str:
        """The ``unique_id``, or the second of the event when there is none."""
        return self.unique_id or str(int(self.time.timestamp()))


def read_event(
    state: KlaviyoState, node: Node, members: dict[str, Node], given: Given, *, backfill: bool | None
) -> Draft:
    """Check an event's members; ``backfill`` is that of its group, if it has one."""
    given_members = {name: member for name, member in members.items() if member.value is not None}
    properties = _properties(need(given_members, "properties", node))
    now = state.clock.moment()
    own = given_members["backfill"].boolean() if "backfill" in given_members else backfill
    if backfill is not None and own != backfill:
        invalid("'backfill' differs from that of the profile's group.", given_members["backfill"].pointer)
    return Draft(
        given,
        _metric(state, need(given_members, "metric", node)),
        given_members["time"].event_time(now) if "time" in given_members else now.replace(microsecond=0),
        given_members["unique_id"].text() if "unique_id" in given_members else None,
        given_members["value"].number() if "value" in given_members else None,
        given_members["value_currency"].text() if "value_currency" in given_members else None,
        properties,
        bool(own),
    )


def read_person(node: Node) -> Given:
    """Check the profile an event is about; it needs an identifier."""
    return identified(read_profile(node.data("profile"), EVENT_ATTRIBUTES, members=("id", "meta")))


def _metric(state: KlaviyoState, node: Node) -> tuple[str, str]:
    data = node.data("metric")
    attributes = need(data.resource("metric"), "attributes", data)
    members = attributes.members({"name", "service"}, "metric")
    name = need(members, "name", attributes)
    if len(name.text()) > LONGEST_METRIC_NAME:
        invalid("The metric name must be shorter than 128 characters.", name.pointer)
    service = members["service"].text() if "service" in members else "api"
    key = (name.text(), OURS if service == "api" else service)
    if key not in state.metrics and len(state.metrics) >= MOST_METRICS:
        invalid(f"The account has reached its limit of {MOST_METRICS} unique metrics.", name.pointer)
    return key


def _properties(node: Node) -> dict[str, Any]:
    members = node.members(None, "event")
    if len(members) > MOST_PROPERTIES:
        invalid(f"An event may have at most {MOST_PROPERTIES} properties.", node.pointer)
    for member in members.values():
        _refuse_long_text(member.value, member.pointer)
    return {name: member.value for name, member in members.items()}


def _refuse_long_text(value: Any, pointer: str) -> None:
    if isinstance(value, str) and len(value.encode()) > MOST_TEXT_BYTES:
        invalid("A string property may not be larger than 100 KB.", pointer)
    nested = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in nested:
        _refuse_long_text(item, pointer)
