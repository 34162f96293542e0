"""Whether vendors' own store apps are alive: looked at once a day, remembered in the control table, asked per event."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from commerce_sync.aws.control import Control
from commerce_sync.contracts import CanonicalEvent, EventName
from commerce_sync.contracts.event_rules import StoreEvents
from commerce_sync.contracts.natives import ORDER, AppEvents, Destination, Native, Natives
from commerce_sync.delivery.verifying import OURS, Ruling, rule
from commerce_sync.errors import CommerceSyncError, PausedError, RetriableError

GOOD_FOR: Final = timedelta(days=1)
AFTER_A_WORD: Final = timedelta(days=2)
GOOD_FOR_AFTER_A_WORD: Final = timedelta(hours=1)
"""Who says that an app is off may be wrong: for two days it is looked at every hour."""
REMEMBERED: Final = 300.0
"""Seconds that an answer, or that there was none, is kept in memory: the hot path reads no document twice in them."""
FOLLOWS_AN_ORDER: Final[frozenset[EventName]] = frozenset(
    {"ordered_product", "fulfilled_order", "delivered_order", "cancelled_order", "refunded_order"}
)
Look = Callable[[Natives], tuple[Native, ...]]
"""It is told what is known already: what was renamed is found by its id."""
Looks = Mapping[Destination, Look]
StoreKey = tuple[str, str]


def document_of(destination: Destination) -> str:
    """The control document of a destination."""
    return f"natives#{destination}"


def known_natives(control: Control, destination: Destination) -> Natives:
    """What is known of a destination's apps."""
    return Natives.model_validate(control.read(document_of(destination))[0])


def look_again(control: Control, destination: Destination, found: tuple[Native, ...], now: datetime) -> Natives:
    """Write down what was found. What an operator said stays."""

    def seen(document: Mapping[str, object]) -> Mapping[str, object]:
        known = Natives.model_validate(document)
        return known.model_copy(update={"looked_at": now, "found": found}).model_dump(mode="json")

    return Natives.model_validate(control.change(document_of(destination), seen))


def looked(control: Control, destination: Destination, look: Look, now: datetime) -> Natives:
    """Ask the vendor, who is told what was known before, and write down what it says."""
    return look_again(control, destination, look(known_natives(control, destination)), now)


def acknowledge(control: Control, destination: Destination, store: str, now: datetime) -> None:
    """Write down that a store's app is off, as an operator says."""

    def said(document: Mapping[str, object]) -> Mapping[str, object]:
        known = Natives.model_validate(document)
        return known.model_copy(update={"acknowledged": {**known.acknowledged, store: now}}).model_dump(mode="json")

    control.change(document_of(destination), said)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What of an app means the same as an event of a store: the app, and the names of what it tells.

    ``orders`` are the names of its orders, for an event that follows one where we are to tell both.
    """

    app: str
    names: tuple[str, ...]
    orders: tuple[str, ...] = ()


def meaning(
    rules: StoreEvents, apps: Mapping[str, AppEvents], destination: Destination, event: EventName
) -> Meaning | None:
    """What a destination's app of a store tells of the same meaning; None where there is no such thing."""
    if destination == "hubspot":
        return Meaning(rules.hubspot_app, (ORDER,)) if rules.hubspot_app else None
    if rules.integration is None or event not in apps[rules.integration].metrics:
        return None
    told = apps[rules.integration].metrics
    follows = event in FOLLOWS_AN_ORDER and rules.to_klaviyo("placed_order") == "deliver"
    return Meaning(rules.integration, told[event], told.get("placed_order", ()) if follows else ())


def watched(rules: Mapping[StoreKey, StoreEvents], apps: Mapping[str, AppEvents]) -> Callable[[str, str], bool]:
    """Whether a metric (by app and name) means the same as anything that the configured stores' apps could tell."""
    used = {store.integration for store in rules.values()} & apps.keys()
    named = {(app, name) for app in used if app for names in apps[app].metrics.values() for name in names}
    return lambda app, name: (app, name) in named


@dataclass
class NativeGuard:
    """Fits :data:`commerce_sync.delivery.verifying.Guard`. ``looks`` ask the vendors; ``clock`` counts seconds."""

    control: Control
    rules: Mapping[StoreKey, StoreEvents]
    apps: Mapping[str, AppEvents]
    looks: Looks
    now: Callable[[], datetime]
    clock: Callable[[], float] = time.monotonic
    _known: dict[Destination, tuple[float, Natives | CommerceSyncError]] = field(default_factory=dict, init=False)

    def __call__(self, destination: Destination, event: CanonicalEvent) -> Ruling:
        """Who tells of an event.

        :raises RetriableError: it is not known whether an app does: the vendor does not answer, or we may not ask.
        """
        store = self.rules.get((event.source, event.store))
        same = meaning(store, self.apps, destination, event.name) if store else None
        if same is None:
            return OURS
        natives = self._natives(destination)
        ruling = self._rule(natives, same, event)
        if ruling.teller == "undecided":
            natives = self._natives(destination, afresh=True)
            ruling = self._rule(natives, same, event)
        soonest = self.now() + timedelta(seconds=REMEMBERED)
        again_at = max((natives.looked_at or soonest) + self._good_for(natives), soonest)
        return replace(ruling, again_at=again_at) if ruling.teller == "undecided" else ruling

    def _rule(self, natives: Natives, same: Meaning, event: CanonicalEvent) -> Ruling:
        acknowledged = natives.acknowledged.get(f"{event.source}:{event.store}")
        last, orders_last = (natives.last(same.app, names) for names in (same.names, same.orders))
        return rule(event.occurred_at, last, acknowledged, self.now(), orders_last)

    def _natives(self, destination: Destination, *, afresh: bool = False) -> Natives:
        """As remembered; ``afresh`` as written down now, because a wait for a day must not rest on a word of before."""
        until, known = self._known.get(destination, (0.0, None))
        if known is None or afresh or self.clock() >= until:
            try:
                known = self._current(destination)
            except CommerceSyncError as error:
                known = error
            self._known[destination] = (self.clock() + REMEMBERED, known)
        if isinstance(known, CommerceSyncError):
            wait = known.retry_after if isinstance(known, RetriableError) else None
            raise PausedError(f"natives_unknown: {known}", retry_after=wait or REMEMBERED) from known
        return known

    def _current(self, destination: Destination) -> Natives:
        natives = known_natives(self.control, destination)
        if natives.looked_at is not None and self.now() - natives.looked_at < self._good_for(natives):
            return natives
        return look_again(self.control, destination, self.looks[destination](natives), self.now())

    def _good_for(self, natives: Natives) -> timedelta:
        latest = max(natives.acknowledged.values(), default=None)
        is_new = latest is not None and self.now() - latest < AFTER_A_WORD
        return GOOD_FOR_AFTER_A_WORD if is_new else GOOD_FOR
