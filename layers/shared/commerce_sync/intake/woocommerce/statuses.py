"""What a status says of an order: whether it is one at all, and whether it was before.

``pending`` waits for its payment, ``failed`` did not get it, the drafts are checkouts that are being filled in. Every
other status, a shop's own included, is an order. ``cancelled`` is two things: orders that were called off, and
checkouts that nobody paid and that the shop cancels by itself after an hour (``wc_cancel_unpaid_orders``).
"""

from typing import Final

from commerce_sync.contracts import Store
from commerce_sync.intake.people import address_in, place_in
from commerce_sync.intake.rejections import refuse
from commerce_sync.intake.woocommerce.shapes import Order, Sale, Subscription, fields_in
from commerce_sync.intake.woocommerce.times import moment

DRAFTS: Final = frozenset({"checkout-draft", "auto-draft", "draft", "new"})
NOT_PLACED: Final = DRAFTS | {"pending", "failed"}
TRASHED: Final = "trash"
CANCELLED: Final = "cancelled"
COMPLETED: Final = "completed"
REFUNDED: Final = "refunded"
BY_THE_BUYER: Final = frozenset({"checkout", "store-api"})
"""How an order comes about that a buyer placed; others are placed by staff, an API or an import."""

_CANCELLED_UNPAID: Final = BY_THE_BUYER | {"subscription"}
_PAID_LATER: Final = frozenset({"bacs", "cheque", "cod"})
"""Ways to pay by which an order is placed before its money comes: bank transfer, cheque, on delivery."""
_LEFT_BY_PLACING: Final = frozenset(
    {"_new_order_email_sent", "_order_stock_reduced", "_recorded_sales", "_download_permissions_granted"}
)
"""Fields that the shop sets when an order is placed. Newer versions do not show them."""
_PROOF: Final = frozenset({"yes", "true", "1"})
_ORDER_OF_LIFE: Final = ("on-hold", "processing", "", COMPLETED, CANCELLED, REFUNDED)
"""How statuses follow each other; the empty one stands for a shop's own."""


def named_status(sale: Sale) -> str:
    """The status as it is written, without the prefix that WordPress keeps it under."""
    return (address_in(sale.status) or "").removeprefix("wc-")


def status_of(sale: Sale, store: Store) -> str:
    """The status of a sale that took place.

    :raises RejectedError: it is none (yet), or is in the bin.
    """
    status = named_status(sale)
    if not status:
        raise refuse("missing_field", "status", "a status")
    if status == TRASHED:
        raise refuse("record_deleted", "status", "a record that is not in the bin")
    if status in NOT_PLACED or (status == CANCELLED and not _was_placed(sale, store)):
        raise refuse("incomplete_order", "status", "an order that was placed")
    return status


def rank_of(status: str) -> int:
    """Which of two statuses of one second is the later one: times are told to the second only."""
    return _ORDER_OF_LIFE.index(status if status in _ORDER_OF_LIFE else "")


def _was_placed(sale: Sale, store: Store) -> bool:
    """Whether a cancelled sale is known to have been an order before.

    The shop cancels by itself what a buyer or a subscription began, by a way of paying that is settled at once, and
    nobody paid.
    """
    method = address_in(sale.payment_method)
    may_be_unpaid = (
        address_in(sale.created_via) in _CANCELLED_UNPAID and method is not None and method not in _PAID_LATER
    )
    return not may_be_unpaid or _is_paid(sale, store) or _is_marked(sale)


def _is_paid(sale: Sale, store: Store) -> bool:
    if moment(sale, "date_paid", store) or moment(sale, "date_completed", store):
        return True
    if isinstance(sale, Subscription):
        return bool(address_in(sale.last_payment_date_gmt))
    return isinstance(sale, Order) and bool(address_in(sale.transaction_id) or sale.refunds)


def _is_marked(sale: Sale) -> bool:
    return any(
        name in _LEFT_BY_PLACING and str(value).strip().lower() in _PROOF
        for name, value in fields_in(sale.meta_data)
        if isinstance(name, str) and not place_in(value)
    )
