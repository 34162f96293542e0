"""Which records at the vendors are the person's, so that no deletion or export takes somebody else along.

A vendor's record may be several people's: HubSpot's staff merge contacts, Klaviyo's profiles change their address. One
that holds an address which is not the person's is left alone, and an operator looks at it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.privacy.needs_of_vendors import HubSpot, Klaviyo

AddressOf = Callable[[str], Identifier | None]


def values_of(identifiers: Iterable[Identifier], wanted: str) -> list[str]:
    """The addresses of one kind (``email``), those that a store keeps apart (``email@own:wholesale``) included."""
    return list(dict.fromkeys(value for kind, value in identifiers if kind.partition("@")[0] == wanted))


def contacts_of(identifiers: Iterable[Identifier]) -> list[str]:
    """The ids of their HubSpot contacts."""
    return [value for kind, value in identifiers if kind.startswith("hubspot:")]


@dataclass(frozen=True, slots=True)
class Held:
    """A record at a vendor: its id, and its email addresses in their normal form."""

    record_id: str
    emails: frozenset[str]


@dataclass(frozen=True)
class Owned:
    """Records at the vendors that a person's identifiers lead to: ``theirs``, and ``others`` that are not theirs alone.

    ``shared_phones`` are numbers that a stranger's Klaviyo profile holds: they name nobody there.
    """

    theirs: tuple[Held, ...]
    others: tuple[Held, ...]
    shared_phones: tuple[str, ...] = ()

    def but(self, emails: Collection[str]) -> "Owned":
        """Without the records that hold one of these addresses."""
        return Owned(_without(self.theirs, emails), _without(self.others, emails), self.shared_phones)


@dataclass(frozen=True)
class Whose:
    """A person's identifiers, and what is theirs among a vendor's records. ``address_of`` reads any spelling."""

    identifiers: Collection[Identifier]
    address_of: AddressOf

    def contacts(self, hubspot: HubSpot, by: Collection[Identifier]) -> Owned:
        """HubSpot's contacts by these ids (a merged one leads to the survivor) and addresses."""
        ids, emails = contacts_of(by), values_of(by, "email")
        found: dict[str, Held] = {}
        for contact_id in dict.fromkeys((*ids, *sorted(set(hubspot.ids_by_email(emails).values())))):
            if contact_id not in found and (contact := hubspot.addressed(contact_id)):
                found[contact[0]] = Held(contact[0], frozenset(self._normal(contact[1])))
        return self._parted(found.values(), contacts_of(self.identifiers))

    def archived_contacts(self, hubspot: HubSpot) -> Owned:
        """Those that lie in HubSpot's archive, by id alone: nothing leads to them by address."""
        ids = contacts_of(self.identifiers)
        found = (Held(one, frozenset(self._normal(emails))) for one, emails in hubspot.archived(ids))
        return self._parted(found, ids)

    def profiles(self, klaviyo: Klaviyo, by: Collection[Identifier]) -> Owned:
        """Klaviyo's profiles by these ids, addresses and phones; a stranger's with the same number is left out."""
        found = [one for known in values_of(by, "klaviyo") for one in klaviyo.find(profile_id=known)]
        found += [one for email in values_of(by, "email") for one in klaviyo.find(email=email)]
        own = self._parted(map(self._held, found), values_of(self.identifiers, "klaviyo"))
        theirs, shared = list(own.theirs), []
        for phone in values_of(by, "phone"):
            held = [self._held(one) for one in klaviyo.find(phone=phone)]
            if all(one.emails <= self._emails for one in held):
                theirs += held
            else:
                shared.append(phone)
        return Owned(tuple({one.record_id: one for one in theirs}.values()), own.others, tuple(shared))

    def _parted(self, found: Iterable[Held], ids: Collection[str]) -> Owned:
        """A record is theirs by its addresses, where all are theirs; by its id alone where it has none."""
        parts: tuple[list[Held], list[Held]] = [], []
        for one in {one.record_id: one for one in found}.values():
            is_theirs = one.emails <= self._emails and (one.emails or one.record_id in ids)
            parts[0 if is_theirs else 1].append(one)
        return Owned(tuple(parts[0]), tuple(parts[1]))

    def _held(self, profile: Mapping[str, Any]) -> Held:
        email = (profile.get("attributes") or {}).get("email")
        return Held(str(profile["id"]), frozenset(self._normal([email] if email else [])))

    @property
    def _emails(self) -> set[str]:
        return set(values_of(self.identifiers, "email"))

    def _normal(self, addresses: Iterable[str]) -> Iterable[str]:
        """Addresses in their normal form; one that has none stays as it is: it is not the person's either."""
        for text in addresses:
            found = self.address_of(text)
            yield found[1] if found else text.lower()


def _without(records: Iterable[Held], emails: Collection[str]) -> tuple[Held, ...]:
    return tuple(one for one in records if not one.emails & set(emails))
