"""HubSpot's contacts as a source: read by the hundred; what the field map carries of those who may have a profile."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from commerce_sync.contracts.fields import FieldValues
from commerce_sync.contracts.told import LISTS
from commerce_sync.errors import PausedError, PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.profiles.bisecting import BLAMES_THE_BODY
from commerce_sync.profiles.destinations import OUT_OF_TIME
from commerce_sync.profiles.looks import CONTACT
from commerce_sync.profiles.mapping import LONG_AGO, MODIFIED
from commerce_sync.profiles.reading import Read
from commerce_sync.profiles.syncing import MayGoOn, Met, Spoken
from commerce_sync.profiles.transforms import moment

MOST_TOGETHER: Final = 100
Contact = Mapping[str, Any]
Age = tuple[datetime, int, str]


class Contacts(Protocol):
    """HubSpot's contacts."""

    def read(self, contact_ids: Sequence[str], properties: Sequence[str]) -> Sequence[Contact]:
        """Contacts by id; those that are gone are absent."""


class Identities(Protocol):
    """Who is who."""

    def with_a_profile(self, contacts: Sequence[Contact], listed: Collection[str] = ()) -> Mapping[str, str]:
        """Learn contacts; the email addresses, by contact id, of those who have a profile at Klaviyo or may get one."""


class Reading(Protocol):
    """What Klaviyo shall have of contacts, by the field map."""

    def properties(self) -> tuple[str, ...]:
        """What is asked of a contact itself."""

    def listed(self, contact_ids: Collection[str]) -> Collection[str]:
        """The contacts that are on a selected list."""

    def read(self, contacts: Sequence[Contact]) -> Read:
        """What Klaviyo shall have of these contacts, with what stands beside them."""


@dataclass
class ContactSource:
    """One batch. Where Klaviyo is not live, nothing is read. ``identity_properties`` are what identity asks for."""

    live: bool
    contacts: Callable[[], Contacts]
    reading: Callable[[], Reading]
    identities: Identities
    identity_properties: Sequence[str]
    clock: Callable[[], datetime]
    _spoken: dict[str, tuple[Age, Sequence[Spoken]]] = field(default_factory=dict, init=False)

    def meet(self, subjects: Sequence[str], may_go_on: MayGoOn) -> Met:
        """Whose addresses these contacts are. One that may have no profile is nobody's."""
        met = Met()
        if not self.live:
            met.counts["ObservedContacts"] += len(subjects)
            return met
        stopped: RetriableError | None = None
        for some in _hundreds(subjects):
            stopped = stopped or (None if may_go_on() else PausedError(OUT_OF_TIME, retry_after=1.0))
            if stopped is None:
                stopped = self._read(some, met)
            else:
                met.waiting |= dict.fromkeys(some, stopped)
        return met

    def speak(self, met: Met) -> Iterator[Spoken]:  # noqa: ARG002 # read already
        """Of two contacts with one address the later changed one speaks for it, alone."""
        for _, spoken in self._spoken.values():
            yield from spoken

    def ends(self, subject: str) -> datetime | None:  # noqa: ARG002 # as it is
        """Nothing of a contact ends by itself."""
        return None

    def _read(self, subjects: Sequence[str], met: Met) -> RetriableError | None:
        """One hundred; returns why everybody after them must wait, if they must."""
        ids = [subject.removeprefix(CONTACT) for subject in subjects]
        asked_at = _sorting(self.clock())
        try:
            reading = self.reading()
            wanted = dict.fromkeys([MODIFIED, *self.identity_properties, *reading.properties()])
            contacts = self.contacts().read(ids, list(wanted))
            emails = self.identities.with_a_profile(contacts, reading.listed(ids))
            theirs = {str(one["id"]): one for one in contacts if str(one["id"]) in emails}
            found = reading.read(list(theirs.values()))
        except PermanentError as error:
            if len(subjects) > 1 and isinstance(error, RefusedByVendorError) and error.status in BLAMES_THE_BODY:
                return self._read_apart(subjects, met)
            met.counts["RefusedContacts"] += len(subjects)
            met.refused |= dict.fromkeys(subjects, str(error))
            return None
        except RetriableError as error:
            met.waiting |= dict.fromkeys(subjects, error)
            return error
        met.counts["UnreadableFields"] += found.unreadable.total()
        met.counts["FieldsNotAllowed"] += len(found.not_allowed)
        for contact_id, said in found.values.items():
            self._say(theirs[contact_id], emails[contact_id], said, found.lists.get(contact_id), asked_at)
            met.emails[f"{CONTACT}{contact_id}"] = (emails[contact_id],)
        return None

    def _read_apart(self, subjects: Sequence[str], met: Met) -> RetriableError | None:
        """In halves, so that one that HubSpot does not read keeps nobody from being read."""
        middle = len(subjects) // 2
        if stopped := self._read(subjects[:middle], met):
            met.waiting |= dict.fromkeys(subjects[middle:], stopped)
            return stopped
        return self._read(subjects[middle:], met)

    def _say(self, contact: Contact, email: str, said: FieldValues, lists: FieldValues | None, asked_at: str) -> None:
        """What a contact says, unless one of the same address says it that was modified later, or is younger."""
        contact_id = str(contact["id"])
        modified = moment(str(contact["properties"].get(MODIFIED) or "")) or LONG_AGO
        age = modified, len(contact_id), contact_id
        if email not in self._spoken or self._spoken[email][0] < age:
            versions = {"contact": f"{_sorting(modified)}|{asked_at}"}
            of_lists = [Spoken(LISTS, email, lists, versions)] if lists else []
            self._spoken[email] = age, [Spoken("klaviyo", email, said, versions), *of_lists]


def _sorting(at: datetime) -> str:
    """A moment in UTC as text that sorts as moments do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _hundreds(subjects: Sequence[str]) -> Iterator[Sequence[str]]:
    return (subjects[start : start + MOST_TOGETHER] for start in range(0, len(subjects), MOST_TOGETHER))
