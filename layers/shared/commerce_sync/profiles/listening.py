"""What sources say, heard and told to nobody: for those who compare instead of telling."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from commerce_sync.contracts.advanced import Destination
from commerce_sync.contracts.told import Told, Wanted
from commerce_sync.profiles.contacts import Contact, Reading
from commerce_sync.profiles.destinations import Book
from commerce_sync.profiles.reading import Read
from commerce_sync.profiles.telling import Endings


@dataclass(frozen=True)
class Listening:
    """Fits :class:`commerce_sync.profiles.syncing.Teller`. ``heard`` has by email address what it shall have there."""

    destination: Destination
    book: Book
    heard: dict[str, Wanted] = field(default_factory=dict)

    def tell(self, wanted: Mapping[str, Wanted], known: Mapping[str, Told]) -> Endings:  # noqa: ARG002 # nobody is told
        """Nobody must wait for what is told to nobody."""
        self.heard.update(wanted)
        return Endings()


@dataclass(frozen=True)
class RememberedReading:
    """A reading of contacts of which all is kept, by contact id: what each value was made of, and what made none."""

    reading: Reading
    seen: Read = field(default_factory=Read)

    def properties(self) -> tuple[str, ...]:
        """As the reading says."""
        return self.reading.properties()

    def listed(self, contact_ids: Collection[str]) -> Collection[str]:
        """As the reading says."""
        return self.reading.listed(contact_ids)

    def read(self, contacts: Sequence[Contact]) -> Read:
        """As the reading says."""
        found = self.reading.read(contacts)
        self.seen.known.update(found.known)
        self.seen.misread.update(found.misread)
        return found
