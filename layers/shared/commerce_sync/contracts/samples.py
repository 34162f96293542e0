"""What a sample of contacts found: field by field, how what stands at a destination came to differ from its owner's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import AwareDatetime, Field

from commerce_sync.contracts.advanced import Destination
from commerce_sync.contracts.base import Contract

Code = Literal[
    "equal",
    "no_value_at_either",
    "kept_by_rule",
    "not_selected",
    "no_contact",
    "not_live",
    "not_read",
    "waiting",
    "parked",
    "not_told_yet",
    "changed_at_owner",
    "missed",
    "changed_at_destination",
    "unreadable",
]
"""Why two sides are as they are; :data:`commerce_sync.sampling.codes.MEANINGS` says what each means."""
ALIKE: Final[frozenset[Code]] = frozenset({"equal", "no_value_at_either"})
"""Codes of fields that do not differ."""
Place = Literal["ours", "hubspot", "klaviyo"]
"""Where somebody was drawn: our own tables, or what the duplicate audit read of a vendor."""


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One field of one email address at one destination, by :attr:`FieldLine.key`, in the field map's normal forms.

    ``owner`` is what its owner has now, ``made`` what the map makes of it, ``told`` what was confirmed last, ``there``
    what stands there. ``words`` are a vendor's, or say what is waited for.
    """

    email: str
    contact_id: str | None
    destination: Destination
    field: str
    code: Code
    owner: str | None = None
    made: str | None = None
    told: str | None = None
    there: str | None = None
    words: str = ""


class SampleFigures(Contract):
    """The figures of a sample, first line of its report; ``report`` is where that lies.

    ``contacts`` were compared, of whom ``drawn`` says where they were drawn; ``not_drawn``: why a place gave nobody.
    ``left_out`` were drawn, and not compared: there was no time, or a vendor refuses to look them up.
    ``fields`` could be compared: those that had a value somewhere and that somebody tells. ``codes`` count all of them,
    ``by_field`` the same by destination and field. ``unexplained_percent`` of the fields differ without a reason that
    explains itself.
    """

    schema_version: Literal[1] = 1
    run_id: str = Field(pattern="^[0-9]{8}T[0-9]{6}Z$")
    date: AwareDatetime
    seed: str
    contacts: int = Field(ge=0)
    drawn: Mapping[Place, int] = {}
    not_drawn: Mapping[Place, str] = {}
    left_out: int = Field(default=0, ge=0)
    fields: int = Field(ge=0)
    codes: Mapping[Code, int]
    by_field: Mapping[str, Mapping[Code, int]]
    unexplained_percent: float
    report: str = ""
