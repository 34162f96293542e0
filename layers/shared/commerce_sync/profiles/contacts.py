"""HubSpot's contacts as a source: read by the hundred; what the field map carries of those whom a store has met."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from commerce_sync.contracts.fields import FieldValues
from commerce_sync.errors import PausedError, PermanentError, RetriableError
from commerce_sync.profiles.looks import CONTACT
from commerce_sync.profiles.syncing import MayGoOn, Met, Spoken
from commerce_sync.profiles.telling import OUT_OF_TIME

MOST_TOGETHER: Final = 100
MODIFIED: Final = "lastmodifieddate"
Contact = Mapping[str, Any]


class Contacts(Protocol):
    """HubSpot's contacts."""

    def read(self, contact_ids: Sequence[str], properties: Sequence[str]) -> Sequence[Contact]:
        """Contacts by id; those that are gone are absent."""


class Identities(Protocol):
    """Who is who."""

    def met(self, contacts: Sequence[Contact]) -> Mapping[str, str]:
        """Learn contacts; the email addresses, by contact id, of those whom a store has met."""


@dataclass
class ContactSource:
    """One batch. ``values_of`` maps contacts, by id, to what Klaviyo shall have of them; ``properties`` are asked for.

    Where Klaviyo is not live, nothing is read.
    """

    live: bool
    contacts: Callable[[], Contacts]
    identities: Identities
    properties: Sequence[str]
    values_of: Callable[[Sequence[Contact]], Mapping[str, FieldValues]]
    clock: Callable[[], datetime]
    _spoken: list[tuple[str, Spoken]] = field(default_factory=list, init=False)

    def meet(self, subjects: Sequence[str], may_go_on: MayGoOn) -> Met:
        """Whose addresses these contacts are. One that no store has met is nobody's."""
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
        """Of two contacts with one address the later changed one speaks for it, last."""
        for _, spoken in sorted(self._spoken, key=lambda one: one[0]):
            yield spoken

    def ends(self, subject: str) -> datetime | None:  # noqa: ARG002 # as it is
        """Nothing of a contact ends by itself."""
        return None

    def _read(self, subjects: Sequence[str], met: Met) -> RetriableError | None:
        """One hundred; returns why everybody after them must wait, if they must."""
        ids = [subject.removeprefix(CONTACT) for subject in subjects]
        asked_at = self.clock().isoformat(timespec="microseconds")
        try:
            read = self.contacts().read(ids, list(dict.fromkeys([MODIFIED, *self.properties])))
            emails = self.identities.met(read)
            theirs = [contact for contact in read if str(contact["id"]) in emails]
            values = self.values_of(theirs) if theirs else {}
        except PermanentError as error:
            met.counts["RefusedContacts"] += len(subjects)
            met.refused |= dict.fromkeys(subjects, str(error))
            return None
        except RetriableError as error:
            met.waiting |= dict.fromkeys(subjects, error)
            return error
        modified = {str(one["id"]): str(one["properties"].get(MODIFIED) or "") for one in theirs}
        for contact_id, said in values.items():
            email = emails[contact_id]
            met.emails[f"{CONTACT}{contact_id}"] = (email,)
            version = f"{modified[contact_id]}|{asked_at}"
            self._spoken.append((version, Spoken("klaviyo", email, said, version)))
        return None


def _hundreds(subjects: Sequence[str]) -> Iterator[Sequence[str]]:
    return (subjects[start : start + MOST_TOGETHER] for start in range(0, len(subjects), MOST_TOGETHER))
