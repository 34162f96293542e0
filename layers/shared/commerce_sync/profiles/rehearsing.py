"""A telling without its writes: the engine's own book and destinations, of which only what reads is handed through.

What differs, whom an import takes and which calls it needs is found by the very rules that tell. No consent can come of
it: no port here, nor the engine behind it, has a word for consent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from commerce_sync.contracts.fields import ATTRIBUTE
from commerce_sync.contracts.plans import PlannedWrite, Rehearsed
from commerce_sync.contracts.told import Begun, Told, ToldAt
from commerce_sync.errors import PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.profiles.at_hubspot import Contacts
from commerce_sync.profiles.at_lists import Lists
from commerce_sync.profiles.destinations import Book
from commerce_sync.profiles.klaviyo_needs import Imports, Profiles

JOBS: Final = "/api/profile-bulk-import-jobs"
ASKED_TOGETHER: Final = 100
MEMBERS: Final = "/api/lists/{}/relationships/profiles"
CONTACTS: Final = "/crm/objects/V/contacts"


@dataclass(frozen=True)
class ReadOnlyBook:
    """What was told, as it stands. Every write of it would hold."""

    book: Book

    def key_of(self, destination: ToldAt, email: str) -> str:
        """As the book says."""
        return self.book.key_of(destination, email)

    def told(self, destination: ToldAt, emails: Sequence[str]) -> Mapping[str, Told]:
        """As the book says."""
        return self.book.told(destination, emails)

    def begin(self, key: str, told: Told) -> bool:  # noqa: ARG002 # nothing is noted
        """Nobody is faster."""
        return True

    def end(self, key: str, told: Told) -> bool:  # noqa: ARG002 # nothing is noted
        """Nobody overtakes."""
        return True

    def doubt(self, key: str, over: int | None = None) -> None:
        """Nothing is noted."""


@dataclass(frozen=True)
class KlaviyoRehearsal:
    """Fits Profiles, Imports and Jobs of :mod:`commerce_sync.profiles.klaviyo_needs`.

    ``imports`` is only asked what it makes of rows, which needs no call. An import is looked at once at least.
    """

    profiles: Profiles
    imports: Imports
    found: Rehearsed

    def upsert(self, email: str, attributes: Mapping[str, str | None], properties: Mapping[str, object]) -> str:
        """Nothing is sent."""
        self.found.called("klaviyo", "POST", "/api/profile-import")
        self.found.writes.append(PlannedWrite("klaviyo", email, email, _flat(attributes, properties)))
        return ""

    def phones(self, emails: Sequence[str]) -> Mapping[str, str]:
        """As Klaviyo says: a hundred a call, fewer where an address holds no more."""
        self.found.called("klaviyo", "GET", "/api/profiles", -(-len(emails) // ASKED_TOGETHER))
        return self.profiles.phones(emails)

    def row(self, email: str, attributes: Mapping[str, str | None], properties: Mapping[str, object]) -> Any:
        """As it would be sent."""
        return email, _flat(attributes, properties), self.imports.row(email, attributes, properties)

    def batches(self, rows: Mapping[str, Any]) -> Sequence[Sequence[str]]:
        """As they would be sent."""
        return self.imports.batches({email: row for email, (_, _, row) in rows.items()})

    def start(self, rows: Sequence[Any]) -> str:
        """Nothing is sent."""
        self.found.called("klaviyo", "POST", JOBS)
        self.found.called("klaviyo", "GET", f"{JOBS}/id")
        self.found.writes += [PlannedWrite("klaviyo", email, email, values) for email, values, _ in rows]
        return ""

    def blamed(self, refusal: RefusedByVendorError) -> Mapping[int, PermanentError]:  # noqa: ARG002 # nothing is sent
        """Nothing was refused."""
        return {}

    def opened(self, members: Sequence[Begun]) -> str:  # noqa: ARG002 # nothing is promised
        """No promise."""
        return ""

    def started(self, token: str, job_id: str) -> None:
        """Nothing to note."""

    def closed(self, token: str) -> None:
        """Nothing to note."""


@dataclass(frozen=True)
class ListsRehearsal:
    """Fits :class:`commerce_sync.profiles.at_lists.Lists`. Whoever has no profile would be given one first."""

    lists: Lists
    found: Rehearsed
    _emails: dict[str, str] = field(default_factory=dict, init=False)

    def ids(self, emails: Sequence[str]) -> Mapping[str, str]:
        """As Klaviyo says."""
        self.found.called("klaviyo", "GET", "/api/profiles", -(-len(emails) // ASKED_TOGETHER))
        ids = dict.fromkeys(emails, "") | dict(self.lists.ids(emails))
        return {email: self._named(one or email, email) for email, one in ids.items()}

    def add(self, list_id: str, profile_ids: Sequence[str]) -> None:
        """Nothing is sent."""
        self._changed("POST", list_id, profile_ids, joined=True)

    def remove(self, list_id: str, profile_ids: Sequence[str]) -> None:
        """Nothing is sent."""
        self._changed("DELETE", list_id, profile_ids, joined=None)

    def _named(self, profile_id: str, email: str) -> str:
        self._emails[profile_id] = email
        return profile_id

    def _changed(self, method: str, list_id: str, profile_ids: Sequence[str], *, joined: bool | None) -> None:
        self.found.called("klaviyo", method, MEMBERS.format(list_id))
        for email in (self._emails[one] for one in profile_ids):
            self.found.writes.append(PlannedWrite("klaviyo", email, email, {f"list {list_id}": joined}))


@dataclass(frozen=True)
class HubSpotRehearsal:
    """Fits :class:`commerce_sync.profiles.at_hubspot.Contacts`."""

    contacts: Contacts
    found: Rehearsed
    _emails: dict[str, str] = field(default_factory=dict, init=False)

    def holding(self, emails: Sequence[str], properties: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        """As HubSpot says."""
        self.found.called("hubspot", "POST", f"{CONTACTS}/batch/read")
        held = self.contacts.holding(emails, properties)
        self._emails.update({str(one["id"]): str(one["properties"].get("email") or "") for one in held})
        return held

    def update(self, values: Mapping[str, Mapping[str, str]]) -> Mapping[str, PermanentError | RetriableError]:
        """Nothing is sent. An empty text clears."""
        if values:
            self.found.called("hubspot", "POST", f"{CONTACTS}/batch/update")
        for one, texts in values.items():
            wanted = {name: text or None for name, text in texts.items()}
            self.found.writes.append(PlannedWrite("hubspot", one, self._emails[one], wanted))
        return {}

    def create(self, people: Mapping[str, Mapping[str, str]]) -> Mapping[str, PermanentError | RetriableError]:
        """Nothing is sent. A contact that is not there yet has no id."""
        self.found.called("hubspot", "POST", f"{CONTACTS}/batch/create")
        for email, values in people.items():
            self.found.writes.append(PlannedWrite("hubspot", "", email, dict(values)))
        return {}

    def stages(self) -> Sequence[str]:
        """As HubSpot says."""
        return self.contacts.stages()


def _flat(attributes: Mapping[str, str | None], properties: Mapping[str, object]) -> dict[str, object]:
    """By :attr:`FieldLine.key`."""
    return {**{f"{ATTRIBUTE}{name}": value for name, value in attributes.items()}, **properties}
