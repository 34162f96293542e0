"""Message events a test plants, and which of them an order event is attributed to.

Last touch within the windows Klaviyo's help centre names for newer accounts; visible only after the attribution lag.
"""

from datetime import datetime, timedelta
from typing import Any

from local.sandboxes.klaviyo import people
from local.sandboxes.klaviyo.given import Given
from local.sandboxes.klaviyo.records import NATIVE, Event, Touch
from local.sandboxes.klaviyo.state import KlaviyoState

WINDOWS = {
    "Clicked Email": timedelta(days=5),
    "Opened Email": timedelta(days=5),
    "Clicked SMS": timedelta(days=5),
    "Received SMS": timedelta(hours=12),
}
TOUCHES = ("campaign", "campaign_message", "flow", "flow_message")


class MessageEvents:
    """The control ``message_events``: plants native events such as a click.

    Each is ``{"metric", "email" or "phone_number", "time", "campaign", "campaign_message", "flow", "flow_message"}``.
    """

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state
        state.control("message_events", self.plant)

    def plant(self, messages: list[dict[str, Any]]) -> None:
        """Record them."""
        for message in messages:
            identifiers: dict[str, Any] = {name: message[name] for name in ("email", "phone_number") if name in message}
            touch = Touch(**{name: message.get(name) for name in TOUCHES})
            native_event(
                self._state,
                message["metric"],
                people.resolve(self._state, Given(None, identifiers)).id,
                datetime.fromisoformat(message["time"]),
                touch,
            )


def native_event(
    state: KlaviyoState, metric: str, profile_id: str, moment: datetime, touch: Touch | None = None
) -> None:
    """Record an event of Klaviyo's own integration."""
    now = state.clock.moment()
    identifier = state.new_id("", 11)
    event = Event(identifier, state.metric(metric, NATIVE), profile_id, identifier, moment, now, {}, touch=touch)
    state.events.append(event)
    if state.webhooks:
        state.webhooks.announce(event)


def attributed_event(state: KlaviyoState, event: Event) -> Event | None:
    """The message event that earns the credit, once Klaviyo shows it."""
    waited = state.clock.moment() - event.recorded
    if event.value is None or waited < timedelta(seconds=state.settings.attribution_lag):
        return None
    candidates = [
        touched
        for touched in state.events
        if touched.touch and touched.profile_id == event.profile_id and _within(touched, event)
    ]
    return max(candidates, key=lambda touched: touched.time, default=None)


def _within(touched: Event, event: Event) -> bool:
    window = WINDOWS.get(touched.metric.name, timedelta(0))
    return timedelta(0) <= event.time - touched.time <= window
