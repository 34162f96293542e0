"""HubSpot's contacts and Klaviyo's profiles as facts: their addresses, and what was merged into them there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from commerce_sync.contracts import Person, Store
from commerce_sync.contracts.identity import SaidBy, SamePerson
from commerce_sync.contracts.identity_book import Identifier, Pointer
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
    """Learns who contacts and profiles are. ``store`` is the HubSpot portal; ``told`` hears how many were refused."""

    resolver: Resolver
    store: Store
    told: Callable[[int], None] = lambda _refused: None

    def met(self, contacts: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
        """Learn contacts; the email addresses (normalised), by contact id, of those whom some store has met.

        A contact that would join too many people is known by its own identifiers alone.
        """
        pointers = self._learn(contacts)
        emails = {str(contact["id"]): normalize_email(contact["properties"].get("email") or "") for contact in contacts}
        return {
            contact_id: email
            for contact_id, email in emails.items()
            if email and (EMAIL, email) in pointers and pointers[EMAIL, email].met
        }

    def learn_merged(self, contacts: Sequence[Mapping[str, Any]]) -> None:
        """Learn the contacts of a page that others were merged into, or that have further addresses.

        For whoever reads every contact: it finds what a webhook missed.
        """
        self._learn([one for one in contacts if any(one["properties"].get(name) for name in MERGED)])

    def klaviyo_is(self, profile_id: str, email: str) -> None:
        """Learn which of Klaviyo's profiles an email address is."""
        if address := normalize_email(email):
            known: Identifier = (EMAIL, address)
            self.resolver.learn([Observation((KLAVIYO, profile_id), (known,), self.resolver.now(), KLAVIYO)])

    def _learn(self, contacts: Sequence[Mapping[str, Any]]) -> Mapping[Identifier, Pointer]:
        learnt = self.resolver.learn([fact for contact in contacts for fact in self._facts(contact)])
        if learnt.refused:
            self.told(len(learnt.refused))
        return learnt.pointers

    def _facts(self, contact: Mapping[str, Any]) -> Iterable[Observation]:
        """What a contact says, as of when it was created: the same whenever it is read.

        What was merged into it is told in parts, because the list only grows; each merge was somebody's own decision.
        """
        said = contact["properties"]
        at = _moment(contact.get("createdAt")) or _moment(said.get("lastmodifieddate")) or self.resolver.now()
        raw = Person(
            hubspot_contact_id=str(contact["id"]),
            email=said.get("email"),
            phone=said.get("phone"),
            country=said.get("country"),
        )
        identifiers = identifiers_of(normalize_person(raw, self.store), self.store, self.resolver.policy)
        yield observed(identifiers, at, f"{self.store.source}:{self.store.id}")
        merged, emails = (_listed(said.get(name)) for name in ("hs_merged_object_ids", "hs_additional_emails"))
        most = self.resolver.policy.most_merged
        for start in range(0, len(merged), most):
            yield from self._same(contact, merged[start : start + most], (), "hubspot_merge", at)
        for start in range(0, len(emails), most):
            yield from self._same(contact, (), emails[start : start + most], "hubspot_additional_email", at)

    def _same(
        self, contact: Mapping[str, Any], merged: tuple[str, ...], emails: tuple[str, ...], by: SaidBy, at: datetime
    ) -> Iterable[Observation]:
        records = (str(contact["id"]), *merged)
        same = SamePerson(
            source=self.store.source, store=self.store.id, records=records, emails=emails, said_by=by, stated_at=at
        )
        return stated(same, self.store)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(";") if part.strip())


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
