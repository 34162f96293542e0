"""How much is known of a person, before anybody decides to erase it."""

from collections.abc import Mapping, Sequence

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.privacy.needs import People, Traces
from commerce_sync.privacy.tracing import ARCHIVED, ORDERED


def counted(named: Sequence[Identifier], people: People, traces: Traces) -> Mapping[str, int]:
    """Profiles, identifiers, archived deliveries, and orders or checkouts of whom these identifiers name.

    Where all but the identifiers are none, nobody is known by that name.
    """
    identifiers = people.identifiers_of_person(named)
    left = list(traces.of(identifiers))
    return {
        "profiles": len(people.described(identifiers)["profiles"]),
        "identifiers": len(identifiers),
        "deliveries": sum(trace.startswith(ARCHIVED) for trace in left),
        "orders": sum(trace.startswith(ORDERED) for trace in left),
    }
