"""Operations ``create_event`` and ``bulk_create_events``: accepted with 202, then deduplicated and recorded."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from local.sandboxes.klaviyo import people
from local.sandboxes.klaviyo.documents import Node, document, need
from local.sandboxes.klaviyo.errors import invalid
from local.sandboxes.klaviyo.people import Given
from local.sandboxes.klaviyo.rates import XL, M
from local.sandboxes.klaviyo.records import Event
from local.sandboxes.klaviyo.routes import Route
from local.sandboxes.klaviyo.state import KlaviyoState

MOST_EVENTS = 1000
MOST_BYTES = 5_000_000
MOST_PROPERTIES = 400
MOST_TEXT_BYTES = 100_000
MOST_METRICS = 200
LONGEST_METRIC_NAME = 127
FIELDS = ("properties", "time", "value", "value_currency", "unique_id", "backfill", "metric")
INTEGRATION = "API"


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


class EventWrites:
    """Both ways to send events."""

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """The operations."""
        return [
            Route("POST", "/api/events", self.create, XL),
            Route("POST", "/api/event-bulk-create-jobs", self.create_many, M),
        ]

    def create(self) -> ResponseReturnValue:
        """One event: 202 with an empty body."""
        node = document(MOST_BYTES)
        attributes = need(node.resource("event"), "attributes", node)
        members = attributes.members({*FIELDS, "profile"}, "event")
        given = _profile(need(members, "profile", attributes))
        self._accept([self._draft(attributes, members, given, backfill=None)])
        return Response(status=202)

    def create_many(self) -> ResponseReturnValue:
        """Up to 1000 events; a ``unique_id`` repeated for one profile and metric fails them all."""
        node = document(MOST_BYTES)
        attributes = need(node.resource("event-bulk-create-job"), "attributes", node)
        groups = need(attributes.members({"events-bulk-create"}, "event-bulk-create-job"), "events-bulk-create", node)
        drafts = [draft for group in groups.data("event-bulk-create-job").items() for draft in self._group(group)]
        if not 0 < len(drafts) <= MOST_EVENTS:
            invalid(f"Must provide between 1 and {MOST_EVENTS} events, got {len(drafts)}.", groups.pointer)
        self._refuse_repeats(drafts, groups.pointer)
        self._accept(drafts)
        return Response(status=202)

    def _group(self, node: Node) -> list[Draft]:
        attributes = need(node.resource("event-bulk-create"), "attributes", node)
        members = attributes.members({"backfill", "profile", "events"}, "event-bulk-create")
        backfill = members["backfill"].boolean() if "backfill" in members else None
        given = _profile(need(members, "profile", attributes))
        return [self._entry(event, given, backfill) for event in need(members, "events", node).data("event").items()]

    def _entry(self, node: Node, given: Given, backfill: bool | None) -> Draft:  # noqa: FBT001 # as it was sent
        attributes = need(node.resource("event"), "attributes", node)
        return self._draft(attributes, attributes.members(FIELDS, "event"), given, backfill=backfill)

    def _draft(self, node: Node, members: dict[str, Node], given: Given, *, backfill: bool | None) -> Draft:
        given_members = {name: member for name, member in members.items() if member.value is not None}
        properties = _properties(need(given_members, "properties", node))
        now = self._state.clock.moment()
        own = given_members["backfill"].boolean() if "backfill" in given_members else backfill
        if backfill is not None and own != backfill:
            invalid("'backfill' differs from that of the profile's group.", given_members["backfill"].pointer)
        return Draft(
            given,
            self._metric(need(given_members, "metric", node)),
            given_members["time"].event_time(now) if "time" in given_members else now.replace(microsecond=0),
            given_members["unique_id"].text() if "unique_id" in given_members else None,
            given_members["value"].number() if "value" in given_members else None,
            given_members["value_currency"].text() if "value_currency" in given_members else None,
            properties,
            bool(own),
        )

    def _metric(self, node: Node) -> tuple[str, str]:
        data = node.data("metric")
        attributes = need(data.resource("metric"), "attributes", data)
        members = attributes.members({"name", "service"}, "metric")
        name = need(members, "name", attributes)
        if len(name.text()) > LONGEST_METRIC_NAME:
            invalid("The metric name must be shorter than 128 characters.", name.pointer)
        service = members["service"].text() if "service" in members else "api"
        key = (name.text(), INTEGRATION if service == "api" else service)
        if key not in self._state.metrics and len(self._state.metrics) >= MOST_METRICS:
            invalid(f"The account has reached its limit of {MOST_METRICS} unique metrics.", name.pointer)
        return key

    def _refuse_repeats(self, drafts: list[Draft], pointer: str) -> None:
        seen: set[tuple[str, tuple[str, str], str]] = set()
        for draft in (draft for draft in drafts if draft.unique_id):
            owner = next(iter(people.owners(self._state, draft.given.identifiers)), None)
            who = owner.id if owner else repr(sorted(draft.given.identifiers.items()))
            key = (who, draft.metric, draft.dedupe_id)
            metric = self._state.metrics.get(draft.metric)
            known = metric is not None and (who, metric.id, draft.dedupe_id) in self._state.recorded
            if key in seen or (known and self._state.settings.bulk_rejects_known_ids):
                invalid(f"The unique_id '{draft.unique_id}' is repeated for the same profile and metric.", pointer)
            seen.add(key)

    def _accept(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            self._state.accept(self._state.settings.event_lag, partial(record, self._state, draft))


def record(state: KlaviyoState, draft: Draft) -> None:
    """Process an accepted event: the first of a profile, metric and ``unique_id`` wins."""
    profile = people.resolve(state, draft.given)
    metric = state.metric(*draft.metric)
    key = (profile.id, metric.id, draft.dedupe_id)
    if key in state.recorded:
        return
    state.recorded.add(key)
    state.events.append(
        Event(
            state.new_id("", 11),
            metric,
            profile.id,
            draft.dedupe_id,
            draft.time,
            state.clock.moment(),
            draft.properties,
            draft.value,
            draft.value_currency,
            draft.backfill,
            draft.given.identifiers,
        )
    )
    profile.last_event_date = max(draft.time, profile.last_event_date or draft.time)
    state.flow_triggers += not draft.backfill


def _profile(node: Node) -> Given:
    return people.identified(people.read_profile(node.data("profile"), people.EVENT_ATTRIBUTES, members=("id", "meta")))


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
