"""``cut_over``: what hangs on a vendor's own app of a store before we tell instead of it; and the word that it is off.

The plan changes nothing. The word is an operator's: what happened after the app's last event is ours from then on.
It is refused while the app was heard of within the hour, because what an app tells may take a while to be seen: both
would tell it. What the app is to go on telling (visits, say) does not count there. Should the app be heard of again
after the word, the word is void for what it tells.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from commerce_sync.contracts.natives import DESTINATIONS, Destination, Native

QUIET_FOR: Final = timedelta(hours=1)
ALIVE_FOR: Final = timedelta(days=30)
NOT_READ: Final = "flows_not_read"
"""Where the plan names flows of which nobody knows whether they hang on the app: time ran short."""


@dataclass(frozen=True, slots=True)
class Same:
    """Something that an app tells of the same meaning as an event of ours, and who is configured to tell that event."""

    event: str
    telling: str
    native: Native


@dataclass(frozen=True)
class CutOver:
    """One destination and store.

    ``look`` asks the vendor now and remembers the answer; ``hangs`` finds what hangs on some metrics, by kind;
    ``waiting`` counts what waits for the app, ``say_off`` writes the word down, ``hasten`` lets what waits go.
    """

    look: Callable[[], Iterable[Same]]
    hangs: Callable[[Iterable[str]], Mapping[str, list[Mapping[str, Any]]]]
    acknowledged: Callable[[], datetime | None]
    waiting: Callable[[], int]
    say_off: Callable[[datetime], None]
    hasten: Callable[[], int]
    now: Callable[[], datetime]

    def run(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The plan; with ``{"acknowledge": true}`` the word.

        :raises ValueError: the app told something within the hour.
        """
        same, now = list(self.look()), self.now()
        told = {"app": [_shown(one, now) for one in same]}
        if arguments.get("acknowledge", False) is True:
            return told | self._acknowledge(same, now)
        word = self.acknowledged()
        hanging = self.hangs([one.native.id for one in same if one.native.id])
        return {
            **told,
            **hanging,
            "waiting": self.waiting(),
            "acknowledged": word.isoformat() if word else None,
            "steps": list(_steps(same, hanging, now)),
        }

    def _acknowledge(self, same: list[Same], now: datetime) -> dict[str, Any]:
        about = [one for one in same if one.telling == "deliver"] or same
        recent = sorted({one.native.name for one in about if one.native.last and now - one.native.last < QUIET_FOR})
        if recent:
            raise ValueError(f"heard of within the hour: {', '.join(recent)}. Switch the app off, and wait an hour")
        self.say_off(now)
        return {"acknowledged": now.isoformat(), "let_go": self.hasten()}


def destination_of(arguments: Mapping[str, Any]) -> Destination:
    """Klaviyo unless it says otherwise.

    :raises ValueError: there is no such destination.
    """
    given = arguments.get("destination", "klaviyo")
    for destination in DESTINATIONS:
        if given == destination:
            return destination
    raise ValueError(f"unknown destination; one of {', '.join(DESTINATIONS)}")


def _shown(one: Same, now: datetime) -> dict[str, Any]:
    last = one.native.last
    return {
        "event": one.event,
        "told_by": "us" if one.telling == "deliver" else "the app",
        "name": one.native.name,
        "id": one.native.id,
        "last": last.isoformat() if last else None,
        "alive": last is not None and now - last <= ALIVE_FOR,
    }


def _steps(same: list[Same], hanging: Mapping[str, list[Mapping[str, Any]]], now: datetime) -> Iterable[str]:
    """What is left to do, in the order in which nobody is told twice and no flow falls silent."""
    counts = ", ".join(
        f"{len(found)} {kind.replace('_', ' ')}" for kind, found in hanging.items() if found and kind != NOT_READ
    )
    if counts:
        yield f"rebuild what hangs on the app's metrics on ours of the same meaning: {counts}"
    if unread := hanging.get(NOT_READ):
        yield f"look yourself at {len(unread)} flows that could not be read in time: {NOT_READ}, live ones first"
    if any(one.telling == "verify" for one in same):
        yield "set deliver in events.toml and deploy: what happens waits, and nothing is told twice"
    if any(one.native.last and now - one.native.last <= ALIVE_FOR for one in same):
        yield "switch the app's order sync off, wait an hour, and say it: acknowledge"
