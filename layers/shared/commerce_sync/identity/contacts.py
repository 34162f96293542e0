"""HubSpot's contacts and Klaviyo's profiles as facts: their addresses, and what was merged into them there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from commerce_sync.contracts import Person, Store
from commerce_sync.contracts.identity import SamePerson
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.identity.emails import normalize_email
from commerce_sync.identity.facts import Observation
from commerce_sync.identity.persons import KLAVIYO, identifiers_of, normalize_person, observed, stated
from commerce_sync.identity.policy import EMAIL
from commerce_sync.identity.resolution import Resolver

MERGED: Final = ("hs_additional_emails", "hs_merged_object_ids")
PROPERTIES: Final = ("email", "phone", "country", "lastmodifieddate", *MERGED)
"""What identity wants to know of a contact."""


@dataclass(frozen=True)
class ContactPeople:
    """Learns who contacts and profiles are. ``store`` is the HubSpot portal."""

    resolver: Resolver
    store: Store

    def met(self, contacts: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
        """Learn contacts; the email addresses (normalised), by contact id, of those whom some store has met.

        A contact that would join too many people is known by its own identifiers alone.
        """
        pointers = self.resolver.learn([fact for contact in contacts for fact in self._facts(contact)]).pointers
        emails = {str(contact["id"]): normalize_email(contact["properties"].get("email") or "") for contact in contacts}
        return {
            contact_id: email
            for contact_id, email in emails.items()
            if email and (EMAIL, email) in pointers and pointers[EMAIL, email].met
        }

    def learn_merged(self, contacts: Sequence[Mapping[str, Any]]) -> int:
        """Learn the contacts of a page that others were merged into, or that have further addresses.

        For whoever reads every contact: it finds what a webhook missed. Returns how many would have joined too many.
        """
        merged = [one for one in contacts if any(one["properties"].get(name) for name in MERGED)]
        return len(self.resolver.learn([fact for contact in merged for fact in self._facts(contact)]).refused)

    def klaviyo_is(self, profile_id: str, email: str) -> None:
        """Learn which of Klaviyo's profiles an email address is."""
        if address := normalize_email(email):
            known: Identifier = (EMAIL, address)
            self.resolver.learn([Observation((KLAVIYO, profile_id), (known,), self.resolver.now(), KLAVIYO)])

    def _facts(self, contact: Mapping[str, Any]) -> Iterable[Observation]:
        said = contact["properties"]
        at = _moment(said.get("lastmodifieddate")) or self.resolver.now()
        raw = Person(
            hubspot_contact_id=str(contact["id"]),
            email=said.get("email"),
            phone=said.get("phone"),
            country=said.get("country"),
        )
        identifiers = identifiers_of(normalize_person(raw, self.store), self.store, self.resolver.policy)
        yield observed(identifiers, at, f"{self.store.source}:{self.store.id}")
        merged, emails = (_listed(said.get(name)) for name in ("hs_merged_object_ids", "hs_additional_emails"))
        if merged or emails:
            records = (str(contact["id"]), *merged)
            by = "hubspot_merge" if merged else "hubspot_additional_email"
            same = SamePerson(
                source=self.store.source, store=self.store.id, records=records, emails=emails, said_by=by, stated_at=at
            )
            yield from stated(same, self.store)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(";") if part.strip())


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
