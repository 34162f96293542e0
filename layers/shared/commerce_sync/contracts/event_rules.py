"""What is expected of a store's events, and who tells them to whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from commerce_sync.contracts.events import EventName

Telling = Literal["deliver", "verify"]
"""``deliver``: we tell the vendor. ``verify``: its own app of the store does, and we compare."""


@dataclass(frozen=True, slots=True)
class StoreEvents:
    """One store. ``expected`` says after how long a silence something is wrong; what is not in it is not expected.

    ``integration`` is what Klaviyo calls its own app of the store, ``hubspot_app`` what HubSpot's own app of it writes
    into ``hs_source_store``; None where there is none.
    """

    klaviyo: Telling = "deliver"
    hubspot: Telling = "deliver"
    integration: str | None = None
    hubspot_app: str | None = None
    expected: Mapping[EventName, timedelta] = field(default_factory=dict)
    klaviyo_events: Mapping[EventName, Telling] = field(default_factory=dict)

    def to_klaviyo(self, name: EventName) -> Telling:
        """Who tells Klaviyo of an event."""
        return self.klaviyo_events.get(name, self.klaviyo)
