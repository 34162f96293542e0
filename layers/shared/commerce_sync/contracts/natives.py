"""What vendors' own store apps were last heard to tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import AwareDatetime

from commerce_sync.contracts.base import Contract
from commerce_sync.contracts.events import EventName

Destination = Literal["klaviyo", "hubspot"]
DESTINATIONS: tuple[Destination, ...] = ("klaviyo", "hubspot")
ORDER = "order"
"""The ``name`` of what HubSpot's apps tell."""


class Native(Contract):
    """One kind of thing that an app tells, and when the last of it happened; None where nothing ever did.

    At Klaviyo a metric: ``app`` is its integration, ``name`` and ``id`` are its own. At HubSpot orders: ``app`` is
    what stands in their ``hs_source_store``.
    """

    app: str
    name: str
    id: str = ""
    last: AwareDatetime | None = None


class Natives(Contract):
    """All that was found at ``looked_at``. ``acknowledged``: since when, by store, its app is said to be off."""

    looked_at: AwareDatetime | None = None
    found: tuple[Native, ...] = ()
    acknowledged: dict[str, AwareDatetime] = {}

    def last(self, app: str, names: tuple[str, ...]) -> AwareDatetime | None:
        """When an app was last heard to tell any of these."""
        return max((one.last for one in self.found if one.app == app and one.name in names and one.last), default=None)


@dataclass(frozen=True, slots=True)
class AppEvents:
    """How one app of Klaviyo's tells: the metrics of each of our events, and the properties that name and value it."""

    metrics: Mapping[EventName, tuple[str, ...]]
    keys: Mapping[EventName, tuple[str, ...]]
    value: tuple[str, ...]
    currency: tuple[str, ...]
