"""Operations ``create_event`` and ``bulk_create_events``: accepted with 202, then deduplicated and recorded."""

from functools import partial

from flask import Response
from flask.typing import ResponseReturnValue

from local.sandboxes.klaviyo import people
from local.sandboxes.klaviyo.documents import Node, document, need
from local.sandboxes.klaviyo.drafts import FIELDS, Draft, read_event, read_person
from local.sandboxes.klaviyo.errors import invalid
from local.sandboxes.klaviyo.given import Given
from local.sandboxes.klaviyo.rates import XL, M
from local.sandboxes.klaviyo.records import Event
from local.sandboxes.klaviyo.routes import Route
from local.sandboxes.klaviyo.state import KlaviyoState

MOST_EVENTS = 1000
MOST_BYTES = 5_000_000


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
        given = read_person(need(members, "profile", attributes))
        self._accept([read_event(self._state, attributes, members, given, backfill=None)])
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
        given = read_person(need(members, "profile", attributes))
        return [self._entry(event, given, backfill) for event in need(members, "events", node).data("event").items()]

    def _entry(self, node: Node, given: Given, backfill: bool | None) -> Draft:  # noqa: FBT001 # as it was sent
        attributes = need(node.resource("event"), "attributes", node)
        return read_event(self._state, attributes, attributes.members(FIELDS, "event"), given, backfill=backfill)

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
