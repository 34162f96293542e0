"""Keeping promises: the fewest calls, one bad item never failing its neighbours, and a verdict for each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from commerce_sync.contracts import CanonicalEvent, Promise
from commerce_sync.contracts.revenue import Held
from commerce_sync.errors import PausedError, PermanentError, RetriableError

MOST_FAILURES_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one promise: kept, refused for good, to be tried again, or held for want of a rate."""

    promise: Promise
    refused: PermanentError | None = None
    retriable: RetriableError | None = None
    held: Held | None = None


class EventDestination(Protocol):
    """Klaviyo, as far as keeping promises needs it."""

    def send(self, event: CanonicalEvent, *, backfill: bool) -> None:
        """Send one event."""

    def send_many(self, events: Sequence[CanonicalEvent], *, backfill: bool) -> None:
        """Send many in one call that names nobody when it fails."""

    def batches(self, events: Sequence[CanonicalEvent]) -> list[list[CanonicalEvent]]:
        """The fewest bulk calls that the limits allow."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How to send: in bulk when the queue is deep; as history what is older than ``history_after``; until when."""

    now: datetime
    history_after: timedelta
    deep: bool
    may_go_on: Callable[[], bool]

    def is_history(self, event: CanonicalEvent) -> bool:
        """Whether an event is recorded without triggering flows."""
        return self.now - event.occurred_at > self.history_after


def keep_event_promises(promises: Sequence[Promise], klaviyo: EventDestination, pace: Pace) -> Iterator[Verdict]:
    """Send each promised event: history and deep queues in bulk, the rest one by one.

    What was tried before goes alone: a bulk job fails whole on an id that Klaviyo has, a single event does not.
    """
    keeper = _Keeper(klaviyo, pace)
    events = [(promise, promise.event) for promise in promises if promise.event]
    for backfill in (False, True):
        chosen = [(promise, event) for promise, event in events if pace.is_history(event) is backfill]
        first = {event.event_id: promise for promise, event in chosen if not promise.attempts}
        if pace.deep or backfill:
            yield from keeper.in_bulk(first, backfill=backfill)
        else:
            yield from keeper.one_by_one(list(first.values()), backfill=backfill)
        yield from keeper.one_by_one([promise for promise, _ in chosen if promise.attempts], backfill=backfill)


class _Keeper:
    """One flush: once the vendor asks us to wait, nothing more is sent."""

    def __init__(self, klaviyo: EventDestination, pace: Pace) -> None:
        self._klaviyo = klaviyo
        self._pace = pace
        self._stopped: RetriableError | None = None
        self._failures = 0

    def in_bulk(self, promises: dict[str, Promise], *, backfill: bool) -> Iterator[Verdict]:
        events = [promise.event for promise in promises.values() if promise.event]
        for batch in self._klaviyo.batches(events):
            yield from self._bisect([promises[event.event_id] for event in batch], backfill=backfill)

    def one_by_one(self, promises: Sequence[Promise], *, backfill: bool) -> Iterator[Verdict]:
        for promise in promises:
            yield self._attempt(promise, backfill=backfill)

    def _bisect(self, promises: Sequence[Promise], *, backfill: bool) -> Iterator[Verdict]:
        """A bulk job that is refused names nobody: halve it until the culprits stand alone."""
        if len(promises) == 1:
            yield self._attempt(promises[0], backfill=backfill)
            return
        if self._must_stop():
            yield from (Verdict(promise, retriable=self._stopped) for promise in promises)
            return
        events = [promise.event for promise in promises if promise.event]
        try:
            self._klaviyo.send_many(events, backfill=backfill)
        except PermanentError:
            middle = len(promises) // 2
            yield from self._bisect(promises[:middle], backfill=backfill)
            yield from self._bisect(promises[middle:], backfill=backfill)
        except RetriableError as error:
            self._note(error)
            yield from (Verdict(promise, retriable=error) for promise in promises)
        else:
            yield from (Verdict(promise) for promise in promises)

    def _attempt(self, promise: Promise, *, backfill: bool) -> Verdict:
        if self._must_stop() or promise.event is None:
            return Verdict(promise, retriable=self._stopped)
        try:
            self._klaviyo.send(promise.event, backfill=backfill)
        except PermanentError as error:
            return Verdict(promise, refused=error)
        except RetriableError as error:
            self._note(error)
            return Verdict(promise, retriable=error)
        self._failures = 0
        return Verdict(promise)

    def _must_stop(self) -> bool:
        if self._stopped is None and not self._pace.may_go_on():
            self._stopped = PausedError("out of time", retry_after=1.0)
        return self._stopped is not None

    def _note(self, error: RetriableError) -> None:
        self._failures += 1
        if isinstance(error, PausedError) or self._failures >= MOST_FAILURES_IN_A_ROW:
            self._stopped = error
