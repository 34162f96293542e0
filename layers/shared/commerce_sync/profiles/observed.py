"""What is observed of a person as their destinations shall know it: pure, from what each owner said.

What was said is a set, and what holds is its fold: the newest of each property, while it has not ended. So arrival
order does not matter, and saying a thing twice changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from commerce_sync.contracts import CanonicalEvent
from commerce_sync.contracts.advanced import AdvancedProperty, Destination, Said

Sayings = Mapping[str, Said]
"""By property, the newest that was said under one identifier."""


def said_in(event: CanonicalEvent) -> tuple[str, Said]:
    """The property that an event is about, and what was said of it."""
    ends = event.properties.get("expires_at")
    said = Said(event.properties.get("value"), event.occurred_at, datetime.fromisoformat(ends) if ends else None)
    return event.properties["property"], said


def newest(sayings: Iterable[Sayings]) -> dict[str, Said]:
    """The newest of each property, whatever the order."""
    found: dict[str, Said] = {}
    for one in sayings:
        for name, said in one.items():
            if name not in found or found[name].version < said.version:
                found[name] = said
    return found


def held(
    sayings: Sayings, known: Sequence[AdvancedProperty], destination: Destination, now: datetime
) -> dict[str, str]:
    """The values that a destination shall have now, by their names there. A property that is known no more is none."""
    named = {one.name: at for one in known if (at := one.name_at(destination))}
    return {
        named[name]: said.value
        for name, said in sayings.items()
        if name in named and said.value is not None and said.holds(now)
    }


def next_end(sayings: Sayings, now: datetime) -> datetime | None:
    """When the next of the values ends that hold now."""
    return min((said.expires_at for said in sayings.values() if said.expires_at and said.holds(now)), default=None)
