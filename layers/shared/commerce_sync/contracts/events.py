"""The events queue's contract: what one delivery proved, in our vocabulary (design section 6).

Money is ``Decimal`` in the event's ISO 4217 currency, discounts and refunds are positive, ids are
strings, datetimes are aware and UTC, phones E.164 and countries ISO 3166-1 alpha-2 once
identity_normalization has seen them.
"""

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from commerce_sync.contracts.base import Contract, Message

EventName = Literal[
    "viewed_product",
    "added_to_cart",
    "started_checkout",
    "placed_order",
    "ordered_product",
    "fulfilled_order",
    "delivered_order",
    "cancelled_order",
    "refunded_order",
    "subscription_started",
    "subscription_paused",
    "subscription_skipped",
    "subscription_reactivated",
    "subscription_cancelled",
    "profile_updated",
    "property_observed",
]


PROFILE_CHANGES: frozenset[EventName] = frozenset({"profile_updated", "property_observed"})
"""What profile_sync hears of; the rest is commerce."""
KIND_WITHIN = 100
"""``kind`` stands among the first fields of a message."""


class LineItem(Contract):
    """One line of an order, cart or checkout. ``unit_price`` is before discounts; ``discount`` is the line's whole."""

    line_id: str | None = None
    product_id: str | None = None
    variant_id: str | None = None
    sku: str | None = None
    title: str | None = None
    quantity: int
    unit_price: Decimal
    discount: Decimal = Decimal(0)


class Unusable(Contract):
    """A value that was given as an address and is none: as it was written (its first 200 characters), and why.

    ``nothing`` says that there is none (``n/a``, ``-``), ``several`` holds more than one, ``not_valid`` is no address.
    """

    kind: Literal["email", "phone"]
    raw: str = Field(max_length=200)
    reason: Literal["nothing", "several", "not_valid"]


class Person(Contract):
    """Who an event is about, as far as its body says. Nothing here is a profile yet.

    ``customer_of`` is the store (``shopify:us``) that knows ``customer_id``, where the sender is not that store.
    """

    email: str | None = None
    phone: str | None = None
    customer_id: str | None = None
    customer_of: str | None = None
    hubspot_contact_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    country: str | None = None
    unusable: tuple[Unusable, ...] = ()

    def is_reachable(self) -> bool:
        """Whether a vendor could know this person by an address."""
        return bool(self.email or self.phone)


class Refund(Contract):
    """Money really returned: the sum of the successful refund transactions, in the event's currency."""

    refund_id: str
    amount: Decimal
    reason: str | None = None


class OwnRate(Contract):
    """A rate that the store itself states: ``per`` units of the order's currency are ``units`` of ``currency``."""

    currency: str
    units: Decimal
    per: Decimal


class OrderState(Contract):
    """The whole order as its newest body tells it. The highest ``(version, digest)`` wins, whatever arrives when.

    ``version`` is the order's own modified time; ``digest`` (of the body's order part) decides between two
    bodies of one instant, so that every worker chooses the same one. ``own_rate`` is stated by the order itself.
    """

    version: AwareDatetime
    digest: str
    name: str
    current_value: Decimal
    financial_status: str | None = None
    fulfillment_status: str | None = None
    cancelled_at: AwareDatetime | None = None
    own_rate: OwnRate | None = None


class CanonicalEvent(Contract):
    """One thing that happened, named in the past tense.

    ``event_id`` is made from the order's identity (``source:store:order id:event[:sub id]``), never from the
    delivery: a webhook, a poll, a backfill and a replay of one act are one event. ``value`` is what the
    buyer owes (for ``ordered_product``, the line's total; for ``refunded_order``, the money returned).
    ``imbalance`` says why lines, discounts, tax and shipping do not sum to the value, where they do not.
    """

    event_id: str = Field(min_length=1)
    name: EventName
    source: str
    store: str
    occurred_at: AwareDatetime
    order_id: str | None = None
    value: Decimal | None = None
    currency: str | None = None
    discount: Decimal | None = None
    tax: Decimal | None = None
    shipping: Decimal | None = None
    line_items: tuple[LineItem, ...] = ()
    person: Person | None = None
    profile_id: str | None = None
    refund: Refund | None = None
    order: OrderState | None = None
    imbalance: str | None = None
    properties: dict[str, str] = {}


class DeliveredFacts(Message):
    """Everything one delivery proved. Travels on the events queue and on the profile changes queue.

    Version 3 tells what is observed of people, and whose customer they are. Version 2 is the same without them.
    """

    VERSION: ClassVar[int] = 3

    kind: Literal["facts"] = "facts"
    envelope_id: str
    source: str
    store: str
    received_at: AwareDatetime
    events: tuple[CanonicalEvent, ...]


class DueRow(Contract):
    """One row whose time has come. ``claim`` is the lease that its dispatcher took: whoever lost it does nothing."""

    subject: str
    row: str
    claim: str


class DueWork(Message):
    """Rows that waited long enough. Travels on the events queue."""

    kind: Literal["due"] = "due"
    rows: tuple[DueRow, ...]


def parse_event_message(body: str) -> DeliveredFacts | DueWork:
    """Read one message of the events queue, whichever kind it is. Errors as :meth:`Message.parse` names them."""
    return DueWork.parse(body) if '"kind":"due"' in body[:KIND_WITHIN] else DeliveredFacts.parse(body)
