"""What each destination may be told: the go-live modes, from nothing to everything.

============= ================================================================================
observe       nothing is written; what would be is written down
opt_outs_only what takes permission back is written, nothing else
pilot         the same, and everything for addresses that are named
live          everything
============= ================================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from commerce_sync.contracts.consent_shown import Place, Wanted

Mode = Literal["observe", "opt_outs_only", "pilot", "live"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
STORES: Final = "stores"
"""The name under which all stores have one mode, where none is set for one of them."""


@dataclass(frozen=True)
class Modes:
    """Modes by destination. ``pilot`` are the keys of the named addresses; ``default`` holds for what is not listed."""

    by_place: Mapping[str, Mode] = field(default_factory=dict)
    pilot: frozenset[str] = frozenset()
    default: Mode = "observe"

    def of(self, name: str) -> Mode:
        """A destination's mode."""
        if name in self.by_place:
            return self.by_place[name]
        return self.by_place.get(STORES, self.default) if ":" in name else self.default

    def at_most(self, most: Mode) -> "Modes":
        """The same, where none allows more than ``most``."""
        by_place = {name: _lower(mode, most) for name, mode in self.by_place.items()}
        return Modes(by_place, self.pilot, _lower(self.default, most))

    def may_close(self, place: Place) -> bool:
        """Whether it may be told that permission was taken back."""
        return self.of(place.name) != "observe"

    def may_open(self, place: Place, address_key: str) -> bool:
        """Whether it may be told anything else of this address."""
        mode = self.of(place.name)
        return mode == "live" or (mode == "pilot" and address_key in self.pilot)

    def may_tell(self, place: Place, address_key: str, wanted: Wanted) -> bool:
        """Whether any of it may be told."""
        return self.may_open(place, address_key) or (wanted.closes and self.may_close(place))


def following(mode: Mode) -> Mode | None:
    """The next mode; None after the last."""
    at = MODES.index(mode)
    return MODES[at + 1] if at + 1 < len(MODES) else None


def _lower(one: Mode, other: Mode) -> Mode:
    return min(one, other, key=MODES.index)
