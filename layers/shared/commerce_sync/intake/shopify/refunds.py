"""A refund is money really returned: the sum of its successful refund transactions, in shop money.

Shopify gives no total. The amounts of the lines are not it: they tell what was taken back, and in one of
Shopify's own samples a line's ``subtotal`` contradicts its ``subtotal_set`` (refunds/create).
"""

from collections.abc import Iterator
from typing import Final

from commerce_sync.contracts import Refund, Store
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Facts, Translation, facts_of
from commerce_sync.intake.fields import event_id, identifier, text
from commerce_sync.intake.money import currency
from commerce_sync.intake.rejections import refuse
from commerce_sync.intake.shopify.order_state import placed_at
from commerce_sync.intake.shopify.part_bodies import RefundBody
from commerce_sync.intake.shopify.refund_amounts import Currencies, returned
from commerce_sync.intake.shopify.shapes import MoneySet

_REFUND: Final = decoder_of(RefundBody)


def translate(delivery: Delivery) -> Translation:
    """refunds/create: one refund, which carries no person; its order does."""
    refund = decode(_REFUND, delivery.body)
    if refund.order_id is None:
        raise refuse("missing_field", "order_id", "an id")
    order = facts_of(delivery, order_id=identifier(refund.order_id, "order_id"))
    return Translation.of(refund_facts(refund, order, _currencies(refund, delivery.store)))


def refund_facts(refund: RefundBody, order: Facts, currencies: Currencies) -> Facts:
    """The refunded_order of one refund, with the same id from refunds/create and from the order's body.

    :param order: the facts that the order's events share.
    """
    refund_id = identifier(refund.id, "id")
    amount = returned(refund, currencies)
    return order | {
        "event_id": event_id(order["source"], order["store"], order["order_id"], "refunded_order", refund_id),
        "name": "refunded_order",
        "occurred_at": placed_at(refund.created_at, refund.processed_at),
        "value": amount,
        "currency": currencies.shop,
        "refund": Refund(refund_id=refund_id, amount=amount, reason=text(refund.note)),
        "properties": {},
    }


def _currencies(refund: RefundBody, store: Store) -> Currencies:
    """The currencies that a refund on its own names; the store's configured one where it names none at all."""
    for path, amounts in _money_sets(refund):
        if amounts.shop_money and amounts.shop_money.currency_code:
            seen = amounts.presentment_money.currency_code if amounts.presentment_money else None
            return Currencies(currency(amounts.shop_money.currency_code, path), seen)
    return Currencies(currency(store.currency, "transactions"))


def _money_sets(refund: RefundBody) -> Iterator[tuple[str, MoneySet]]:
    for at, line in enumerate(refund.refund_line_items or ()):
        if line.subtotal_set:
            yield f"refund_line_items[{at}].subtotal_set.shop_money.currency_code", line.subtotal_set
    if refund.total_duties_set:
        yield "total_duties_set.shop_money.currency_code", refund.total_duties_set
