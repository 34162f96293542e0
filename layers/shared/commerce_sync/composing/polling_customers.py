"""Customers that changed at a store, by a cursor: each goes the way that its webhook goes, with the same ids.

There is no book of customers, so one that its webhook told already is told again, which is harmless. A WooCommerce shop
shows new customers only: who changed there is told by its webhook, or by the next order.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Final

from commerce_sync.aws.control import Control
from commerce_sync.composing import clients
from commerce_sync.composing.polling_envelopes import Found, Telling, serialized, thin
from commerce_sync.composing.polling_orders import LAG, Read
from commerce_sync.composing.polling_stores import Tokens, stores_to_poll
from commerce_sync.contracts import Store
from commerce_sync.polling.cursors import Rule, Sighting, Window
from commerce_sync.settings.consent import PollingSettings
from commerce_sync.vendors.bigcommerce import BigCommerceCustomers
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.shopify import ShopifyPeople
from commerce_sync.vendors.woocommerce import WooCommerceCustomers

TOPICS: Final[Mapping[str, str]] = {
    "shopify": "customers/update",
    "bigcommerce": "store/customer/updated",
    "woocommerce": "customer.updated",
}


@dataclass(frozen=True)
class CustomerSource:
    """The customers of one store. ``tell`` puts them on their queue."""

    store: Store
    rule: Rule
    read: Read
    tell: Callable[[Sequence[Found]], None]

    @property
    def name(self) -> str:
        """Under which its cursor is kept."""
        return f"customers#{self.store.source}:{self.store.id}"

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """Customers that changed since the window's start; what is dated ahead of our clock is read now."""
        customers, following = self.read(window.start, window.page)
        return [Sighting(_seen_as(one), one.modified_at or window.end, one) for one in customers], following

    def say(self, fresh: Sequence[Sighting]) -> None:
        """Each as its webhook would have brought it."""
        self.tell([self._found(one.what) for one in fresh])

    def _found(self, customer: ChangedRecord) -> Found:
        is_thin = self.store.source == "bigcommerce"
        body = thin("customer", customer) if is_thin else serialized(customer.body)
        return Found(f"{self.store.source}:{self.store.id}:customer:{customer.record_id}", body, None)


def customer_sources(
    settings: PollingSettings, tokens: Tokens, control: Control, source: str, now: Callable[[], datetime]
) -> Iterator[CustomerSource]:
    """One for each store of a platform that is connected. A window confirms no more than a list shows for sure."""
    rule = Rule(timedelta(seconds=settings.overlap), lag=LAG)
    for store, read in stores_to_poll(control, source, partial(READERS[source], settings, tokens)):
        queue_url, bucket = settings.inbound_queue_url, settings.archive_bucket
        yield CustomerSource(store, rule, read, Telling(store, queue_url, bucket, now, topic=TOPICS[source], by="poll"))


def _seen_as(customer: ChangedRecord) -> str:
    """A sighting's id: the customer with all that is shown of it, because two changes may share a second."""
    shown = sha256(repr(customer.body).encode("utf-8", "backslashreplace")).hexdigest()[:12]
    return f"{customer.record_id}@{shown}"


def _shopify(settings: PollingSettings, tokens: Tokens, store: str) -> Read:
    return ShopifyPeople(clients.shopify(settings, tokens, store)).modified_since


def _bigcommerce(settings: PollingSettings, tokens: Tokens, store: str) -> Read:
    return BigCommerceCustomers(clients.bigcommerce(settings, tokens, store)).modified_since


def _woocommerce(settings: PollingSettings, tokens: Tokens, store: str) -> Read:
    return WooCommerceCustomers(clients.woocommerce(settings, tokens, store)).registered_since


READERS: Final[Mapping[str, Callable[[PollingSettings, Tokens, str], Read]]] = {
    "shopify": _shopify,
    "bigcommerce": _bigcommerce,
    "woocommerce": _woocommerce,
}
