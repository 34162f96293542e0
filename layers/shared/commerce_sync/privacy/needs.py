"""What forgetting and telling need from the outside. Deletions may be repeated: what is gone is no error."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from commerce_sync.contracts import Envelope
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase


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

    def records_of(self, kind: str) -> Iterator[Identifier]:
        """Every record of one store that is known."""


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

    def items(self) -> Iterator[dict[str, Any]]:
        """Everything that waits."""

    def remove(self, items: Iterable[Mapping[str, Any]]) -> int:
        """Remove entries."""


class Orders(Protocol):
    """The order book."""

    def forget(self, subject: str, identifiers: Collection[Identifier] | None, until: datetime) -> Mapping[str, int]:
        """Take a person out of a subject's facts up to an instant; None takes out whoever is there, whenever."""

    def forget_contact(self, contact_id: str) -> int:
        """Remove what waits for a HubSpot contact."""

    def subjects(self, store: str, after: str) -> Iterator[str]:
        """Subjects of one store (``shopify:us``), in an order that stays, after one of them."""

    def described(self, subject: str) -> Mapping[str, Any] | None:
        """An order or checkout with its promises, for an export."""


class Confirmed(Protocol):
    """What Klaviyo is known to have."""

    def forget(self, emails: Sequence[str]) -> int:
        """Remove what is known of these addresses."""

    def known(self, emails: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        """What is known of these addresses, for an export."""


class HubSpot(Protocol):
    """HubSpot's contacts."""

    def forget(self, contact_id: str) -> bool:
        """Delete for privacy; False where nobody is known."""

    def forget_email(self, email: str) -> None:
        """The same by address."""

    def whole(self, contact_id: str) -> Mapping[str, Any] | None:
        """A contact with everything."""

    def ids_by_email(self, emails: Sequence[str]) -> Mapping[str, str]:
        """Contact ids by address."""


class Klaviyo(Protocol):
    """Klaviyo's profiles."""

    def find(
        self, *, email: str | None = None, phone: str | None = None, profile_id: str | None = None
    ) -> Sequence[Mapping[str, Any]]:
        """Profiles by any of these."""

    def forget(self, *, profile_id: str | None = None, email: str | None = None, phone: str | None = None) -> None:
        """Ask for a deletion by exactly one of these."""


@dataclass(frozen=True)
class Places:
    """Every place where something of a person may be, and the clock.

    ``hubspot`` and ``klaviyo`` make the clients, None where the vendor is not live. ``keyed`` gives the keyed hash of
    an identifier; ``may_go_on`` says whether there is time for more.
    """

    people: People
    traces: Traces
    archive: Archive
    quarantine: Quarantine
    orders: Orders
    confirmed: Confirmed
    hubspot: Callable[[], HubSpot | None]
    klaviyo: Callable[[], Klaviyo | None]
    keyed: Callable[[Identifier], str]
    now: Callable[[], datetime]
    may_go_on: Callable[[], bool]
