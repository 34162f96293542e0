"""Refunds and fulfillments: bodies of their own, and embedded in their order's."""

from datetime import datetime

from msgspec import Struct

from commerce_sync.intake.bodies import Id
from commerce_sync.intake.shopify.shapes import MoneySet, OrderLine


class ParcelLine(OrderLine, gc=False):
    """The same in a fulfillment, where the prices' currency stands nowhere else."""

    price_set: MoneySet | None = None


class Transaction(Struct, gc=False):
    """One movement of money. ``currency`` may be null, or the one the buyer saw."""

    kind: str | None = None
    status: str | None = None
    amount: object = None
    currency: str | None = None
    test: bool | None = None


class RefundedLine(Struct, gc=False):
    """What was taken back of one line. Only its currencies are used: no total can be made of these."""

    subtotal_set: MoneySet | None = None


class RefundBody(Struct, gc=False):
    """A refund, as refunds/create sends it and as orders embed it."""

    id: Id
    created_at: datetime
    order_id: Id | None = None
    processed_at: datetime | None = None
    note: str | None = None
    transactions: list[Transaction] | None = None
    refund_line_items: list[RefundedLine] | None = None
    total_duties_set: MoneySet | None = None


class FulfillmentBody(Struct, gc=False):
    """A parcel, as fulfillments/create and update send it and as orders embed it."""

    id: Id
    created_at: datetime
    order_id: Id | None = None
    updated_at: datetime | None = None
    status: str | None = None
    shipment_status: str | None = None
    tracking_number: str | None = None
    email: str | None = None
    line_items: list[ParcelLine] | None = None
