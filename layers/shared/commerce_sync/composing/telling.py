"""The destinations of profiles, and the sources that speak of people, for one batch of profile_sync."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from typing import Final, Protocol

from commerce_sync.aws.import_jobs import ImportJobs
from commerce_sync.aws.observed import ObservedTable
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.aws.told import ToldTable
from commerce_sync.composing.contact_values import contact_reading
from commerce_sync.composing.identity import keys_of, people_of, resolver_of
from commerce_sync.composing.joining import unready_of
from commerce_sync.composing.observing import ObservedPeople
from commerce_sync.composing.order_totals import TotalsSettings, TotalsSource, person_totals
from commerce_sync.config.advanced import advanced_properties
from commerce_sync.config.fields import field_map
from commerce_sync.config.identity import identity_rules
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts import Promise, Store
from commerce_sync.contracts.advanced import DESTINATIONS, AdvancedProperty, Destination
from commerce_sync.contracts.fields import FieldLine, HubSpotList
from commerce_sync.contracts.told import LISTS
from commerce_sync.identity.contacts import PROPERTIES, ContactPeople
from commerce_sync.identity.policy import policy_of
from commerce_sync.observability import count
from commerce_sync.profiles.at_hubspot import LIFECYCLE, HubSpotPlace
from commerce_sync.profiles.at_klaviyo import KlaviyoPlace
from commerce_sync.profiles.at_lists import ListsPlace
from commerce_sync.profiles.contacts import ContactSource
from commerce_sync.profiles.destinations import Place
from commerce_sync.profiles.importing import ImportDesk
from commerce_sync.profiles.looks import CONTACT, IMPORT, IMPORT_ROW, OBSERVED
from commerce_sync.profiles.observing import ObservedSource
from commerce_sync.profiles.syncing import ProfileSync, Source
from commerce_sync.profiles.telling import Telling
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.hubspot import HubSpot, HubSpotContacts
from commerce_sync.vendors.hubspot.fields import HubSpotFields
from commerce_sync.vendors.klaviyo import KlaviyoProfiles
from commerce_sync.vendors.klaviyo.imports import KlaviyoImports
from commerce_sync.vendors.klaviyo.lists import KlaviyoLists

AN_ORDER: Final = ""
"""Whatever else a subject begins with: an order book subject names a store."""


class TellingSettings(TotalsSettings, Protocol):
    """Where identity and the order book stand, who is told, and from how many profiles on by bulk import."""

    @property
    def klaviyo_mode(self) -> str: ...  # noqa: D102
    @property
    def hubspot_mode(self) -> str: ...  # noqa: D102
    @property
    def control_table(self) -> str: ...  # noqa: D102
    @property
    def archive_bucket(self) -> str: ...  # noqa: D102
    @property
    def longest_retry(self) -> float: ...  # noqa: D102
    @property
    def bulk_from(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class Vendors:
    """How the vendors' sessions are made, when there is something to read or to tell."""

    klaviyo: Callable[[], VendorHttp]
    hubspot: Callable[[], HubSpot]


@dataclass(frozen=True)
class Batch:
    """All that one batch of profile_sync is made of. ``lists`` are the selected ones of HubSpot's."""

    settings: TellingSettings
    vendors: Vendors
    may_go_on: Callable[[], bool]
    lists: tuple[HubSpotList, ...] = field(default_factory=lambda: field_map().lists)

    def sync(self, observed: ObservedSource) -> ProfileSync:
        """The looks at people."""
        sources: dict[str, Source] = {
            CONTACT: self._contacts(),
            OBSERVED: observed,
            AN_ORDER: self._totals(observed.now),
        }
        tellings = [self._telling(to) for to in live(self.settings)]
        if self.settings.klaviyo_mode == "live" and any(one.klaviyo for one in self.lists):
            tellings.append(Telling(LISTS, self._told(), self._lists, self.may_go_on))
        return ProfileSync(sources, tellings, self.may_go_on)

    def observed(self, now: datetime) -> ObservedSource:
        """What owners observe of people."""
        book = ObservedTable(self.settings.identity_table, keys_of(self.settings))
        people = ObservedPeople(people_of(self.settings), policy_of(identity_rules()))
        return ObservedSource(advanced_properties(), book, people, live(self.settings), now)

    def imports(self, now: datetime) -> ImportDesk:
        """The looks at bulk imports."""
        book = self._told()
        imports = cache(lambda: KlaviyoImports(self.vendors.klaviyo()))
        return ImportDesk(book, imports, self._jobs().members, partial(book.key_of, "klaviyo"), now, self.may_go_on)

    def _telling(self, to: Destination) -> Telling:
        places: dict[Destination, Callable[[], Place]] = {"klaviyo": self._klaviyo, "hubspot": self._hubspot}
        lines = lines_of(to)
        once = frozenset(key for key, line in lines.items() if line.send == "once")
        return Telling(to, self._told(), places[to], self.may_go_on, once)

    def _klaviyo(self) -> KlaviyoPlace:
        http = self.vendors.klaviyo()
        return KlaviyoPlace(
            profiles=KlaviyoProfiles(http),
            imports=KlaviyoImports(http),
            jobs=self._jobs(),
            lines=lines_of("klaviyo"),
            bulk_from=self.settings.bulk_from,
            learnt=self._identities().klaviyo_is,
            may_go_on=self.may_go_on,
        )

    def _lists(self) -> ListsPlace:
        http = self.vendors.klaviyo()
        unready = unready_of(http, self.lists)
        return ListsPlace(
            KlaviyoLists(http), KlaviyoProfiles(http), unready, self._identities().klaviyo_is, self.may_go_on
        )

    def _hubspot(self) -> HubSpotPlace:
        fields = HubSpotFields(self.vendors.hubspot())
        return HubSpotPlace(fields, LIFECYCLE in lines_of("hubspot"), field_map().creates_contact)

    def _contacts(self) -> ContactSource:
        return ContactSource(
            live=self.settings.klaviyo_mode == "live",
            contacts=cache(lambda: HubSpotContacts(self.vendors.hubspot())),
            reading=lambda: contact_reading(self.vendors.hubspot(), self.settings.control_table, self.lists),
            identities=self._identities(),
            identity_properties=PROPERTIES,
            clock=clock,
        )

    def _totals(self, now: datetime) -> TotalsSource:
        return TotalsSource(person_totals(self.settings, now), live(self.settings), clock, self.settings.longest_retry)

    def _identities(self) -> ContactPeople:
        refused = partial(count, "RefusedMerges", source="hubspot")
        return ContactPeople(resolver_of(self.settings), portal(), refused)

    def _told(self) -> ToldTable:
        return ToldTable(self.settings.identity_table, keys_of(self.settings))

    def _jobs(self) -> ImportJobs:
        book = OrderBookTable(self.settings.order_book_table)
        return ImportJobs(self.settings.archive_bucket, book, promised_import, clock)


def live(settings: TellingSettings) -> Sequence[Destination]:
    """The destinations that are told."""
    modes = {"klaviyo": settings.klaviyo_mode, "hubspot": settings.hubspot_mode}
    return [to for to in DESTINATIONS if modes[to] == "live"]


def promised_import(token: str, now: datetime) -> Promise:
    """The promise to see how an import ends."""
    return Promise(f"{IMPORT}{token}", IMPORT_ROW, "pending", now)


def lines_of(to: Destination) -> Mapping[str, FieldLine]:
    """The field map of a destination by key, with the advanced properties that go there."""
    own = {line.key: line for line in field_map().to(to)}
    return own | {line.key: line for one in advanced_properties() if (line := _line(one, to))}


def clock() -> datetime:
    """The time, as late as it is asked for."""
    return datetime.now(UTC)


def _line(one: AdvancedProperty, to: Destination) -> FieldLine | None:
    name = one.name_at(to)
    return FieldLine("bundle", one.name, to, name, one.type, clear=True) if name else None


def portal() -> Store:
    """The HubSpot portal as a store of identity."""
    return next(store for (source, _), store in configured_stores().items() if source == "hubspot")
