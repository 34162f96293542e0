"""Custom events, which only the Enterprise plan has. The same ``uuid`` again is accepted and counts once."""

from collections.abc import Mapping
from typing import Any

from local.sandboxes.hubspot.errors import invalid
from local.sandboxes.hubspot.events import PORTAL_ID
from local.sandboxes.hubspot.gate import Route, missing_scope
from local.sandboxes.hubspot.reading import batch_inputs, body, properties_of, text
from local.sandboxes.hubspot.state import HubSpotState

LONGEST, LONGEST_URL = 256, 1024
SUBJECTS = {"email", "objectId", "utk"}


def custom_event_routes(state: HubSpotState) -> list[Route]:
    """The endpoints that take custom events."""
    api = CustomEvents(state)
    return [
        ("POST", "/events/custom/{V}/send", api.send),
        ("POST", "/events/custom/{V}/send/batch", api.send_batch),
    ]


class CustomEvents:
    """Takes custom events."""

    def __init__(self, state: HubSpotState) -> None:
        self._state = state

    def send(self) -> tuple[Any, int]:
        """Take one event."""
        return self._take([body()])

    def send_batch(self) -> tuple[Any, int]:
        """Take up to 500."""
        return self._take(batch_inputs(500))

    def _take(self, events: list[dict[str, Any]]) -> tuple[Any, int]:
        if self._state.settings.plan != "enterprise":
            raise missing_scope("analytics.behavioral_events.send")
        for event in events:
            _check(event)
        for event in events:
            key = str(event.get("uuid") or len(self._state.custom_events))
            self._state.custom_events.setdefault(key, event)
        return None, 204


def _check(event: Mapping[str, Any]) -> None:
    """Its name is the account's, its subject is one, its values are short texts."""
    if not text(event, "eventName").startswith(f"pe{PORTAL_ID}_"):
        raise invalid(f"There is no event {event['eventName']}")
    if len(SUBJECTS & event.keys()) != 1:
        raise invalid("Exactly one of email, objectId and utk is required")
    for name, value in properties_of(event).items():
        if len(value) > (LONGEST_URL if name in {"hs_url", "hs_referrer"} else LONGEST):
            raise invalid(f"The value of {name} is too long")
