"""What is read of HubSpot's records: contacts that changed, and the contacts of companies, deals and tickets that did.

What profile_sync carries may stand at any of them, so each is a hint to read its contacts again. An object that goes
into the archive, or whose contacts alone change, may show no change: its webhook tells, or the next change does.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from commerce_sync.composing.hints import Hint
from commerce_sync.composing.polling_hubspot import LAG
from commerce_sync.polling.cursors import Rule, Sighting, Window
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.hubspot.associations import HubSpotAssociations, Tied
from commerce_sync.vendors.hubspot.searching import (
    CONTACTS,
    Filter,
    HubSpotSearch,
    Record,
    changed_since,
    modified_name,
)
from commerce_sync.vendors.hubspot.statuses import moment_of

OBJECTS: Final = ("companies", "deals", "tickets")
ON: Final = "|"
"""Between an object, as it was sighted, and the page of its contacts that was come to."""
AT: Final = "@"
"""Between a record's id and when it was changed, in a sighting's id."""
Tell = Callable[[Sequence[Hint]], None]
Wanted = Callable[[datetime], Filter]


class Search(Protocol):
    """HubSpot's search."""

    def behind(
        self, object_type: str, wanted: Filter, last_id: str | None, properties: Sequence[str], /
    ) -> tuple[list[Record], str | None]:
        """Records that fit, of ids behind one, and the id to go on behind."""


class Associations(Protocol):
    """Which contacts belong to a record."""

    def contacts_of(self, object_type: str, places: dict[str, str | None], /) -> dict[str, Tied]:
        """The contacts of records, each from its page on."""


@dataclass(frozen=True)
class ContactSource:
    """Contacts that fit a filter, by id. ``wanted`` makes it of a window's start."""

    name: str
    rule: Rule
    search: Search
    wanted: Wanted
    tell: Tell

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """Two hundred contacts; the page is the id to go on behind."""
        found, following = self.search.behind(
            CONTACTS, self.wanted(window.start), window.page, (modified_name(CONTACTS),)
        )
        return [_sighting(CONTACTS, one, window) for one in found], following

    def say(self, fresh: Sequence[Sighting]) -> None:
        """Each is a hint."""
        self.tell([Hint(one.what, "contact", one.at) for one in fresh])


@dataclass(frozen=True)
class TiedSource:
    """Companies, deals or tickets that changed, by id, with the contacts of each."""

    object_type: str
    rule: Rule
    search: Search
    associations: Associations
    tell: Tell

    @property
    def name(self) -> str:
        """Under which its cursor is kept."""
        return f"records#hubspot:{self.object_type}"

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """Objects up to the first whose contacts go on on a page of their own; such pages are read before the next id.

        The page is the id to go on behind, or an object's sighting and the page of its contacts: ``77@2026-...|abc``.
        """
        last_id, _, after = (window.page or "").partition(ON)
        if after:
            return self._more(last_id, after)
        found, following = self.search.behind(
            self.object_type, changed_since(self.object_type, window.start), last_id or None, (self._modified,)
        )
        tied = self.associations.contacts_of(self.object_type, {str(one["id"]): None for one in found})
        sightings = []
        for one in found:
            contacts, more = tied.get(str(one["id"]), Tied())
            sightings.append(_sighting(self.object_type, one, window, contacts))
            if more:
                return sightings, f"{sightings[-1].id}{ON}{more}"
        return sightings, following

    def say(self, fresh: Sequence[Sighting]) -> None:
        """A hint of every contact."""
        self.tell(list(self._hints(fresh)))

    @property
    def _modified(self) -> str:
        return modified_name(self.object_type)

    def _hints(self, fresh: Sequence[Sighting]) -> Iterator[Hint]:
        for one in fresh:
            object_id = one.id.partition(AT)[0]
            yield from (Hint(contact, f"{self.object_type}:{object_id}", one.at) for contact in one.what)

    def _more(self, sighted: str, after: str) -> tuple[Sequence[Sighting], str]:
        object_id, _, at = sighted.partition(AT)
        contacts, more = self.associations.contacts_of(self.object_type, {object_id: after}).get(object_id, Tied())
        sighting = Sighting(f"{sighted}{ON}{after}", datetime.fromisoformat(at), contacts)
        return [sighting], f"{sighted}{ON}{more}" if more else object_id


def record_sources(client: HubSpot, overlap: timedelta, tell: Tell) -> Iterator[ContactSource | TiedSource]:
    """Contacts first, then what stands beside them."""
    search, rule = HubSpotSearch(client), Rule(overlap, lag=LAG)
    yield ContactSource("records#hubspot:contacts", rule, search, lambda start: changed_since(CONTACTS, start), tell)
    for object_type in OBJECTS:
        yield TiedSource(object_type, rule, search, HubSpotAssociations(client), tell)


def _sighting(object_type: str, record: Record, window: Window, what: Any = None) -> Sighting:
    """A record as it was last changed: one more change is another sighting."""
    at = moment_of(record["properties"].get(modified_name(object_type))) or window.end
    return Sighting(f"{record['id']}{AT}{at.isoformat()}", at, str(record["id"]) if what is None else what)
