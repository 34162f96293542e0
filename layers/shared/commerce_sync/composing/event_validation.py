"""A run of event validation over the tables, and what it tells CloudWatch."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, Protocol

from commerce_sync.aws.event_checks import EventChecks
from commerce_sync.aws.quarantine import Quarantine
from commerce_sync.composing.event_checking import watched_stores
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts.event_checks import EventTally, Refusal, StoreStanding
from commerce_sync.intake.catalogue import CATALOGUE, Code
from commerce_sync.observability import count
from commerce_sync.validation.refusals import event_of
from commerce_sync.validation.running import Run
from commerce_sync.validation.standing import SILENT

SETTLED_AND_WRONG: Final[frozenset[Code]] = frozenset({"web_event_unreadable", "nobody_named"})
"""Nobody is woken by them because anybody can cause them; an event was lost all the same."""
BESIDE: Final[frozenset[Code]] = frozenset({"too_many_to_join", "address_not_usable", "unknown_consent"})
"""About people and consent: the events of such a delivery went on."""


class ValidationPlaces(Protocol):
    """Where what was seen, and what was set aside, stand."""

    @property
    def event_checks_table(self) -> str: ...  # noqa: D102
    @property
    def quarantine_table(self) -> str: ...  # noqa: D102


def validate(settings: ValidationPlaces, days: int, now: datetime) -> Iterator[StoreStanding]:
    """Tally the latest days anew; metrics say what came more, and what is silent or low."""
    quarantine = Quarantine(settings.quarantine_table)
    run = Run(
        checks=EventChecks(settings.event_checks_table),
        refusals=lambda day: refusals_of(quarantine, day),
        grown=_count_growth,
        now=now,
    )
    for stands in run.all(watched_stores().values(), days):
        _count_states(stands)
        yield stands


def refusals_of(quarantine: Quarantine, day: date) -> Iterator[Refusal]:
    """What was set aside of a day's deliveries of shops (UTC), but for what was sent through again since."""
    for item in quarantine.received_on(day):
        event = event_of(item["source"], item["topic"], item["path"])
        if event and "replayed_at" not in item and item["code"] not in BESIDE:
            yield _refusal(item, event)


def _refusal(item: Mapping[str, Any], event: str) -> Refusal:
    source, store, code = item["source"], item["store"], item["code"]
    known, reason = configured_stores().get((source, store)), CATALOGUE.get(code)
    return Refusal(
        store=(known.shop if known else None) or f"{source}:{store}",
        event=event,
        envelope_id=item["envelope_id"],
        path=item["path"],
        code=code,
        received_at=datetime.fromisoformat(item["received_at"]),
        is_wrong=reason is None or reason.waits or code in SETTLED_AND_WRONG,
    )


def _count_growth(store: str, before: Mapping[str, EventTally], found: Mapping[str, EventTally]) -> None:
    """What came since the last run; a run that was cut off says it once more."""
    for name, tally in found.items():
        known = before.get(name, EventTally())
        grown = {
            "ValidEvents": tally.valid - known.valid,
            "InvalidEvents": (tally.seen - tally.valid) - (known.seen - known.valid),
        }
        for metric, number in grown.items():
            if number > 0:
                count(metric, number, store=store, event=name)


def _count_states(stands: StoreStanding) -> None:
    """One or zero of each event that is expected, at each run: an alarm ends when its cause does."""
    for name, one in stands.events.items():
        if one.allowed_hours is not None:
            count("SilentEvents", int(one.state in SILENT), store=stands.store, event=name)
            count("LowEvents", int(one.state == "low"), store=stands.store, event=name)


def states(standings: Iterable[StoreStanding]) -> Mapping[str, int]:
    """How many kinds of event stand how."""
    return Counter(one.state for stands in standings for one in stands.events.values())
