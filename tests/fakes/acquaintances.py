"""A resolver over a book in memory, and short names for invented identifiers."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.identity.facts import Observation
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.identity.policy import Policy
from commerce_sync.identity.resolution import Resolver

from tests.fakes.identity_book import IdentityBookInMemory

START = datetime(2026, 11, 1, tzinfo=UTC)
PEPPERS = {"current": "1", "1": "pepper-for-tests"}
POLICY = Policy(role_local_parts=frozenset({"info", "sales"}))


def email(name: str) -> Identifier:
    """An invented address."""
    return "email", f"{name}@example.com"


def phone(number: int) -> Identifier:
    """An invented number."""
    return "phone", f"+1212555{number:04d}"


def customer(number: int, store: str = "us") -> Identifier:
    """A store's customer."""
    return f"shopify:{store}", str(number)


def contact(number: int) -> Identifier:
    """A HubSpot contact."""
    return "hubspot:main", str(number)


def seen(*identifiers: Identifier, hours: float = 0, by: str = "shopify:us") -> Observation:
    """A body that names these together, the center first, so many hours after the start."""
    return Observation(identifiers[0], identifiers[1:], START + timedelta(hours=hours), by)


def stated(*identifiers: Identifier, hours: float = 0, by: str = "hubspot:main") -> Observation:
    """A system's own word that these are one person."""
    return Observation(identifiers[0], identifiers[1:], START + timedelta(hours=hours), by, "stated")


def resolver(
    book: IdentityBookInMemory | None = None, policy: Policy = POLICY, peppers: dict[str, str] = PEPPERS
) -> Resolver:
    """A resolver with a clock that ticks a second a look, a day after the start."""
    ticks, ids = count(), count(1)
    return Resolver(
        book or IdentityBookInMemory(),
        IdentifierKeys(peppers),
        policy,
        lambda: START + timedelta(days=1, seconds=next(ticks)),
        lambda: f"id-{next(ids)}",
    )


def taught(*facts: Observation) -> Resolver:
    """A resolver that knows these facts."""
    one = resolver()
    one.absorb(facts)
    return one


def profiles(of: Resolver, *identifiers: Identifier) -> frozenset[frozenset[Identifier]]:
    """Who is one person, among these."""
    return grouped(of.profiles_of(identifiers).items())


def grouped(pairs: Iterable[tuple[Identifier, str]]) -> frozenset[frozenset[Identifier]]:
    """Identifiers by what they have in common."""
    groups: dict[str, set[Identifier]] = {}
    for identifier, profile_id in pairs:
        groups.setdefault(profile_id, set()).add(identifier)
    return frozenset(map(frozenset, groups.values()))


def together(*groups: Sequence[Identifier]) -> frozenset[frozenset[Identifier]]:
    """The profiles that a test expects."""
    return frozenset(map(frozenset, groups))
