"""A refund is money really returned: the sum of its successful refund transactions, in shop money.

Shopify gives no total. The amounts of the lines are not it: they tell what was taken back, and in one of
Shopify's own samples a line's ``subtotal`` contradicts its ``subtotal_set`` (refunds/create).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from commerce_sync.contracts import Refund, Store
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Facts, Translation, facts_of
from commerce_sync.intake.fields import event_id, identifier, text
from commerce_sync.intake.money import ZERO, currency, money
from commerce_sync.intake.rejections import refuse
from commerce_sync.intake.shopify.order_state import placed_at
from commerce_sync.intake.shopify.part_bodies import RefundBody, Transaction
from commerce_sync.intake.shopify.shapes import MoneySet
from commerce_sync.intake.sums import read_each

_REFUND: Final = decoder_of(RefundBody)


@dataclass(frozen=True, slots=True)
class Currencies:
    """The currency the shop is paid in, and the one the buyer saw where the body names it."""

    shop: str
    presentment: str | None = None

    def unmarked(self) -> str | None:
        """What an amount without a currency is in: shop money, unless the body names two currencies."""
        return self.shop if self.presentment in {None, self.shop} else None


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
    amount = _returned(refund, currencies)
    return order | {
        "event_id": event_id(order["source"], order["store"], order["order_id"], "refunded_order", refund_id),
        "name": "refunded_order",
        "occurred_at": placed_at(refund.created_at, refund.processed_at),
        "value": amount,
        "currency": currencies.shop,
        "refund": Refund(refund_id=refund_id, amount=amount, reason=text(refund.note)),
        "properties": {},
    }


def _returned(refund: RefundBody, currencies: Currencies) -> Decimal:
    """The money returned, in shop money: zero is a refund that has returned nothing yet.

    A transaction's currency may be the buyer's (Shopify's sample: shop CAD, transaction USD) and its body holds
    no amount in shop money then. Such a refund is refused rather than converted: money is never guessed.
    """
    paid = read_each(refund.transactions or (), lambda move: _paid(move, currencies), "transactions")
    total = sum(paid, ZERO)
    if total <= 0:
        raise refuse("refund_not_paid", "transactions", "a successful refund")
    return total


def _paid(move: Transaction, currencies: Currencies) -> Decimal:
    if move.kind != "refund" or move.status != "success":
        return ZERO
    if move.test:
        raise refuse("test_order", "test", "false")
    if (move.currency or currencies.unmarked()) != currencies.shop:
        raise refuse("refund_currency_differs", "currency", "the shop's currency")
    return money(move.amount, "amount")


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
