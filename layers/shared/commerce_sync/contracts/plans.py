"""What a rehearsed telling would write, and the calls that it would make: for an operator, before anything is told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from commerce_sync.contracts.advanced import Destination


class Call(NamedTuple):
    """A kind of call to a vendor, as :meth:`VendorLimits.place` reads it."""

    method: str
    path: str


@dataclass(frozen=True, slots=True)
class PlannedWrite:
    """One record that would be written. ``values`` are in the destination's own names and types; None clears.

    ``record`` is what the destination knows it by: an email address at Klaviyo, a contact id at HubSpot (empty where
    the contact would be made).
    """

    destination: Destination
    record: str
    email: str
    values: Mapping[str, object]


@dataclass
class Rehearsed:
    """``writes`` in the order in which they would be made; ``calls`` by destination, those that write among them."""

    writes: list[PlannedWrite] = field(default_factory=list)
    calls: dict[Destination, Counter[Call]] = field(default_factory=dict)

    def called(self, destination: Destination, method: str, path: str, times: int = 1) -> None:
        """Calls that telling would make."""
        self.calls.setdefault(destination, Counter())[Call(method, path)] += times
