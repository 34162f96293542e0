"""The systems whose records are merged, as :class:`~commerce_sync.duplicates.merging.Merger` wants them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from commerce_sync.duplicates.entries import Entry, Marking
from commerce_sync.duplicates.hubspot import PROPERTIES, contact_entry
from commerce_sync.duplicates.klaviyo import profile_entry

Record = Mapping[str, Any]


class Contacts(Protocol):
    """HubSpot's contacts."""

    def page(self, after: str | None, properties: Sequence[str]) -> tuple[list[Record], str | None]:
        """A page, and the next one's cursor."""

    def whole(self, contact_id: str) -> Record | None:
        """A contact, under the id that it has now, with every property that holds a value."""

    def merge(self, primary_id: str, other_id: str) -> str:
        """Merge; returns the id of what is left."""


class Profiles(Protocol):
    """Klaviyo's profiles, with their subscriptions."""

    def page(self, cursor: str | None) -> tuple[list[Record], str | None]:
        """A page, and the next one's cursor."""

    def find(self, *, profile_id: str | None = None) -> list[Record]:
        """The profile of that id, if there is one."""

    def merge(self, destination_id: str, source_id: str) -> bool:
        """Ask for a merge; False where the source was gone already."""


@dataclass(frozen=True)
class HubSpotSide:
    """Contacts. ``may_refuse`` gives the properties that may hold a refusal; asked for each page, it should remember.

    An id that a merge left behind shows what is left.
    """

    shows_merges: ClassVar[bool] = True
    contacts: Contacts
    marking: Marking
    may_refuse: Callable[[], Sequence[str]]

    def page(self, cursor: str | None) -> tuple[list[Entry], str | None]:
        """The entries of a page, and the next one's cursor."""
        contacts, following = self.contacts.page(cursor, self._asked())
        return [contact_entry(contact, self.marking, self.may_refuse()) for contact in contacts], following

    def read(self, record: str) -> Entry | None:
        """A contact as it is now; a property without a value is one that says nothing."""
        contact = self.contacts.whole(record)
        if contact is None:
            return None
        silent = dict.fromkeys(self._asked(), "")
        told = {**contact, "properties": {**silent, **contact["properties"]}}
        return contact_entry(told, self.marking, self.may_refuse())

    def merge(self, survivor: str, other: str) -> str | None:
        """Merge two contacts; HubSpot may give what is left a new id."""
        return self.contacts.merge(survivor, other)

    def _asked(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*PROPERTIES, *self.may_refuse())))


@dataclass(frozen=True)
class KlaviyoSide:
    """Profiles. One that was merged is simply gone, as one that was erased."""

    shows_merges: ClassVar[bool] = False
    profiles: Profiles
    marking: Marking

    def page(self, cursor: str | None) -> tuple[list[Entry], str | None]:
        """The entries of a page, and the next one's cursor."""
        profiles, following = self.profiles.page(cursor)
        return [profile_entry(profile, self.marking) for profile in profiles], following

    def read(self, record: str) -> Entry | None:
        """A profile as it is now."""
        found = self.profiles.find(profile_id=record)
        return profile_entry(found[0], self.marking) if found else None

    def merge(self, survivor: str, other: str) -> str | None:
        """Ask Klaviyo to merge two profiles. It does so later; the survivor keeps its id."""
        return survivor if self.profiles.merge(survivor, other) else None
