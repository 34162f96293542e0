"""What destinations are known to have of what is observed of people."""

from collections.abc import Mapping
from dataclasses import dataclass

Values = Mapping[str, str | None]
"""By the property's name at a destination, a value in its normal form, or None where there shall be none."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a destination is known to have of one address.

    ``revision`` counts the writes. ``is_unsure``: a write began and nobody knows what became of it, so that all of it
    is written again. ``values`` names all that may stand there, then, too.
    """

    values: Values
    revision: int = 0
    is_unsure: bool = False
