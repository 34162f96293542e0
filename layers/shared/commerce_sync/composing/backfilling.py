"""The histories that can be walked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.composing import clients
from commerce_sync.composing.backfill_pace import orders_a_minute
from commerce_sync.composing.consent_saying import account_of
from commerce_sync.composing.hints import Hint, Hints
from commerce_sync.composing.polling_envelopes import TOPICS, Telling, found_in
from commerce_sync.composing.polling_orders import OrderSource, Read, rule_of
from commerce_sync.composing.polling_stores import LISTS, OrderList, ReadingSettings
from commerce_sync.config.consent import translated_stores
from commerce_sync.contracts import Store
from commerce_sync.errors import ConfigurationError
from commerce_sync.polling.cursors import Sighting
from commerce_sync.settings.consent import BackfillSettings
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.hubspot import HubSpotContacts
from commerce_sync.webhooks.envelope import BACKFILL

Tokens = Mapping[str, Any]
FIELDS: Final = "backfill#fields"
ORDERS: Final = "backfill#orders#"
FROM_THE_START: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Before any order of these platforms."""


class Contacts(Protocol):
    """HubSpot's contacts by id."""

    def page(self, after: str | None, properties: Sequence[str]) -> tuple[list[Mapping[str, Any]], str | None]:
        """A hundred, and the id to go on behind."""


@dataclass(frozen=True)
class ContactHistory:
    """Every contact as a hint to look at it: profile_sync tells what Klaviyo does not have yet."""

    contacts: Contacts
    account: Store
    queue_url: str
    now: Callable[[], datetime]
    name: str = FIELDS

    def page(self, _since: datetime | None, cursor: str | None) -> tuple[Sequence[Any], str | None]:
        """Contacts in the order of their ids: one that is made meanwhile comes at the end, and none moves."""
        return self.contacts.page(cursor, ("hs_object_id",))

    def tell(self, found: Sequence[Any], started_at: datetime) -> None:
        """One message for each hundred."""
        hints = [Hint(str(contact["id"]), "backfill", started_at) for contact in found]
        Hints(self.account, self.queue_url, self.now)(hints)


@dataclass(frozen=True)
class OrderHistory:
    """A store's orders as deliveries; those that the order book has in this version are not told again."""

    orders: OrderSource
    read: Read

    @property
    def name(self) -> str:
        """Of its document."""
        return name_of(self.orders.store)

    def page(self, since: datetime | None, cursor: str | None) -> tuple[Sequence[ChangedRecord], str | None]:
        """Orders that changed since then, as the store pages them."""
        return self.read(since or FROM_THE_START, cursor)

    def tell(self, found: Sequence[ChangedRecord], started_at: datetime) -> None:
        """By the door of webhooks and polls: the same ids."""
        self.orders.say([Sighting(one.record_id, one.modified_at or started_at, one) for one in found])


def contact_history(settings: BackfillSettings, tokens: Tokens, now: Callable[[], datetime]) -> ContactHistory:
    """HubSpot's contacts.

    :raises ConfigurationError: there is no token.
    """
    if not tokens.get("hubspot"):
        raise ConfigurationError("hubspot has no token")
    client = clients.hubspot(settings, tokens)
    return ContactHistory(HubSpotContacts(client), account_of("hubspot"), settings.profile_changes_queue_url, now)


def order_history(
    settings: BackfillSettings, tokens: Tokens, store: Store, now: Callable[[], datetime]
) -> OrderHistory:
    """A store's orders.

    :raises ConfigurationError: the store has no address or no token.
    """
    read = _list(settings, tokens, store).modified_since
    tell = Telling(
        store, settings.inbound_queue_url, settings.archive_bucket, now, topic=TOPICS[store.source], by=BACKFILL
    )
    nothing = timedelta()
    orders = OrderSource(
        store=store,
        rule=rule_of(store.source, nothing, nothing),
        patience=nothing,
        read=read,
        found=found_in(store),
        book=OrderBookTable(settings.order_book_table),
        tell=tell,
        tally=lambda _: None,
        now=now,
    )
    return OrderHistory(orders, read)


def lacking(settings: ReadingSettings, tokens: Tokens, store: Store) -> str:
    """Why a store's orders cannot be read: it has no address or no token. Empty where they can."""
    try:
        _list(settings, tokens, store)
    except ConfigurationError as error:
        return str(error)
    return ""


def orders_known(settings: ReadingSettings, tokens: Tokens, store: Store, since: datetime | None) -> int:
    """About how many orders a store's history has.

    :raises CommerceSyncError: nobody can say, and why.
    """
    return _list(settings, tokens, store).count_since(since)


def walked_stores() -> Iterator[Store]:
    """The stores whose orders can be read."""
    return (store for (source, _), store in translated_stores().items() if source in LISTS)


def name_of(store: Store) -> str:
    """Of a store's document."""
    return f"{ORDERS}{store.source}:{store.id}"


def _list(settings: ReadingSettings, tokens: Tokens, store: Store) -> OrderList:
    return LISTS[store.source](settings, tokens, store.id, orders_a_minute(store.source))
