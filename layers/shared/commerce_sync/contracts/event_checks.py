"""What event validation stores: each sight of an event with what is wrong with it, and what a day came to."""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import AwareDatetime

from commerce_sync.contracts.base import Contract


@dataclass(frozen=True, slots=True)
class Sighting:
    """One delivery's word about one event, judged. ``store`` is the shop's (``shopify:us``), whoever told it.

    ``day`` is the shop's own. ``version`` sorts as the bodies of an order do; empty where an event has one body only.
    Two deliveries of one event are two sightings with one ``event_id``.
    """

    store: str
    day: date
    name: str
    event_id: str
    version: str
    occurred_at: datetime
    received_at: datetime
    findings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing in a verified delivery that became no event. ``is_wrong``: an event was lost by it.

    ``event`` is what it would have been, or ``unread`` where the body did not say.
    """

    store: str
    event: str
    envelope_id: str
    path: str
    code: str
    received_at: datetime
    is_wrong: bool


class EventTally(Contract):
    """One kind of event of one store on one day of its own.

    ``seen`` is ``valid`` and those that are not. ``invalid`` counts by reason: an event with two reasons stands under
    both. ``notes`` counts what is odd and no fault, of valid ones too. ``no_event`` counts deliveries that rightly gave
    none, by code; they are not among ``seen``. ``late`` of the seen were first told more than a day after they
    happened. ``examples`` names an event by reason. ``last_at`` is when the last one happened, or was received where it
    says that it is yet to happen; of one that is expected, by the day's end and whatever day that was. ``silent``: at
    some moment of the day the last one was longer ago than events.toml allows.
    """

    seen: int = 0
    valid: int = 0
    invalid: dict[str, int] = {}
    notes: dict[str, int] = {}
    no_event: dict[str, int] = {}
    late: int = 0
    examples: dict[str, str] = {}
    last_at: AwareDatetime | None = None
    silent: bool = False


class EventStanding(Contract):
    """How one kind of event of one store stands. ``state`` is one of the words of ``validation.standing``.

    ``usual`` is what the day before today is compared with, None while there are not three weeks to compare with.
    ``allowed_hours`` is the longest silence, None where the event is not expected.
    """

    state: str
    today: EventTally = EventTally()
    yesterday: EventTally = EventTally()
    usual: float | None = None
    last_at: AwareDatetime | None = None
    allowed_hours: float | None = None


class StoreStanding(Contract):
    """One store at ``as_of``. ``since`` is when its events were first looked at; ``today`` is a day of the store's."""

    store: str
    since: AwareDatetime
    as_of: AwareDatetime
    today: date
    events: dict[str, EventStanding] = {}
