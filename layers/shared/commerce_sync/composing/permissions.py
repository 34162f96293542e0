"""What consent_propagation may tell now: the modes, whether the baseline is complete, and the brake on bulk changes.

All three are documents of the control table, so an operator changes them without a deploy.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final, Protocol, cast

from commerce_sync.aws.control import Control
from commerce_sync.consent.baseline.progress import lacks
from commerce_sync.consent.keeping_needs import Permissions
from commerce_sync.consent.modes import MODES, STORES, Mode, Modes
from commerce_sync.contracts.consent import ConsentRules

MODES_DOCUMENT: Final = "modes"
BASELINE_DOCUMENT: Final = "baseline"
BRAKE_DOCUMENT: Final = "brake"
BASE_DOCUMENT: Final = "base"
STOP_DOCUMENT: Final = "stop"


class ModeSettings(Protocol):
    """What the template says of the modes; the control table has the last word."""

    @property
    def klaviyo_mode(self) -> str: ...  # noqa: D102
    @property
    def hubspot_mode(self) -> str: ...  # noqa: D102
    @property
    def stores_mode(self) -> str: ...  # noqa: D102


def modes_of(control: Control, settings: ModeSettings) -> Modes:
    """The modes as they are now: while everything is stopped, none is more than opt-outs only."""
    modes = chosen_modes(control, settings)
    return modes.at_most("opt_outs_only") if is_stopped(control) else modes


def is_stopped(control: Control) -> bool:
    """Whether an operator stopped everything but opt-outs."""
    document, _ = control.read(STOP_DOCUMENT)
    return bool(document.get("stopped_at"))


def chosen_modes(control: Control, settings: ModeSettings) -> Modes:
    """The modes as they were chosen, whether or not everything is stopped."""
    document, _ = control.read(MODES_DOCUMENT)
    configured = {"klaviyo": settings.klaviyo_mode, "hubspot": settings.hubspot_mode, STORES: settings.stores_mode}
    chosen = {**configured, **document.get("modes", {})}
    by_place = {name: cast("Mode", mode) for name, mode in chosen.items() if mode in MODES}
    return Modes(by_place, frozenset(document.get("pilot", [])))


def permissions_of(control: Control, settings: ModeSettings, systems: Callable[[], Sequence[str]]) -> Permissions:
    """The permissions of one batch. The baseline is asked about only where somebody is to be subscribed."""
    modes = modes_of(control, settings)
    again = partial(permissions_of, control, settings, systems)
    return Permissions(modes, Baseline(control, systems).is_complete, again=again)


@dataclass
class Baseline:
    """Whether what every connected system knew of consent was loaded; asked at most once, unless it was not.

    ``systems`` says which are connected now: one that was connected since has to be read before anybody is subscribed.
    """

    control: Control
    systems: Callable[[], Sequence[str]]
    known: bool = False

    def lacks(self) -> str | None:
        """Why opt-ins may not be told; None where they may."""
        document, _ = self.control.read(BASELINE_DOCUMENT)
        return lacks(document, self.systems())

    def is_complete(self) -> bool:
        """Whether opt-ins may be told."""
        self.known = self.known or self.lacks() is None
        return self.known


@dataclass
class Brake:
    """R11: what no person did may change only a share of the base in an hour. Each record counts one change.

    ``about`` names the record that is decided: it is decided anew each time its chain changed under it, and counted
    once.
    """

    control: Control
    rules: ConsentRules
    now: Callable[[], datetime]
    about: str = ""
    _answers: dict[str, bool] = field(default_factory=dict)

    def __call__(self) -> bool:
        """Whether one more change of that kind is paused."""
        if self.about not in self._answers:
            self._answers[self.about] = self._counts_too_many()
        return self._answers[self.about]

    def _counts_too_many(self) -> bool:
        now = self.now()
        opened, _ = self.control.read(BRAKE_DOCUMENT)
        if str(opened.get("open_until", "")) > now.isoformat():
            return False
        return self.control.add(brake_counter(now), 1) > brake_limit(self.control, self.rules)


def brake_counter(at: datetime) -> str:
    """The counter of an hour's changes."""
    return f"brake#{at:%Y%m%d%H}"


def brake_limit(control: Control, rules: ConsentRules) -> int:
    """How many addresses may change in an hour, of the base as it was counted last."""
    base, _ = control.read(BASE_DOCUMENT)
    return max(rules.brake_minimum, int(rules.brake_share * base.get("addresses", 0)))
