"""Contacts are read by the hundred; one that HubSpot does not read keeps nobody from being read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from commerce_sync.errors import PausedError, RefusedByVendorError
from commerce_sync.profiles.contacts import ContactSource
from commerce_sync.profiles.looks import CONTACT
from commerce_sync.profiles.reading import Read

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@dataclass
class HubSpotInMemory:
    """Contacts whose address is their id; ``odd`` refuses any read that it is in. Fits all that a source asks for."""

    odd: str = ""
    stopped_after: int = 1000
    reads: list[int] = field(default_factory=list)

    def read(self, contacts: Any, properties: Sequence[str] | None = None) -> Any:
        """Contacts by id, and what Klaviyo shall have of them."""
        if properties is None:
            return Read({str(one["id"]): {"stage": "lead"} for one in contacts})
        self.reads.append(len(contacts))
        if len(self.reads) > self.stopped_after:
            raise PausedError("hubspot 429", retry_after=10.0)
        if self.odd in contacts:
            raise RefusedByVendorError("hubspot", 400, "VALIDATION_ERROR")
        return [{"id": one, "properties": {"email": f"{one}@example.com"}} for one in contacts]

    def properties(self) -> tuple[str, ...]:
        """None of their own."""
        return ()

    def listed(self, contact_ids: Collection[str]) -> Mapping[str, Collection[str]]:  # noqa: ARG002 # none is selected
        """On no list."""
        return {}

    def with_a_profile(self, contacts: Sequence[Mapping[str, Any]], listed: Collection[str] = ()) -> Mapping[str, str]:  # noqa: ARG002 # everybody
        """Everybody."""
        return {str(one["id"]): str(one["properties"]["email"]) for one in contacts}


def source_of(hubspot: HubSpotInMemory) -> ContactSource:
    """Over it."""
    return ContactSource(
        live=True,
        contacts=lambda: hubspot,
        reading=lambda: hubspot,
        identities=hubspot,
        identity_properties=(),
        clock=lambda: NOW,
    )


def test_one_contact_that_cannot_be_read_is_refused_alone() -> None:
    """The other ninety-nine are met."""
    hubspot = HubSpotInMemory(odd="7")
    met = source_of(hubspot).meet([f"{CONTACT}{one}" for one in range(100)], lambda: True)
    assert met.refused == {f"{CONTACT}7": "hubspot 400 VALIDATION_ERROR"}
    assert len(met.emails) == 99
    assert not met.waiting
    assert met.counts["RefusedContacts"] == 1


def test_whoever_is_left_waits_where_hubspot_pauses_between_the_halves() -> None:
    """Nobody is forgotten."""
    hubspot = HubSpotInMemory(odd="7", stopped_after=2)
    met = source_of(hubspot).meet([f"{CONTACT}{one}" for one in range(200)], lambda: True)
    assert len(met.waiting) == 200
    assert not met.refused
