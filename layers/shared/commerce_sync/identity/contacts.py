"""HubSpot's contacts and Klaviyo's profiles as facts: their addresses, and what was merged into them there."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from commerce_sync.contracts import Person, Store
from commerce_sync.contracts.identity import SaidBy, SamePerson
from commerce_sync.contracts.identity_book import Identifier, Pointer, identifier_of
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

    def with_a_profile(self, contacts: Sequence[Mapping[str, Any]], listed: Collection[str] = ()) -> Mapping[str, str]:
        """Learn contacts; the email addresses, by contact id, of those who have a profile at Klaviyo or may get one.

        ``listed`` are ids of contacts on a selected list. Whether Klaviyo knows somebody is read only of those whom
        neither a store has met nor a list names.
        """
        pointers = self._learn(contacts)
        found = {}
        unsure: dict[str, tuple[str, Pointer]] = {}
        for contact in contacts:
            contact_id, email = str(contact["id"]), normalize_email(contact["properties"].get("email") or "")
            pointer = pointers.get((EMAIL, email)) if email else None
            if email and pointer and may_have_profile(pointer, is_listed=contact_id in listed):
                found[contact_id] = email
            elif email and pointer:
                unsure[contact_id] = email, pointer
        theirs = self._at_klaviyo([pointer for _, pointer in unsure.values()])
        for contact_id, (email, pointer) in unsure.items():
            if may_have_profile(pointer, is_at_klaviyo=pointer.profile_id in theirs):
                found[contact_id] = email
        return found

    def _at_klaviyo(self, pointers: Sequence[Pointer]) -> Collection[str | None]:
        """The profiles of these that Klaviyo has one of its own for."""
        near = sorted({one.neighbourhood_id for one in pointers if one.neighbourhood_id and one.profile_id})
        read = self.resolver.book.neighbourhoods(near) if near else {}
        members = (member for one in read.values() for member in one.members.items())
        return {profile for text, profile in members if identifier_of(text)[0] == KLAVIYO}

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


def may_have_profile(pointer: Pointer, *, is_listed: bool = False, is_at_klaviyo: bool = False) -> bool:
    """Whether a contact may have a profile at Klaviyo, which bills profiles: a buyer, one on a list, one who is there.

    Whoever asked to be forgotten comes back by a store alone, never by a list or by a vendor's echo.
    """
    if pointer.profile_id is None:
        return False
    return pointer.met or (pointer.erased_at is None and (is_listed or is_at_klaviyo))


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(";") if part.strip())


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
