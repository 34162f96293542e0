"""What lies between an order's lines and its total."""

from decimal import Decimal

from commerce_sync.intake.delivery import Facts
from commerce_sync.intake.money import ZERO, money_or_zero
from commerce_sync.intake.shopify.lines import shipping_price, shop_amount
from commerce_sync.intake.shopify.order_body import OrderBody
from commerce_sync.intake.sums import imbalance


def charges_of(order: OrderBody, value: Decimal, goods: Decimal, code: str) -> Facts:
    """What lies between the lines and the value, and whether it all sums up.

    :param goods: the lines' prices before discounts.
    """
    discount = money_or_zero(order.total_discounts, "total_discounts")
    tax = money_or_zero(order.total_tax, "total_tax")
    shipping = shop_amount(order.total_shipping_price_set, "total_shipping_price_set")
    if shipping is None:
        shipping = shipping_price(order.shipping_lines)
    charges = shipping - discount + _duties_and_fees(order)
    if not order.taxes_included:
        charges += tax
    tip = money_or_zero(order.total_tip_received, "total_tip_received")
    return {
        "discount": discount,
        "tax": tax,
        "shipping": shipping,
        "imbalance": imbalance(value, goods, charges, tip, code),
    }


def _duties_and_fees(order: OrderBody) -> Decimal:
    """Fees, and duties that are not in the prices. Domestic orders have neither."""
    fees, duties = order.original_total_additional_fees_set, order.original_total_duties_set
    total = ZERO
    if fees:
        total += shop_amount(fees, "original_total_additional_fees_set") or ZERO
    if duties and not order.duties_included:
        total += shop_amount(duties, "original_total_duties_set") or ZERO
    return total
