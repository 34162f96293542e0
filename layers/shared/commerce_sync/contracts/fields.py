"""The field map: which value goes from its one owner to which place at a destination, and how.

A value travels as text in its normal form, as advanced properties do (:mod:`commerce_sync.contracts.advanced`):
numbers in plain digits, ``2026-11-30``, ``2026-11-30T09:30:00Z``, ``true`` or ``false``, a set as its members sorted
and joined by ``;``. The vendors' clients turn it into what each takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from commerce_sync.contracts.advanced import Destination

FieldOwner = Literal["hubspot", "store", "bundle"]
"""Design section 2: the CRM, the stores, or what this bundle works out."""
FieldType = Literal["text", "number", "date", "datetime", "boolean", "set"]
FieldKind = Literal["attribute", "property", "phone"]
"""``attribute``: one of Klaviyo's own. ``phone``: fills Klaviyo's phone number where that is empty, else a property."""
SendWhen = Literal["change", "once"]
"""``change``: whenever it differs. ``once``: only where the destination was never told of it."""
Lifecycle = Literal["never", "forward"]
"""Whether HubSpot's lifecycle stage may be written at all, and then only forward."""
CreateContacts = Literal["buyers", "everybody", "nobody"]
"""Who gets a contact where HubSpot has none. ``buyers``: of whom an order is told."""
ATTRIBUTE: Final = "$"
FieldValues = Mapping[str, str | None]
"""By :attr:`FieldLine.key`: a value, or None where there shall be none. What is absent is left as it is."""
Known = Mapping[str, str | None]
"""By :attr:`FieldLine.source`, what was read of one person: a text, or nothing (None, ``""``). Absent: not read."""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One line of the field map.

    ``source`` is the property in the owner's system, or a name of what is worked out (``owner.email``,
    ``orders.count``). ``transform`` names a rule of :mod:`commerce_sync.profiles`. Without ``clear`` a value that its
    owner has no more stays where it was told. ``label`` is what people see in HubSpot.
    """

    owner: FieldOwner
    source: str
    destination: Destination
    name: str
    type: FieldType = "text"
    kind: FieldKind = "property"
    transform: str = "as_is"
    send: SendWhen = "change"
    clear: bool = False
    label: str = ""

    @property
    def key(self) -> str:
        """Names the field among all of its destination: an attribute and a property may be called the same."""
        return self.name if self.kind == "property" else f"{ATTRIBUTE}{self.name}"

    @property
    def is_worked_out(self) -> bool:
        """Whether its source is no property of its owner's, but worked out from several things."""
        return "." in self.source


@dataclass(frozen=True, slots=True)
class HubSpotList:
    """A selected list of HubSpot's: its id, what its members' set of lists calls it, and their list at Klaviyo.

    ``flows`` are ids of Klaviyo's flows that may start when somebody joins that list.
    """

    hubspot: str
    name: str
    klaviyo: str | None = None
    flows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldMap:
    """fields.toml. ``complaints`` are the categories of tickets that complain, by their internal values."""

    lines: tuple[FieldLine, ...]
    lists: tuple[HubSpotList, ...] = ()
    complaints: tuple[str, ...] = ()
    create_contacts: CreateContacts = "nobody"

    def creates_contact(self, values: FieldValues) -> bool:
        """Whether somebody of whom HubSpot shall have these values, and whom it does not know, gets a contact."""
        said = {key for key, value in values.items() if value is not None}
        if self.create_contacts == "buyers":
            said &= {line.key for line in self.to("hubspot") if line.source.startswith("orders.")}
        return bool(said) and self.create_contacts != "nobody"

    def to(self, destination: Destination) -> tuple[FieldLine, ...]:
        """The lines of one destination."""
        return tuple(line for line in self.lines if line.destination == destination)

    def properties(self) -> tuple[str, ...]:
        """HubSpot's own properties that it asks for, each once."""
        own = (line.source for line in self.lines if line.owner == "hubspot" and not line.is_worked_out)
        return tuple(dict.fromkeys(own))

    def asks_for(self, group: str) -> bool:
        """Whether anything of a group is asked for: ``owner``, ``deals``, ``tickets``, ``lists``, ``orders``...

        Lists are where any is selected: its members get a profile.
        """
        is_selected = group == "lists" and bool(self.lists)
        return is_selected or any(line.source.startswith(f"{group}.") for line in self.lines)
