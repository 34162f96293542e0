"""What is observed of a person as their destinations shall know it: pure, from what each owner said.

What was said is a set, and what holds is its fold: the newest of each property, while it has not ended. So arrival
order does not matter, and saying a thing twice changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from commerce_sync.contracts import CanonicalEvent
from commerce_sync.contracts.advanced import AdvancedProperty, Destination, Said
from commerce_sync.contracts.observed import Told, Values

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


def news(wanted: Mapping[str, str], told: Told) -> dict[str, str | None]:
    """What to write: values that differ, and None for those that the destination has and shall have no more."""
    gone = (name for name, value in told.values.items() if name not in wanted and (value is not None or told.is_unsure))
    differing = {name: value for name, value in wanted.items() if told.is_unsure or told.values.get(name) != value}
    return differing | dict.fromkeys(gone)


def as_json(values: Values, known: Sequence[AdvancedProperty]) -> dict[str, object]:
    """Values as Klaviyo's segments compare them: numbers and booleans as such, dates as ``YYYY-MM-DD``, None clears."""
    kinds = {one.klaviyo: one.type for one in known}
    return {name: None if value is None else _typed(value, kinds.get(name)) for name, value in values.items()}


def as_text(values: Values) -> dict[str, str]:
    """Values as HubSpot takes them: all of them texts, an empty one clears."""
    return {name: value or "" for name, value in values.items()}


def _typed(value: str, kind: str | None) -> object:
    if kind == "boolean":
        return value == "true"
    if kind == "number":
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)
    return value
