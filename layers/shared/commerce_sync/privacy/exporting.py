"""The export: what is known of a person, gathered as JSON for somebody to send, gone again after some days.

It holds what this system stores and what the vendors answer, and of nobody else. Deliveries are included whole up to a
size, and as long as there is time; what is left out is named by its key.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase
from commerce_sync.errors import PermanentError
from commerce_sync.privacy.needs import Places
from commerce_sync.privacy.noting import Progress
from commerce_sync.privacy.owning import Whose, values_of
from commerce_sync.privacy.person import whole_person
from commerce_sync.privacy.searching import Search
from commerce_sync.privacy.sharing import own_identity, told_of
from commerce_sync.privacy.tracing import ARCHIVED, DELIVERIES, ORDERED, arrived, deliveries_of

MOST_CHARACTERS = 50_000_000
EXPORTS = "exports/"
SHARED = "left out: it also holds an address that is not this person's"


@dataclass(frozen=True)
class ExportSteps:
    """Asks every place."""

    places: Places
    kept_days: float

    def search(self, case: PrivacyCase) -> Progress:
        """Leave traces to deliveries that were not translated and hold one of the identifiers, page by page."""
        identifiers = whole_person(self.places.people, case)
        search, found = Search(identifiers, self.places), 0
        entries, following = self.places.quarantine.page(case.work.cursor if case.work else "")
        known = deliveries_of(identifiers, self.places)
        for key in sorted({str(entry["archive_key"]) for entry in entries} - known):
            if search.finds(key):
                until = arrived(key) + timedelta(days=self.places.archive_days)
                self._trace(identifiers, key, until)
                found += 1
        return Progress({"untranslated_deliveries": found}, cursor=following)

    def gather(self, case: PrivacyCase) -> Progress:
        """Write the export. Doing it again writes it anew.

        It is traced like a delivery, before it is written: the erasure of its person deletes it.
        """
        identifiers = whole_person(self.places.people, case)
        key, now = f"{EXPORTS}{case.case_id}.json", self.places.now()
        export = self._export(case, identifiers, now)
        self._trace(identifiers, key, now + timedelta(days=self.kept_days))
        self.places.archive.keep_export(key, json.dumps(export, indent=1, ensure_ascii=False, default=str))
        counts = {name: len(part) for name, part in export.items() if isinstance(part, list)}
        about = tuple(self.places.keyed(one) for one in identifiers)
        return Progress(counts, changes={"about": about, "result": key})

    def _trace(self, identifiers: Iterable[Identifier], key: str, until: datetime) -> None:
        self.places.traces.note((identifier, f"{ARCHIVED}{key}", until) for identifier in identifiers)

    def _export(self, case: PrivacyCase, identifiers: tuple[Identifier, ...], now: datetime) -> dict[str, Any]:
        traces = list(self.places.traces.of(identifiers))
        subjects = {trace.removeprefix(ORDERED) for trace in traces if trace.startswith(ORDERED)}
        subjects |= set(case.work.orders if case.work else ())
        orders = (self.places.orders.described(subject, identifiers) for subject in sorted(subjects))
        deliveries, left_out = self._deliveries(identifiers)
        return {
            "made_at": now,
            "request": {"kind": case.kind, "source": case.source, "store": case.store, "at": case.requested_at},
            "identifiers": [list(one) for one in identifiers],
            "identity": own_identity(self.places.people.described(identifiers), identifiers),
            "orders": [order for order in orders if order],
            "deliveries": deliveries,
            "deliveries_left_out": left_out,
            "consent": list(self.places.consent.described(identifiers)),
            "last_told": list(self.places.confirmed.known(values_of(identifiers, "email"))),
            "observed": list(self.places.observed.known(identifiers)),
            "hubspot": self._hubspot(identifiers),
            "klaviyo": self._klaviyo(identifiers),
        }

    def _deliveries(self, identifiers: Sequence[Identifier]) -> tuple[list[Mapping[str, Any]], list[str]]:
        told: list[Mapping[str, Any]] = []
        left_out, size = [], 0
        for key in sorted(one for one in deliveries_of(identifiers, self.places) if one.startswith(DELIVERIES)):
            if size > MOST_CHARACTERS or not self.places.may_go_on():
                left_out.append(key)
                continue
            try:
                delivery = told_of(self.places.archive.fetch(key), identifiers, self.places.address_of)
            except PermanentError:
                continue
            if delivery:
                size += len(delivery["body"] or "")
                told.append(delivery)
        return told, left_out

    def _hubspot(self, identifiers: Sequence[Identifier]) -> list[Mapping[str, Any]] | str:
        hubspot = self.places.hubspot()
        if hubspot is None:
            return "not live: ask HubSpot"
        owned = Whose(identifiers, self.places.address_of).contacts(hubspot, identifiers)
        told = [contact for one in owned.theirs if (contact := hubspot.whole(one.record_id))]
        return [*told, *({"id": one.record_id, "properties": SHARED} for one in owned.others)]

    def _klaviyo(self, identifiers: Sequence[Identifier]) -> list[Mapping[str, Any]] | str:
        """By address and profile id: a number may be another person's there."""
        klaviyo = self.places.klaviyo()
        if klaviyo is None:
            return "not live: ask Klaviyo"
        by = [one for one in identifiers if one[0].partition("@")[0] != "phone"]
        owned = Whose(identifiers, self.places.address_of).profiles(klaviyo, by)
        told = [profile for one in owned.theirs for profile in klaviyo.find(profile_id=one.record_id)]
        return [*told, *({"id": one.record_id, "attributes": SHARED} for one in owned.others)]
