"""Which profile a person is: the same answer for the same facts, and one profile however many workers ask.

Identifiers are claimed by conditional writes, so two workers with one person make one profile. An identifier that
another profile holds stays with it: joining profiles is a merge, which has rules and a record of its own.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID, uuid5

from commerce_sync.contracts import Person, Store
from commerce_sync.errors import RetriableError
from commerce_sync.identity.countries import normalize_country
from commerce_sync.identity.emails import normalize_email
from commerce_sync.identity.phones import normalize_phone

PROFILES = UUID("6a5cf1b2-5d3f-4e0c-9d5e-0f3c1b7a2e11")
ATTEMPTS = 5


Identifier = tuple[str, str]
"""A kind (email, phone, or ``<source>:<store>`` for a vendor's id) and a value that points at a profile."""


class IdentityStore(Protocol):
    """Where identifiers are claimed."""

    def profiles_of(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, str]:
        """The profile ids of those identifiers that are known, in one read."""

    def claim(self, profile_id: str, identifiers: Sequence[Identifier]) -> bool:
        """Give unclaimed identifiers to a profile, all or none. False where one of them was claimed meanwhile."""


def normalize_person(person: Person, store: Store) -> Person:
    """A person with email, phone and country in their normal forms; what does not normalise is left out.

    A phone's region is its own international form, else the person's country, else the store's.
    """
    country = normalize_country(person.country or "")
    regions = [region for region in (country, store.country) if region]
    return person.model_copy(
        update={
            "email": normalize_email(person.email or ""),
            "phone": normalize_phone(person.phone or "", regions),
            "country": country,
        }
    )


def identifiers_of(person: Person, store: Store) -> tuple[Identifier, ...]:
    """A normalised person's identifiers, the strongest first: email, the store's or the CRM's id, phone."""
    vendor_id = person.hubspot_contact_id or person.customer_id
    found = (
        ("email", person.email),
        (f"{store.source}:{store.id}", vendor_id),
        ("phone", person.phone),
    )
    return tuple((kind, value) for kind, value in found if value)


def resolve(identifiers: Sequence[Identifier], identities: IdentityStore) -> str | None:
    """Find or create the profile of a person.

    The profile of the strongest known identifier wins; identifiers that nobody holds join it. A new profile's id
    is made from its strongest identifier. When everything is known already, nothing is written. A phone decides only
    where there is no email address: families and counters share phones, and an unknown address on a known phone is
    somebody else until a merge says otherwise.

    :raises RetriableError: other workers kept claiming the same identifiers.
    """
    if not identifiers:
        return None
    for _ in range(ATTEMPTS):
        known = identities.profiles_of(identifiers)
        holder = next((known[identifier] for identifier in _deciding(identifiers) if identifier in known), None)
        profile_id = holder or str(uuid5(PROFILES, "\x1f".join(identifiers[0])))
        unclaimed = [identifier for identifier in identifiers if identifier not in known]
        if not unclaimed or identities.claim(profile_id, unclaimed):
            return profile_id
    raise RetriableError("a person's identifiers are being claimed by other workers")


def _deciding(identifiers: Sequence[Identifier]) -> Sequence[Identifier]:
    if any(kind == "email" for kind, _ in identifiers):
        return [identifier for identifier in identifiers if identifier[0] != "phone"]
    return identifiers
