"""How events look to whoever reads them, and to whoever is told of them by a webhook."""

import uuid
from collections.abc import Collection
from typing import Any

from local.sandboxes.klaviyo import rendering
from local.sandboxes.klaviyo.attribution import attributed_event
from local.sandboxes.klaviyo.records import Event
from local.sandboxes.klaviyo.state import KlaviyoState


def shown(state: KlaviyoState, event: Event) -> dict[str, Any]:
    """An event as a resource."""
    properties = {**event.properties, "$event_id": event.unique_id}
    if event.value is not None:
        properties |= {"$value": event.value, "$value_currency": event.value_currency}
    attributes = {
        "timestamp": int(event.time.timestamp()),
        "event_properties": properties,
        "datetime": rendering.iso(event.time),
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, event.id)),
    }
    source = attributed_event(state, event)
    relationships = {
        "profile": {"data": {"type": "profile", "id": event.profile_id}},
        "metric": {"data": {"type": "metric", "id": event.metric.id}},
        "attributions": {"data": [{"type": "attribution", "id": _attribution_id(event)}] if source else []},
    }
    return rendering.resource("event", event.id, attributes, relationships=relationships)


def related(state: KlaviyoState, event: Event, wanted: Collection[str]) -> list[dict[str, Any]]:
    """What may be included beside an event."""
    source = attributed_event(state, event) if "attributions" in wanted else None
    found = [_attribution(event, source)] if source else []
    if "metric" in wanted:
        found.append(rendering.metric(event.metric))
    if "profile" in wanted:
        found.append(rendering.profile(state.profile(event.profile_id)))
    return found


def _attribution_id(event: Event) -> str:
    return f"at{event.id}"


def _attribution(event: Event, source: Event) -> dict[str, Any]:
    touch = source.touch
    ids = {
        "event": event.id,
        "attributed-event": source.id,
        "campaign": touch and touch.campaign,
        "campaign-message": touch and touch.campaign_message,
        "flow": touch and touch.flow,
        "flow-message": touch and touch.flow_message,
    }
    kinds = {"attributed-event": "event"}
    related = {
        name: {"data": {"type": kinds.get(name, name), "id": identifier}}
        for name, identifier in ids.items()
        if identifier
    }
    return {"type": "attribution", "id": _attribution_id(event), "relationships": related}
