"""What HubSpot knows of contacts, beside them too, as what Klaviyo shall have: only what the field map asks for.

What our token may not read is left as it is, and named; the rest goes on.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from commerce_sync.contracts.crm import Owner, Ticket
from commerce_sync.contracts.fields import FieldMap, FieldValues, Known
from commerce_sync.errors import NotAllowedError
from commerce_sync.profiles.beside import (
    OPTED_OUT,
    OWNER_ID,
    Memberships,
    deals_known,
    lists_at_klaviyo,
    lists_known,
    owner_known,
    tickets_known,
)
from commerce_sync.profiles.mapping import mapped
from commerce_sync.profiles.transforms import Transform

Contact = Mapping[str, Any]
Found = TypeVar("Found")


class Owners(Protocol):
    """The CRM's owners."""

    def of(self, owner_ids: Collection[str]) -> Mapping[str, Owner]:
        """By id; one that nobody knows is absent."""


class Beside(Protocol):
    """Deals and tickets of contacts, by contact id. A contact of whom nobody can say is absent."""

    def open_deals(self, contact_ids: Sequence[str]) -> Mapping[str, int]:
        """How many are open."""

    def tickets(self, contact_ids: Sequence[str]) -> Mapping[str, Sequence[Ticket]]:
        """All of them."""


class Lists(Protocol):
    """The selected lists, as they were read last."""

    def of(self, contact_ids: Collection[str]) -> Mapping[str, Memberships]:
        """Which of them each contact is on."""


@dataclass
class Read:
    """Values by contact id, what they were made of, Klaviyo's lists; how often a source held a text that is no value
    of its field; what may not be read. ``misread`` are the sources of such texts by contact id.
    """

    values: dict[str, FieldValues] = field(default_factory=dict)
    lists: dict[str, FieldValues] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    misread: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unreadable: Counter[str] = field(default_factory=Counter)
    not_allowed: dict[str, NotAllowedError] = field(default_factory=dict)


@dataclass(frozen=True)
class ContactReading:
    """Reads what stands beside contacts, all of them in the fewest calls, and maps it."""

    fields: FieldMap
    transforms: Mapping[str, Transform]
    owners: Owners
    beside: Beside
    lists: Lists

    def properties(self) -> tuple[str, ...]:
        """What is asked of a contact itself, for the field map."""
        beside = {OWNER_ID: self.fields.asks_for("owner"), OPTED_OUT: any(one.klaviyo for one in self.fields.lists)}
        return (*self.fields.properties(), *(name for name, is_asked in beside.items() if is_asked))

    def listed(self, contact_ids: Collection[str]) -> Collection[str]:
        """The contacts that are on a selected list."""
        read = self.lists.of(contact_ids) if self.fields.lists else {}
        return [contact_id for contact_id, member_of in read.items() if any(member_of.values())]

    def read(self, contacts: Sequence[Contact]) -> Read:
        """What Klaviyo shall have of these contacts."""
        read = Read()
        if not contacts:
            return read
        known = self._known(contacts, read)
        lines = [line for line in self.fields.to("klaviyo") if line.owner == "hubspot"]
        for contact in contacts:
            contact_id = str(contact["id"])
            read.known[contact_id] = {**contact["properties"], **known[contact_id]}
            found = mapped(read.known[contact_id], lines, self.transforms)
            read.values[contact_id], read.misread[contact_id] = found.values, found.unreadable
            read.unreadable.update(found.unreadable)
        return read

    def _known(self, contacts: Sequence[Contact], read: Read) -> Mapping[str, Known]:
        """By contact id, what stands beside it."""
        ids = [str(contact["id"]) for contact in contacts]
        known: dict[str, dict[str, str | None]] = {contact_id: {} for contact_id in ids}
        for contact_id, theirs in self._asked("owner", lambda: self._owners(contacts), read).items():
            known[contact_id] |= theirs
        for contact_id, open_deals in self._asked("deals", lambda: self.beside.open_deals(ids), read).items():
            known[contact_id] |= deals_known(open_deals)
        for contact_id, tickets in self._asked("tickets", lambda: self.beside.tickets(ids), read).items():
            known[contact_id] |= tickets_known(tickets, self.fields.complaints)
        if self.fields.lists:
            out = {str(one["id"]) for one in contacts if one["properties"].get(OPTED_OUT) == "true"}
            for contact_id, member_of in self.lists.of(ids).items():
                known[contact_id] |= lists_known(member_of, self.fields.lists)
                read.lists[contact_id] = lists_at_klaviyo(member_of, self.fields.lists, opted_out=contact_id in out)
        return known

    def _asked(self, group: str, ask: Callable[[], Mapping[str, Found]], read: Read) -> Mapping[str, Found]:
        """An answer, where the field map asks for any of it."""
        try:
            return ask() if self.fields.asks_for(group) else {}
        except NotAllowedError as error:
            read.not_allowed[group] = error
            return {}

    def _owners(self, contacts: Sequence[Contact]) -> Mapping[str, Known]:
        """Of contacts whose owner was read at all."""
        said = {str(one["id"]): one["properties"][OWNER_ID] for one in contacts if OWNER_ID in one["properties"]}
        owners = self.owners.of({owner_id for owner_id in said.values() if owner_id})
        return {contact_id: owner_known(owner_id, owners) for contact_id, owner_id in said.items()}
