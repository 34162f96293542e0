"""All that one HubSpot account remembers."""

import itertools
import random
from typing import Any

from local.sandboxes.base import Clock
from local.sandboxes.hubspot.associations import Associations
from local.sandboxes.hubspot.errors import invalid
from local.sandboxes.hubspot.events import Source, contact_event, named
from local.sandboxes.hubspot.limits import Limits
from local.sandboxes.hubspot.owners import Owner, default_owners
from local.sandboxes.hubspot.records import ObjectStore, Record
from local.sandboxes.hubspot.schema import TypeSchema
from local.sandboxes.hubspot.settings import Settings
from local.sandboxes.hubspot.standard import SINGULARS, STANDARD, TYPE_IDS
from local.sandboxes.hubspot.subscriptions import Subscriptions
from local.sandboxes.hubspot.webhooks import Webhooks

FIRST_ID = 34_100_000_501
STEP = 7


class HubSpotState:
    """The account: settings, schemas, records, associations, subscriptions, webhooks. Ids are shared by all types."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.webhooks = Webhooks()
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.webhooks.clear()
        self.settings = Settings()
        self.limits = Limits(self.clock)
        self.random = random.Random(0)  # noqa: S311 # shuffled answers, not secrets
        self._ids = itertools.count(FIRST_ID, STEP)
        self._event_ids = itertools.count(1001)
        self.schemas = {object_type: TypeSchema(object_type) for object_type in STANDARD}
        self.stores = {object_type: self._store(object_type) for object_type in STANDARD}
        self.associations = Associations()
        self.subscriptions = Subscriptions(self.clock)
        self.submissions: dict[str, list[dict[str, Any]]] = {}
        self.custom_events: dict[str, dict[str, Any]] = {}
        self.owners: list[Owner] = default_owners()

    def _store(self, object_type: str) -> ObjectStore:
        contacts = object_type == "contacts"
        names = ("lastmodifieddate", "createdate") if contacts else ("hs_lastmodifieddate", "hs_createdate")
        return ObjectStore(*names, lambda: str(next(self._ids)), self.clock)

    def object_type(self, name: str) -> str:
        """The object type of that name or id."""
        found = TYPE_IDS.get(name) or SINGULARS.get(name) or name
        if found not in self.stores:
            raise invalid(f"Unable to infer object type from: {name}")
        return found

    def announce(self, verb: str, record: Record, source: Source, **details: Any) -> None:
        """Queue a webhook about a contact."""
        event = contact_event(verb, record.id, source, details)
        now = {"eventId": next(self._event_ids), "occurredAt": int(self.clock.now() * 1000)}
        self.webhooks.put([now | named(event, self.webhooks.settings.style)])
