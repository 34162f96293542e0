"""A refund is money really returned: the payments of a refund that were not declined (V3, Order Refunds).

Its ``total_amount`` is what was asked for; in the vendor's own sample a declined payment stands inside a refund.
"""

from decimal import Decimal

from commerce_sync.contracts import Refund
from commerce_sync.intake.bigcommerce.order_body import Payment, RefundBody
from commerce_sync.intake.delivery import Facts
from commerce_sync.intake.fields import event_id, identifier, text, utc
from commerce_sync.intake.money import ZERO, money, whole
from commerce_sync.intake.rejections import refuse
from commerce_sync.intake.sums import read_each


def refund_facts(refund: RefundBody, order: Facts) -> Facts:
    """The refunded_order of one refund, at its own time, months after the order where it was so.

    :param order: the facts that the order's events share; a refund is in the currency that was charged.
    :raises RejectedError: nothing was returned, or what was is not known.
    """
    refund_id, code = identifier(refund.id, "id"), order["currency"]
    returned = sum(read_each(refund.payments or (), lambda payment: _returned(payment, code), "payments"), ZERO)
    if returned <= 0:
        raise refuse("refund_not_paid", "payments", "a payment that was not declined")
    return order | {
        "event_id": event_id(order["source"], order["store"], order["order_id"], "refunded_order", refund_id),
        "name": "refunded_order",
        "occurred_at": utc(refund.created, "created"),
        "value": returned,
        "refund": Refund(refund_id=refund_id, amount=returned, reason=text(refund.reason)),
        "properties": {},
    }


def _returned(payment: Payment, code: str) -> Decimal:
    """A payment that does not say whether it was declined is not guessed at."""
    if payment.is_declined is None:
        raise refuse("missing_field", "is_declined", "whether it was declined")
    return ZERO if payment.is_declined else whole(money(payment.amount, "amount"), code, "amount")
