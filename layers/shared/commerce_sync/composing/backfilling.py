"""The histories that can be walked, what they give way to, and their pace."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, Protocol

from commerce_sync.aws.budget_table import BudgetTable
from commerce_sync.aws.control import Control
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.aws.queues import depth
from commerce_sync.budgets.asking import Wait, ask
from commerce_sync.budgets.counting import ceiling
from commerce_sync.budgets.state import read_state
from commerce_sync.composing import clients
from commerce_sync.composing.consent_saying import account_of
from commerce_sync.composing.hints import Hint, Hints
from commerce_sync.composing.permissions import is_stopped
from commerce_sync.composing.polling_envelopes import TOPICS, Telling, found_in
from commerce_sync.composing.polling_orders import OrderSource, Read, rule_of
from commerce_sync.composing.polling_stores import LISTS, ReadingSettings
from commerce_sync.config.consent import translated_stores
from commerce_sync.config.limits import vendor_limits
from commerce_sync.contracts import Store
from commerce_sync.errors import ConfigurationError
from commerce_sync.polling.cursors import Sighting
from commerce_sync.settings.consent import BackfillSettings
from commerce_sync.vendors.bigcommerce.records import PAGE as BIGCOMMERCE_PAGE
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.hubspot import HubSpotContacts
from commerce_sync.vendors.shopify.orders import PAGE as SHOPIFY_PAGE
from commerce_sync.vendors.woocommerce.client import PAGE as WOOCOMMERCE_PAGE
from commerce_sync.webhooks.envelope import BACKFILL

Tokens = Mapping[str, Any]
FIELDS: Final = "backfill#fields"
ORDERS: Final = "backfill#orders#"
FROM_THE_START: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Before any order of these platforms."""
ORDERS_A_MINUTE: Final[Mapping[str, int]] = {
    "shopify": SHOPIFY_PAGE,
    "bigcommerce": BIGCOMMERCE_PAGE,
    "woocommerce": WOOCOMMERCE_PAGE,
}
"""The most orders of a platform that are read in a minute: a page."""
WRITES: Final[Mapping[str, tuple[str, str]]] = {
    "klaviyo": ("POST", "/api/profile-import"),
    "hubspot": ("POST", "/crm/objects/{V}/contacts/batch/read"),
}
"""The call of each vendor of which what we tell it takes most: a profile at a time is the most that it can take."""


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
    read = LISTS[store.source](settings, tokens, store.id).modified_since
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
        LISTS[store.source](settings, tokens, store.id)
    except ConfigurationError as error:
        return str(error)
    return ""


def orders_known(settings: ReadingSettings, tokens: Tokens, store: Store, since: datetime | None) -> int:
    """About how many orders a store's history has.

    :raises CommerceSyncError: nobody can say, and why.
    """
    return LISTS[store.source](settings, tokens, store.id).count_since(since)


def walked_stores() -> Iterator[Store]:
    """The stores whose orders can be read."""
    return (store for (source, _), store in translated_stores().items() if source in LISTS)


def name_of(store: Store) -> str:
    """Of a store's document."""
    return f"{ORDERS}{store.source}:{store.id}"


def most_a_minute(vendor: str = "klaviyo") -> int:
    """How many profiles history may tell a vendor: its share of a minute's calls, were each a call of its own."""
    _, tier = vendor_limits()[vendor].place(vendor, *WRITES[vendor])
    minute = (ceiling(tier, "backfill", one.calls) * 60 // one.seconds for one in tier.windows)
    return max(1, min(minute, default=1))


def gives_way(
    settings: BackfillSettings, queues: Sequence[str], *, needs: Mapping[str, str]
) -> Callable[[], str | None]:
    """What goes first now: the stop, a destination that is not live (``needs``, by vendor), messages in a queue that
    history would stand in, the vendors' budgets. None where there is room.
    """
    return partial(_first_of_all, settings, queues, needs)


def _first_of_all(settings: BackfillSettings, queues: Sequence[str], needs: Mapping[str, str]) -> str | None:
    if is_stopped(Control(settings.control_table)):
        return "an operator stopped everything but opt-outs"
    if not_live := next((vendor for vendor, mode in needs.items() if mode != "live"), None):
        return f"{not_live} is not live"
    if any(depth(url) > settings.most_waiting for url in queues):
        return f"more than {settings.most_waiting} messages wait in a queue"
    waits = (_room(settings, vendor) for vendor in WRITES)
    return next((why for why in waits if why), None)


def _room(settings: BackfillSettings, vendor: str) -> str | None:
    """Why history may not call a vendor now. Looked at, and nothing is drawn: whoever tells it draws."""
    if not settings.budget_table:
        return None
    limits, table = vendor_limits()[vendor], BudgetTable(settings.budget_table)
    name, tier = limits.place(vendor, *WRITES[vendor])
    state = read_state(table.read(name)[0])
    verdict = ask(state, tier, "backfill", 1, time.time())
    return f"{vendor}: {verdict.why}" if isinstance(verdict, Wait) else None
