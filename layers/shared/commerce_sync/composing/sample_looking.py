"""People read on every side, a hundred at a time: what their owners have, what was told, what is due, what stands.

What was told is read first and once more last, and what stands at the destinations in between: so a telling that comes
in the way is seen as one, and is not taken for somebody's edit. All calls are history's: they give way to every other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final, Protocol

from commerce_sync.aws.open_looks import OpenLooks
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.aws.told import ToldTable
from commerce_sync.composing.clients import AccountSettings, hubspot, klaviyo
from commerce_sync.composing.contact_values import contact_reading
from commerce_sync.composing.identity import keys_of
from commerce_sync.composing.looking import enough, kind_of, subjects_of
from commerce_sync.composing.read_only import LookingSettings, ReadOnlySources
from commerce_sync.composing.sample_facts import Finder, Sight
from commerce_sync.composing.telling import lines_of
from commerce_sync.config.fields import field_map
from commerce_sync.contracts import Promise
from commerce_sync.contracts.advanced import DESTINATIONS, Destination
from commerce_sync.contracts.told import Told
from commerce_sync.errors import PausedError
from commerce_sync.profiles.at_hubspot import LIFECYCLE, HubSpotPlace, addresses
from commerce_sync.profiles.listening import Listening, RememberedReading
from commerce_sync.profiles.looks import REFUSED_ROW, look_at
from commerce_sync.profiles.standing import at_hubspot, at_klaviyo
from commerce_sync.profiles.syncing import MayGoOn, Outcome, ProfileSync
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.hubspot import HubSpot, HubSpotContacts
from commerce_sync.vendors.hubspot.fields import HubSpotFields
from commerce_sync.vendors.klaviyo.standing import standing

NO_TOKEN_WAIT: Final = 300.0
Subjects = Mapping[str, Sequence[str]]
"""By email address, all that a look at the person may be about."""


class SampleSettings(AccountSettings, LookingSettings, Protocol):
    """Where people, vendors and reports are, and which destinations are told."""

    @property
    def vendor_tokens_id(self) -> str: ...  # noqa: D102
    @property
    def control_table(self) -> str: ...  # noqa: D102
    @property
    def archive_bucket(self) -> str: ...  # noqa: D102
    @property
    def klaviyo_mode(self) -> str: ...  # noqa: D102
    @property
    def hubspot_mode(self) -> str: ...  # noqa: D102


@dataclass(frozen=True)
class Accounts:
    """Both vendors, read only, in history's lane.

    :raises PausedError: one has no token.
    """

    settings: SampleSettings

    @cached_property
    def hubspot(self) -> HubSpot:
        """HubSpot."""
        return hubspot(self.settings, self._tokens("hubspot"), "backfill")

    @cached_property
    def klaviyo(self) -> VendorHttp:
        """Klaviyo."""
        return klaviyo(self.settings, self._tokens("klaviyo"), "backfill")

    def _tokens(self, vendor: str) -> Mapping[str, str]:
        tokens: Mapping[str, str] = cached_secret(self.settings.vendor_tokens_id).value()
        if not tokens.get(vendor):
            raise PausedError(f"{vendor} has no token", retry_after=NO_TOKEN_WAIT)
        return tokens


@dataclass(frozen=True)
class Looking:
    """Reads people, and writes nothing anywhere."""

    settings: SampleSettings
    accounts: Accounts
    may_go_on: MayGoOn
    now: datetime

    def look(self, emails: Sequence[str]) -> Iterator[Sight]:
        """A hundred at most, by normalised email address; each at each destination."""
        told = ToldTable(self.settings.identity_table, keys_of(self.settings))
        before = {to: told.told(to, emails) for to in DESTINATIONS}
        ids = HubSpotContacts(self.accounts.hubspot).primary_ids(emails)
        subjects = subjects_of(self.settings, {email: ids.get(email) for email in emails})
        reading = RememberedReading(
            contact_reading(self.accounts.hubspot, self.settings.control_table, field_map().lists)
        )
        ears = {to: Listening(to, told) for to in DESTINATIONS}
        held = self._listen(subjects, reading, ears)
        finders = {"klaviyo": self._at_klaviyo(emails), "hubspot": self._at_hubspot(emails)}
        looks, stages = self._looks(subjects), self._stages()
        after = {to: told.told(to, emails) for to in DESTINATIONS}
        for email in emails:
            contact_id = ids.get(email)
            for to in DESTINATIONS:
                heard = ears[to].heard.get(email)
                yield Sight(
                    email=email,
                    contact_id=contact_id,
                    to=to,
                    is_live=self._mode(to) == "live",
                    now=self.now,
                    wanted=heard.values if heard else {},
                    before=before[to].get(email, Told()),
                    after=after[to].get(email, Told()),
                    finder=finders[to].get(email),
                    known=reading.seen.known.get(contact_id or ""),
                    misread=reading.seen.misread.get(contact_id or "", ()),
                    looks=looks[email],
                    held=held[email],
                    may_move=stages.may_move if stages and to == "hubspot" else None,
                )

    def _listen(
        self, subjects: Subjects, reading: RememberedReading, ears: Mapping[Destination, Listening]
    ) -> dict[str, dict[str, str]]:
        """Hear every source; by email address and source, why one could not say all that it has to say."""
        contacts = HubSpotContacts(self.accounts.hubspot)
        sources = ReadOnlySources(self.settings).sources(self.now, lambda: contacts, lambda: reading)
        sync = ProfileSync(sources, list(ears.values()), self.may_go_on)
        outcome = sync.run([subject for theirs in subjects.values() for subject in enough(theirs)])
        return {email: _held(theirs, outcome) for email, theirs in subjects.items()}

    def _looks(self, subjects: Subjects) -> dict[str, dict[str, list[Promise]]]:
        """By email address and source, the looks that stand in the order book."""
        everybody = [subject for theirs in subjects.values() for subject in theirs]
        rows = [(one, row) for one in everybody for row in (look_at(one, self.now).row, REFUSED_ROW)]
        promises = list(OpenLooks(self.settings.order_book_table).of(rows).values())
        found: dict[str, dict[str, list[Promise]]] = {}
        for email, theirs in subjects.items():
            found[email] = {}
            for promise in promises:
                if promise.subject in theirs:
                    found[email].setdefault(kind_of(promise.subject), []).append(promise)
        return found

    def _at_klaviyo(self, emails: Sequence[str]) -> dict[str, Finder]:
        """How to find a field of a profile, by email address; whom Klaviyo does not know is absent."""
        profiles = standing(self.accounts.klaviyo, emails)
        return {email: _in_profile(values) for email, values in profiles.items()}

    def _at_hubspot(self, emails: Sequence[str]) -> dict[str, Finder]:
        """The same of the contact that has an address; of two, of that whose primary one it is."""
        names = [line.name for line in lines_of("hubspot").values()]
        held = HubSpotFields(self.accounts.hubspot).holding(emails, names)
        found = {email: _in_contact(one["properties"]) for one in held for email in addresses(one)}
        return found | {theirs[0]: _in_contact(one["properties"]) for one in held if (theirs := addresses(one))}

    def _stages(self) -> HubSpotPlace | None:
        """Where the map writes lifecycle stages, what knows their order."""
        fields = HubSpotFields(self.accounts.hubspot)
        return HubSpotPlace(fields, lifecycle=True) if LIFECYCLE in lines_of("hubspot") else None

    def _mode(self, to: Destination) -> str:
        return self.settings.klaviyo_mode if to == "klaviyo" else self.settings.hubspot_mode


def _in_profile(values: Mapping[str, object]) -> Finder:
    return lambda line: at_klaviyo(line, values)


def _in_contact(properties: Mapping[str, str | None]) -> Finder:
    return lambda line: at_hubspot(line, properties)


def _held(subjects: Sequence[str], outcome: Outcome) -> dict[str, str]:
    wrong = {**outcome.refused, **{one: str(error) for one, error in outcome.waiting.items()}}
    return {kind_of(subject): wrong[subject] for subject in subjects if subject in wrong}
