"""The stores of one platform that are read on a schedule, and what an operator is told of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Protocol

from commerce_sync.aws.control import Control
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.composing import clients
from commerce_sync.composing.polling_envelopes import TOPICS, Telling, found_in
from commerce_sync.composing.polling_orders import LATENESS, OrderSource, Read, rule_of
from commerce_sync.composing.store_webhooks import addresses_of_ours
from commerce_sync.config.consent import translated_stores
from commerce_sync.contracts import Store
from commerce_sync.errors import ConfigurationError, PermanentError, RetriableError
from commerce_sync.observability import count, log
from commerce_sync.operating.polled import TALLY, counted, read_at
from commerce_sync.settings.consent import PollingSettings
from commerce_sync.vendors.bigcommerce import BigCommerceOrders
from commerce_sync.vendors.bigcommerce.records import PAGE as BIGCOMMERCE_PAGE
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.shopify import ShopifyOrders
from commerce_sync.vendors.shopify.orders import PAGE as SHOPIFY_PAGE
from commerce_sync.vendors.woocommerce import WooCommerceOrders, WooCommerceWebhooks, switch_on_again
from commerce_sync.vendors.woocommerce.client import PAGE as WOOCOMMERCE_PAGE

Tokens = Mapping[str, Any]


class OrderList(Protocol):
    """The orders of one store as its API lists them."""

    def modified_since(self, moment: datetime, cursor: str | None) -> tuple[Sequence[ChangedRecord], str | None]:
        """A page of those that changed since a moment, and the next cursor; None after the last page."""

    def count_since(self, moment: datetime | None) -> int:
        """About how many those are; without a moment, how many there are. It raises where nobody can say."""


class ReadingSettings(clients.ShopSettings, clients.UrlSettings, Protocol):
    """Where the stores and their budgets are."""


def store_sources(
    settings: PollingSettings, tokens: Tokens, control: Control, source: str, now: Callable[[], datetime]
) -> Iterator[OrderSource]:
    """One for each store of a platform that is connected, those first that were not read for longest."""
    book = OrderBookTable(settings.order_book_table)
    lists, page = LISTS[source], PAGES[source]
    for store, read in stores_to_poll(control, source, lambda id_: lists(settings, tokens, id_, page).modified_since):
        patience = timedelta(seconds=settings.webhook_patience if store.webhooks else 0)
        queue_url, bucket = settings.inbound_queue_url, settings.archive_bucket
        yield OrderSource(
            store=store,
            rule=rule_of(source, timedelta(seconds=settings.overlap), patience),
            patience=patience,
            read=read,
            found=found_in(store),
            book=book,
            tell=Telling(store, queue_url, bucket, now, topic=TOPICS[source], by="poll"),
            tally=missed_at(control, store, now),
            now=now,
        )


def stores_to_poll(control: Control, source: str, reader: Callable[[str], Read]) -> Iterator[tuple[Store, Read]]:
    """The stores of a platform that have an address and a token, with what reads them; longest unread first."""
    stores = [store for (platform, _), store in translated_stores().items() if platform == source]
    for store in sorted(stores, key=lambda one: control.read(tally_of(one))[0].get("last_poll", "")):
        try:
            yield store, reader(store.id)
        except ConfigurationError:
            log("a store is not polled: it has no address or no token", source=source, store=store.id)


def note_poll(control: Control, store: Store, at: datetime) -> None:
    """Write down that a store was read to the end."""
    control.change(tally_of(store), lambda known: read_at(known, at))


def missed_at(control: Control, store: Store, now: Callable[[], datetime]) -> Callable[[int], None]:
    """What counts the records of a store that only a poll told."""
    return partial(_missed, control, store, now)


def tally_of(store: Store) -> str:
    """The name of the document about a store."""
    return f"{TALLY}{store.source}:{store.id}"


def webhooks_on_again(settings: PollingSettings, tokens: Tokens) -> dict[str, Any]:
    """Set WooCommerce's webhooks active again that lead to us; by store, the topics of those that were off.

    A shop whose key may not do that, or that does not answer, is told and read all the same.
    """
    done: dict[str, Any] = {}
    for source, store in translated_stores():
        if source != "woocommerce":
            continue
        ours = addresses_of_ours(settings, source, store)
        try:
            shop = clients.woocommerce(settings, tokens, store)
            switched = switch_on_again(WooCommerceWebhooks(shop), ours)
        except ConfigurationError:
            continue
        except (PermanentError, RetriableError) as error:
            log("a shop's webhooks could not be looked at", store=store, reason=str(error))
            done[store] = {"not_looked_at": str(error)}
            continue
        if switched:
            count("WebhooksSwitchedOnAgain", len(switched), source=source, store=store)
            done[store] = {"switched_on_again": [one.topic for one in switched]}
    return done


def _missed(control: Control, store: Store, now: Callable[[], datetime], missed: int) -> None:
    control.change(tally_of(store), lambda known: counted(known, missed, now()))
    count("FoundOnlyByPolling", missed, source=store.source, store=store.id)


def _shopify(settings: ReadingSettings, tokens: Tokens, store: str, page: int) -> OrderList:
    return ShopifyOrders(clients.shopify(settings, tokens, store), page)


def _bigcommerce(settings: ReadingSettings, tokens: Tokens, store: str, page: int) -> OrderList:
    return BigCommerceOrders(clients.bigcommerce(settings, tokens, store), page)


def _woocommerce(settings: ReadingSettings, tokens: Tokens, store: str, page: int) -> OrderList:
    return WooCommerceOrders(clients.woocommerce(settings, tokens, store), page)


PAGES: Final[Mapping[str, int]] = {
    "shopify": SHOPIFY_PAGE,
    "bigcommerce": BIGCOMMERCE_PAGE,
    "woocommerce": WOOCOMMERCE_PAGE,
}
"""The most orders that a platform lists at once."""
LISTS: Final[Mapping[str, Callable[[ReadingSettings, Tokens, str, int], OrderList]]] = {
    "shopify": _shopify,
    "bigcommerce": _bigcommerce,
    "woocommerce": _woocommerce,
}
POLLED: Final = frozenset(LATENESS)
