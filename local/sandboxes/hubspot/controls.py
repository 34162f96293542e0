"""The account with the handles that tests and the local stack hold: settings, staff, and a view of everything."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.sandboxes.hubspot import forms, people_acts
from local.sandboxes.hubspot.events import BULK_JOB, STAFF
from local.sandboxes.hubspot.lifecycle import archive, merge, restore
from local.sandboxes.hubspot.records import Record
from local.sandboxes.hubspot.settings import WEBHOOK_NAMES
from local.sandboxes.hubspot.state import HubSpotState
from local.sandboxes.hubspot.writes import apply, check, edit_as_staff


class ControlledState(HubSpotState):
    """A HubSpot account under test."""

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Change settings, or let staff act.

        ``edit_contact``: ``{"email", "properties"}``; ``archive_contact`` and ``restore_contact``: an id;
        ``merge_contacts``: the primary's id and the other's; ``edit_all_contacts``: properties, written by one of
        HubSpot's bulk jobs, which stamps them all with the same time; ``person_opts_out``: see ``people_acts``;
        ``person_submits``: see ``forms``.
        """
        rest = dict(settings)
        acts = {name: rest.pop(name) for name in list(rest) if name in self._acts()}
        webhooks = {WEBHOOK_NAMES[name]: rest.pop(name) for name in list(rest) if name in WEBHOOK_NAMES}
        self.webhooks.settings = replace(self.webhooks.settings, **webhooks)
        self.settings.change(rest)
        for name, wanted in acts.items():
            self._acts()[name](wanted)

    def _acts(self) -> dict[str, Any]:
        return {
            "edit_contact": lambda edit: edit_as_staff(self, edit["email"], edit["properties"], STAFF),
            "archive_contact": lambda record_id: archive(self, "contacts", self._contact(record_id), STAFF),
            "restore_contact": lambda record_id: restore(self, "contacts", record_id, STAFF),
            "edit_all_contacts": self._edit_all,
            "person_opts_out": lambda told: people_acts.act(self, told),
            "person_submits": lambda told: forms.submit(self, told),
            "merge_contacts": lambda ids: merge(self, "contacts", ids[0], ids[1], STAFF),
        }

    def _edit_all(self, properties: Mapping[str, str]) -> None:
        store = self.stores["contacts"]
        store.frozen_at = self.clock.now()
        for record in store.live():
            apply(self, check(self, "contacts", record, properties, staff=True), BULK_JOB)
        store.frozen_at = None

    def _contact(self, record_id: str) -> Record:
        record = self.stores["contacts"].get(record_id)
        if record is None:
            raise ValueError(f"there is no contact {record_id}")
        return record

    def snapshot(self) -> dict[str, Any]:
        """All of it, as JSON."""
        stores = self.stores.items()
        return {
            **{name: [_shown(record) for record in store.live()] for name, store in stores},
            "archived": {name: [_shown(record) for record in store.live(archived=True)] for name, store in stores},
            "associations": self.associations.snapshot(),
            "properties": {name: schema.custom() for name, schema in self.schemas.items()},
            "subscriptions": self.subscriptions.snapshot(),
            "custom_events": list(self.custom_events.values()),
            "currencies": list(self.settings.currencies),
            "pending_webhooks": self.webhooks.pending(),
            "lost_webhooks": self.webhooks.lost,
        }

    def close(self) -> None:
        """Stop sending webhooks."""
        self.webhooks.close()


def _shown(record: Record) -> dict[str, Any]:
    return {"id": record.id, "properties": dict(record.properties)}
