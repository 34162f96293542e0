"""The export: what is known of a person, gathered as JSON for somebody to send, gone again after some days.

It holds what this system stores and what the vendors answer. Deliveries are included whole up to a size; what is left
out beyond it is named by its key.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase
from commerce_sync.errors import PermanentError
from commerce_sync.privacy.needs import Places
from commerce_sync.privacy.person import ARCHIVED, ORDERED, values_of, whole_person
from commerce_sync.privacy.searching import is_about
from commerce_sync.privacy.working import Progress

MOST_CHARACTERS = 50_000_000
EXPORTS = "exports/"


@dataclass(frozen=True)
class ExportSteps:
    """Asks every place."""

    places: Places
    kept_days: float

    def gather(self, case: PrivacyCase) -> Progress:
        """Write the export. Doing it again writes it anew.

        It is traced like a delivery, before it is written: the erasure of its person deletes it.
        """
        identifiers = whole_person(self.places.people, case)
        key, now = f"{EXPORTS}{case.case_id}.json", self.places.now()
        export = self._export(case, identifiers, now)
        until = now + timedelta(days=self.kept_days)
        self.places.traces.note((identifier, f"{ARCHIVED}{key}", until) for identifier in identifiers)
        self.places.archive.keep_export(key, json.dumps(export, indent=1, ensure_ascii=False, default=str))
        counts = {name: len(part) for name, part in export.items() if isinstance(part, list)}
        about = tuple(self.places.keyed(one) for one in identifiers)
        return Progress(counts, changes={"about": about, "result": key})

    def _export(self, case: PrivacyCase, identifiers: tuple[Identifier, ...], now: datetime) -> dict[str, Any]:
        traces = list(self.places.traces.of(identifiers))
        keys = [trace.removeprefix(ARCHIVED) for trace in traces if trace.startswith(f"{ARCHIVED}archive/")]
        subjects = {trace.removeprefix(ORDERED) for trace in traces if trace.startswith(ORDERED)}
        named = set(case.work.orders if case.work else ())
        deliveries, left_out = self._deliveries(keys)
        emails = values_of(identifiers, "email")
        return {
            "made_at": now,
            "request": {"kind": case.kind, "source": case.source, "store": case.store, "at": case.requested_at},
            "identifiers": [list(one) for one in identifiers],
            "identity": self.places.people.described(identifiers),
            "orders": [told for subject in sorted(subjects | named) if (told := self.places.orders.described(subject))],
            "deliveries": deliveries,
            "deliveries_left_out": left_out,
            "untranslated_deliveries": list(self._untranslated(identifiers, set(keys))),
            "klaviyo_last_written": list(self.places.confirmed.known(emails)),
            "hubspot": self._hubspot(identifiers, emails),
            "klaviyo": self._klaviyo(identifiers),
        }

    def _deliveries(self, keys: Sequence[str]) -> tuple[list[Mapping[str, Any]], list[str]]:
        told: list[Mapping[str, Any]] = []
        left_out, size = [], 0
        for key in keys:
            if size > MOST_CHARACTERS:
                left_out.append(key)
                continue
            try:
                delivery = self.places.archive.fetch(key).model_dump(mode="json")
            except PermanentError:
                continue
            size += len(delivery["body"] or "")
            told.append(delivery)
        return told, left_out

    def _untranslated(self, identifiers: Sequence[Identifier], known: set[str]) -> Iterator[Mapping[str, Any]]:
        for key in sorted({str(item["archive_key"]) for item in self.places.quarantine.items()} - known):
            try:
                envelope = self.places.archive.fetch(key)
            except PermanentError:
                continue
            if is_about(envelope, identifiers):
                yield envelope.model_dump(mode="json")

    def _hubspot(self, identifiers: Sequence[Identifier], emails: Sequence[str]) -> list[Mapping[str, Any]] | str:
        hubspot = self.places.hubspot()
        if hubspot is None:
            return "not live: ask HubSpot"
        ids = {value for kind, value in identifiers if kind.startswith("hubspot:")}
        ids |= set(hubspot.ids_by_email(emails).values())
        return [contact for one in sorted(ids) if (contact := hubspot.whole(one))]

    def _klaviyo(self, identifiers: Sequence[Identifier]) -> list[Mapping[str, Any]] | str:
        """By address and profile id: a number may be another person's there."""
        klaviyo = self.places.klaviyo()
        if klaviyo is None:
            return "not live: ask Klaviyo"
        found = [one for email in values_of(identifiers, "email") for one in klaviyo.find(email=email)]
        found += [one for known in values_of(identifiers, "klaviyo") for one in klaviyo.find(profile_id=known)]
        return list({profile["id"]: profile for profile in found}.values())
