"""Orders that changed at a store, by a cursor: what its webhooks did not bring goes the way that a webhook goes.

An order is looked at once its webhook has had its time (``patience``), so what is on its way is not taken for lost.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Protocol

from commerce_sync.composing.polling_envelopes import Found
from commerce_sync.contracts import BookedOrder, Store
from commerce_sync.polling.cursors import Rule, Sighting, Window
from commerce_sync.polling.missing import Shown, is_missed, is_to_be_sent
from commerce_sync.vendors.changed import ChangedRecord

LAG: Final = timedelta(minutes=10)
"""How far a store's list may be behind. Nobody says how far it is; a day's window covers what is later."""
SKEW: Final = timedelta(minutes=5)
"""How far a store's clock may go ahead of ours before its times are not believed."""
DAILY: Final = timedelta(days=1)
LATENESS: Final[Mapping[str, timedelta]] = {
    "shopify": timedelta(hours=24),
    "bigcommerce": timedelta(hours=48),
    "woocommerce": timedelta(hours=48),
    "recharge": timedelta(hours=48),
}
"""What is read again once a day: how late a platform's own deliveries may be (Shopify's best practices; BigCommerce's
and Recharge's retries). WooCommerce says nothing."""
Read = Callable[[datetime, str | None], tuple[Sequence[ChangedRecord], str | None]]


class Book(Protocol):
    """The order book."""

    def orders(self, subjects: Iterable[str]) -> Mapping[str, BookedOrder]:
        """Orders as they stand."""


def rule_of(source: str, overlap: timedelta, patience: timedelta) -> Rule:
    """Every window begins before what was confirmed by the overlap, and once a day by the platform's lateness."""
    return Rule(overlap, lag=patience + LAG, wide=LATENESS[source], wide_every=DAILY)


@dataclass(frozen=True)
class OrderSource:
    """The orders of one store. ``tell`` puts them on their queue, ``tally`` counts those that only a poll told."""

    store: Store
    rule: Rule
    patience: timedelta
    read: Read
    found: Callable[[ChangedRecord], Found]
    book: Book
    tell: Callable[[Sequence[Found]], None]
    tally: Callable[[int], None]
    now: Callable[[], datetime]

    @property
    def name(self) -> str:
        """Under which its cursor is kept."""
        return f"orders#{self.store.source}:{self.store.id}"

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """Those of a page whose webhook had its time by the window's end, and the next page.

        A time in the future cannot be waited for: it counts as the window's end, and its order is looked at now.
        """
        orders, following = self.read(window.start, window.page)
        now = self.now()
        return [one for order in orders if (one := sighting(order, window, self.patience, now))], following

    def say(self, fresh: Sequence[Sighting]) -> None:
        """Send on what the order book does not have for sure, and count what it should have had."""
        found, now = [self.found(one.what) for one in fresh], self.now()
        booked = self.book.orders(one.subject for one in found)
        shown = [
            (one, booked.get(one.subject), one.shown or Shown(sighting.at, None, proves=False))
            for one, sighting in zip(found, fresh, strict=True)
        ]
        self.tell([one for one, known, version in shown if is_to_be_sent(known, version, now)])
        missed = sum(is_missed(known, version, now, self.patience) for _, known, version in shown)
        if missed and self.store.webhooks:
            self.tally(missed)


def sighting(record: ChangedRecord, window: Window, patience: timedelta, now: datetime) -> Sighting | None:
    """The sighting of a record whose webhook had its time by the window's end; None of one that is still waited for."""
    at = record.modified_at
    if at is None or at > now + SKEW:
        return Sighting(_seen_as(record), window.end, record)
    return Sighting(_seen_as(record), at, record) if at <= window.end - patience else None


def _seen_as(record: ChangedRecord) -> str:
    """A sighting's id: the record with all that is shown of it, because two changes may share a second."""
    return f"{record.record_id}@{sha256(repr(record.body).encode('utf-8', 'backslashreplace')).hexdigest()[:12]}"
