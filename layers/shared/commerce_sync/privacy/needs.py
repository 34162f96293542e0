"""What forgetting and telling need from the outside. Deletions may be repeated: what is gone is no error."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from commerce_sync.contracts import Envelope
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase, Untold
from commerce_sync.privacy.needs_of_vendors import HubSpot, Klaviyo


class Cases(Protocol):
    """Requests and their proof."""

    def find(self, case_id: str) -> PrivacyCase | None:
        """One request."""

    def put(self, case: PrivacyCase) -> PrivacyCase:
        """Write over the revision that was read; retriable where somebody else was faster."""


class People(Protocol):
    """Who is who."""

    def identifiers_of_person(self, named: Sequence[Identifier]) -> Sequence[Identifier]:
        """Every identifier of the profiles that the named ones belong to."""

    def described(self, identifiers: Sequence[Identifier]) -> Mapping[str, Any]:
        """What is stored of them, for an export."""

    def forget(self, identifiers: Sequence[Identifier], at: datetime) -> int:
        """Forget them, and mark them as erased at that instant."""

    def erased(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, datetime]:
        """Which are marked, since when."""

    def came_back(self, identifiers: Sequence[Identifier]) -> Sequence[Identifier]:
        """Those that are marked, and that a store has made known again since."""


class Records(Protocol):
    """Records of stores, as they stand in the identity table."""

    def page(self, kind: str, cursor: str) -> tuple[Sequence[Identifier], str]:
        """Some records of one store, and where to go on; an empty cursor begins, and ends."""


class Traces(Protocol):
    """Where a person left traces."""

    def note(self, rows: Iterable[tuple[Identifier, str, datetime | None]]) -> None:
        """Write traces down."""

    def of(self, identifiers: Iterable[Identifier]) -> Iterator[str]:
        """Traces of a person, each once, in order."""

    def remove(self, identifiers: Iterable[Identifier], traces: Collection[str]) -> int:
        """Remove these traces of a person."""


class Archive(Protocol):
    """Deliveries and exports."""

    def fetch(self, key: str) -> Envelope:
        """A delivery; permanent where it is gone."""

    def erase(self, keys: Collection[str]) -> int:
        """Delete objects in all versions; returns how many versions and markers went."""

    def erase_below(self, prefix: str, may_go_on: Callable[[], bool]) -> tuple[int, bool]:
        """Delete everything below a prefix in all versions; how many went, and whether all did."""

    def keep_export(self, key: str, text: str) -> None:
        """Store an export."""


class Quarantine(Protocol):
    """Deliveries that could not be translated."""

    def page(self, cursor: str) -> tuple[Sequence[Mapping[str, Any]], str]:
        """Some entries, and where to go on; an empty cursor begins, and ends."""

    def remove(self, envelope_ids: Collection[str]) -> int:
        """Remove all entries of these deliveries."""


class Orders(Protocol):
    """The order book."""

    def forget(self, subject: str, identifiers: Collection[Identifier] | None, until: datetime) -> Mapping[str, int]:
        """Take a person out of a subject's facts up to an instant; None takes out whoever is there, whenever."""

    def forget_contact(self, contact_id: str) -> int:
        """Remove what waits for a HubSpot contact."""

    def subjects(self, store: str, cursor: str) -> tuple[Sequence[str], str]:
        """Some subjects of one store (``shopify:us``), and where to go on; an empty cursor begins, and ends."""

    def described(self, subject: str, identifiers: Collection[Identifier]) -> Mapping[str, Any] | None:
        """An order or checkout of a person with its promises, for an export: without anybody else."""


class Confirmed(Protocol):
    """What each destination is known to have (:mod:`commerce_sync.contracts.told`)."""

    def is_underway(self, emails: Sequence[str]) -> bool:
        """Whether a bulk import at Klaviyo holds one of these, of which nobody knows yet how it ended."""

    def forget(self, emails: Sequence[str]) -> int:
        """Remove what is known of these addresses."""

    def known(self, emails: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        """What is known of these addresses, for an export."""


class Observed(Protocol):
    """What owners observed of a person (advanced.toml), and what destinations have of it."""

    def forget(self, identifiers: Sequence[Identifier]) -> int:
        """Remove what is kept of these identifiers."""

    def known(self, identifiers: Sequence[Identifier]) -> Sequence[Mapping[str, Any]]:
        """What is kept of these identifiers, for an export."""


class Consent(Protocol):
    """The consent ledger."""

    def withdraw(self, identifiers: Sequence[Identifier], at: datetime, case_id: str) -> int:
        """Write that each address wants nothing any more; returns for how many it was new."""

    def untold(self, identifiers: Sequence[Identifier]) -> Untold:
        """Which destinations of the addresses were not told to write to nobody."""

    def shred(self, identifiers: Sequence[Identifier], returned: Collection[Identifier]) -> int:
        """Make what was said unreadable; returns how many keys went. Who came back stays reachable by what is new."""

    def described(self, identifiers: Sequence[Identifier]) -> Sequence[Mapping[str, Any]]:
        """What the addresses said, for an export."""


@dataclass(frozen=True)
class Places:
    """Every place where something of a person may be, and the clock.

    ``hubspot`` and ``klaviyo`` make the clients, None where the vendor is not live; ``contact_kind`` is the kind of a
    HubSpot contact's identifier (``hubspot:main``). ``address_of`` gives the identifier of an address in any spelling,
    ``keyed`` the keyed hash of one; ``may_go_on`` says whether there is time for more. The archive keeps a delivery for
    ``archive_days``. ``pages`` gives the web stores of each shop (``shopify:us``) that has some.
    """

    people: People
    traces: Traces
    archive: Archive
    quarantine: Quarantine
    orders: Orders
    confirmed: Confirmed
    observed: Observed
    consent: Consent
    records: Records
    hubspot: Callable[[], HubSpot | None]
    klaviyo: Callable[[], Klaviyo | None]
    contact_kind: str
    address_of: Callable[[str], Identifier | None]
    keyed: Callable[[Identifier], str]
    archive_days: float
    pages: Mapping[str, Sequence[str]]
    now: Callable[[], datetime]
    may_go_on: Callable[[], bool]
