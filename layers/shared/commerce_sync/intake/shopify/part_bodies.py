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
    """What was taken back of one line, in both currencies."""

    subtotal_set: MoneySet | None = None
    total_tax_set: MoneySet | None = None


class RefundedShipping(Struct, gc=False):
    """Shipping that was paid back, since version 2024-10."""

    subtotal_amount_set: MoneySet | None = None
    tax_amount_set: MoneySet | None = None


class Adjustment(Struct, gc=False):
    """Shipping in older bodies, and what was paid back beyond the lines, or less: negative where the buyer got it."""

    amount_set: MoneySet | None = None
    tax_amount_set: MoneySet | None = None


class RefundBody(Struct, gc=False):
    """A refund, as refunds/create sends it and as orders embed it.

    Shipping and adjustments are read where they are needed: nothing that is odd in them costs another refund.
    """

    id: Id
    created_at: datetime
    order_id: Id | None = None
    processed_at: datetime | None = None
    note: str | None = None
    transactions: list[Transaction] | None = None
    refund_line_items: list[RefundedLine] | None = None
    refund_shipping_lines: object = None
    order_adjustments: object = None
    total_duties_set: MoneySet | None = None
    total_additional_fees_set: MoneySet | None = None


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
