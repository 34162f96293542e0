"""Recharge's subscriptions that changed, by a cursor: starts and ends that its webhooks did not bring.

A list shows how a subscription stands, not what became of it. So a poll tells what a row proves: that it was started,
and that it ended. A pause, a skip and a reactivation are in no row; its charges are orders of the shop, which is polled
itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from commerce_sync.aws.control import Control
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.composing import clients
from commerce_sync.composing.polling_envelopes import Found, Telling, serialized
from commerce_sync.composing.polling_orders import LATENESS, Book, Read, rule_of, sighting
from commerce_sync.composing.polling_stores import Tokens, missed_at, stores_to_poll
from commerce_sync.contracts import Store
from commerce_sync.delivery.recording import subject_of
from commerce_sync.intake import translate
from commerce_sync.polling.cursors import Rule, Sighting, Window
from commerce_sync.settings.consent import PollingSettings
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.recharge import RechargeSubscriptions

SOURCE: Final = "recharge"
STARTED: Final = "subscription/created"
ENDED: Final = "subscription/cancelled"
_ENDS: Final = frozenset({"cancelled", "expired"})


@dataclass(frozen=True, slots=True)
class Told:
    """A subscription, by the topic under which its row proves what became of it."""

    topic: str
    record: ChangedRecord


@dataclass(frozen=True)
class SubscriptionSource:
    """The subscriptions of one account. ``tell`` puts them on their queue by topic, ``tally`` counts those that only a
    poll told.
    """

    store: Store
    rule: Rule
    patience: timedelta
    read: Read
    book: Book
    tell: Mapping[str, Callable[[Sequence[Found]], None]]
    tally: Callable[[int], None]
    now: Callable[[], datetime]

    @property
    def name(self) -> str:
        """Under which its cursor is kept."""
        return f"subscriptions#{self.store.source}:{self.store.id}"

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """Those of a page that were begun lately or are over, whose webhook had its time; and the next page.

        Of one that was begun long before the window only the end is told: its start is history's.
        """
        records, following = self.read(window.start, window.page)
        began, now = window.start - LATENESS[SOURCE], self.now()
        told = [Told(topic, record) for record in records if (topic := _topic_of(record, began))]
        seen = [(one, sighting(one.record, window, self.patience, now)) for one in told]
        return [replace(found, what=one) for one, found in seen if found], following

    def say(self, fresh: Sequence[Sighting]) -> None:
        """Send on what is not known yet, and what cannot be read: it is set aside with its reason."""
        bodies = [serialized({"subscription": one.what.record.body}) for one in fresh]
        events = [
            translate(SOURCE, one.what.topic, self.store, body).events for one, body in zip(fresh, bodies, strict=True)
        ]
        booked = self.book.orders(subject_of(event) for told in events for event in told)
        missed = 0
        for one, body, told in zip(fresh, bodies, events, strict=True):
            if told and all(subject_of(event) in booked for event in told):
                continue
            self.tell[one.what.topic]([Found("", body, None)])
            missed += bool(told) and self._should_be_known(one)
        if missed and self.store.webhooks:
            self.tally(missed)

    def _should_be_known(self, seen: Sighting) -> bool:
        return self.now() - seen.at >= self.patience


def subscription_sources(
    settings: PollingSettings, tokens: Tokens, control: Control, now: Callable[[], datetime]
) -> Iterator[SubscriptionSource]:
    """One for each account that is connected, those first that were not read for longest."""
    book = OrderBookTable(settings.order_book_table)
    for store, read in stores_to_poll(control, SOURCE, partial(_reader, settings, tokens)):
        patience = timedelta(seconds=settings.webhook_patience if store.webhooks else 0)
        telling = partial(Telling, store, settings.inbound_queue_url, settings.archive_bucket, now, by="poll")
        yield SubscriptionSource(
            store=store,
            rule=rule_of(SOURCE, timedelta(seconds=settings.overlap), patience),
            patience=patience,
            read=read,
            book=book,
            tell={topic: telling(topic=topic) for topic in (STARTED, ENDED)},
            tally=missed_at(control, store, now),
            now=now,
        )


def _reader(settings: PollingSettings, tokens: Tokens, store: str) -> Read:
    return RechargeSubscriptions(clients.recharge(settings, tokens, store)).modified_since


def _topic_of(record: ChangedRecord, began: datetime) -> str | None:
    """What a row proves; None where that is nothing new. One whose start cannot be read is told, and set aside."""
    created = _moment(record.body.get("created_at"), began)
    if created is None or created >= began:
        return STARTED
    return ENDED if str(record.body.get("status")).lower() in _ENDS else None


def _moment(said: Any, like: datetime) -> datetime | None:
    try:
        at = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        return None
    return at.replace(tzinfo=like.tzinfo) if at.tzinfo is None else at
