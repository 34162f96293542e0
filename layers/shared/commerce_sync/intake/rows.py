"""Why a row of an owner's tells no value (:mod:`commerce_sync.intake.observations`)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from commerce_sync.intake.settled import Reason

RowCode = Literal["unknown_property", "property_not_yours", "value_not_possible", "person_not_usable"]

ROWS: Final[Mapping[RowCode, Reason]] = MappingProxyType(
    {
        "unknown_property": Reason(
            "A row names a property that advanced.toml does not know.",
            "Add the property to advanced.toml, or correct its name; then replay the delivery.",
        ),
        "property_not_yours": Reason(
            "A row tells a property that another sender owns: two owners would overwrite each other.",
            "Let its owner send it, or change the owner in advanced.toml and replay the delivery.",
        ),
        "value_not_possible": Reason(
            "The value is not of the property's type, or none of its options.",
            "Send the row again with a value that advanced.toml allows.",
        ),
        "person_not_usable": Reason(
            "The row's email address, phone number or customer cannot be read, so nobody was changed.",
            "Send the row again with an address that exists.",
        ),
    }
)
