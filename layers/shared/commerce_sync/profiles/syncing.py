"""Carries contacts to Klaviyo, a hundred at a time: read, map, compare with what Klaviyo has, write the news."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from commerce_sync.errors import PausedError, PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.profiles.klaviyo_profile import MODIFIED, FieldLine, KlaviyoProfile, klaviyo_profile

MOST_TOGETHER = 100
BESIDE_THE_ADDRESS = frozenset({"phone_number", "external_id"})
"""Klaviyo's further identifiers: with one in a refused write, the profile in its way may be somebody else's."""


class Contacts(Protocol):
    """HubSpot's contacts."""

    def read(self, contact_ids: Sequence[str], properties: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        """Contacts by id; those that are gone are absent."""


class Profiles(Protocol):
    """Klaviyo's profiles."""

    def upsert(self, email: str, attributes: Mapping[str, str], properties: Mapping[str, str]) -> str:
        """Write one; its id at Klaviyo."""


class Identities(Protocol):
    """Who is who."""

    def met(self, contacts: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
        """Learn contacts; the email addresses, by contact id, of those whom a store has met."""

    def klaviyo_is(self, profile_id: str, email: str) -> None:
        """Learn which of Klaviyo's profiles an email address is."""


class Confirmed(Protocol):
    """What Klaviyo has already."""

    def without_known(self, profiles: Sequence[KlaviyoProfile]) -> Sequence[KlaviyoProfile]:
        """Those that would be news."""

    def confirm(self, profile: KlaviyoProfile) -> bool:
        """Remember what was accepted. False where a newer version was accepted meanwhile."""


@dataclass
class Outcome:
    """Contacts that must wait, each with why, and what else is worth counting."""

    waiting: dict[str, RetriableError] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class ProfileSync:
    """One batch. The clients are made only where Klaviyo is live."""

    live: bool
    fields: Sequence[FieldLine]
    contacts: Callable[[], Contacts]
    klaviyo: Callable[[], Profiles]
    identities: Identities
    confirmed: Confirmed
    identity_properties: Sequence[str] = ("email",)

    def run(self, contact_ids: Sequence[str], may_go_on: Callable[[], bool]) -> Outcome:
        """Sync contacts by id. One that cannot be written now waits; the others go on."""
        outcome = Outcome()
        if not self.live:
            outcome.counts["ObservedContacts"] += len(contact_ids)
            return outcome
        stopped: RetriableError | None = None
        for chunk in _chunks(contact_ids):
            if stopped is None and not may_go_on():
                stopped = PausedError("out of time", retry_after=1.0)
            if stopped is None:
                stopped = self._sync(chunk, outcome)
            else:
                outcome.waiting |= dict.fromkeys(chunk, stopped)
        return outcome

    def _sync(self, contact_ids: Sequence[str], outcome: Outcome) -> RetriableError | None:
        """One chunk; returns why everything after it must wait, if it must."""
        try:
            read = self.contacts().read(contact_ids, self._properties())
            news = self._news(read)
            klaviyo = self.klaviyo() if news else None
        except PermanentError:
            outcome.counts["RefusedContacts"] += len(contact_ids)
            return None
        except RetriableError as error:
            outcome.waiting |= dict.fromkeys(contact_ids, error)
            return error
        stopped: RetriableError | None = None
        for contact_id, profile in news:
            if stopped is None and klaviyo is not None:
                stopped = self._write(contact_id, profile, klaviyo, outcome)
            elif stopped is not None:
                outcome.waiting[contact_id] = stopped
        return stopped

    def _properties(self) -> list[str]:
        """What is asked of a contact: what the field map carries, and what identity wants to know."""
        return list(dict.fromkeys([*self.identity_properties, MODIFIED, *(line.source for line in self.fields)]))

    def _news(self, contacts: Sequence[Mapping[str, Any]]) -> list[tuple[str, KlaviyoProfile]]:
        """Contacts whom a store has met, and of whom Klaviyo would hear something new."""
        met = self.identities.met(contacts)
        mapped: dict[str, tuple[str, KlaviyoProfile]] = {}
        for contact in sorted(contacts, key=_modified):
            if (contact_id := str(contact["id"])) in met:
                email = met[contact_id]
                mapped[email] = contact_id, klaviyo_profile(email, contact["properties"], self.fields)
        known = [profile for _, profile in mapped.values()]
        return [(mapped[profile.email][0], profile) for profile in self.confirmed.without_known(known)]

    def _write(
        self, contact_id: str, profile: KlaviyoProfile, klaviyo: Profiles, outcome: Outcome
    ) -> RetriableError | None:
        try:
            klaviyo_id = klaviyo.upsert(profile.email, profile.attributes, profile.properties)
            self.identities.klaviyo_is(klaviyo_id, profile.email)
        except RefusedByVendorError as error:
            if error.existing_id and not BESIDE_THE_ADDRESS & profile.attributes.keys():
                self.identities.klaviyo_is(error.existing_id, profile.email)
            outcome.counts["RefusedProfiles"] += 1
            return None
        except PermanentError:
            outcome.counts["RefusedProfiles"] += 1
            return None
        except RetriableError as error:
            outcome.waiting[contact_id] = error
            return error if isinstance(error, PausedError) else None
        outcome.counts["WrittenProfiles"] += 1
        if not self.confirmed.confirm(profile):
            outcome.waiting[contact_id] = RetriableError("a newer version was written meanwhile")
        return None


def _modified(contact: Mapping[str, Any]) -> str:
    """Of two contacts with one address the later changed one speaks for it."""
    return str(contact["properties"].get(MODIFIED) or "")


def _chunks(contact_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (contact_ids[start : start + MOST_TOGETHER] for start in range(0, len(contact_ids), MOST_TOGETHER))
