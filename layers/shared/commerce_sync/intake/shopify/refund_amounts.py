"""What a refund paid back, in shop money, also where the buyer got it back in another currency.

A transaction is in the currency that was paid in (Shopify's sample: shop CAD, transaction USD) and holds no amount
in shop money. What was taken back does, in both currencies: lines, tax, shipping, duties, and adjustments, which stand
with the opposite sign. Where these come to exactly what was paid back in the buyer's currency, they say what that was
in shop money; Shopify itself turned it, nothing is converted here. Where they do not, the refund is refused.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from commerce_sync.intake.bodies import shaped
from commerce_sync.intake.money import ZERO, money
from commerce_sync.intake.rejections import RejectedError, refuse
from commerce_sync.intake.shopify.part_bodies import Adjustment, RefundBody, RefundedShipping, Transaction
from commerce_sync.intake.shopify.shapes import Money, MoneySet
from commerce_sync.intake.sums import read_each


@dataclass(frozen=True, slots=True)
class Currencies:
    """The currency the shop is paid in, and the one the buyer saw where the body names it."""

    shop: str
    presentment: str | None = None

    def unmarked(self) -> str | None:
        """What an amount without a currency is in: shop money, unless the body names two currencies."""
        return self.shop if self.presentment in {None, self.shop} else None


def returned(refund: RefundBody, currencies: Currencies) -> Decimal:
    """The money returned, in shop money.

    :raises RejectedError: none was (yet), or how much it was in shop money is not said: money is never guessed.
    """
    moves = refund.transactions or ()
    paid = read_each(moves, lambda move: _paid(move, currencies), "transactions")
    total = sum((amount for amount, _ in paid), ZERO)
    if total <= 0:
        raise refuse("refund_not_paid", "transactions", "a successful refund")
    foreign = [at for at, (_, is_foreign) in enumerate(paid) if is_foreign]
    if not foreign:
        return total
    in_shop_money = _turned(refund, currencies, total) if len(foreign) == sum(map(_is_money_back, moves)) else None
    if in_shop_money is None:
        raise refuse("refund_currency_differs", f"transactions[{foreign[0]}].currency", "the shop's currency")
    return in_shop_money


def _is_money_back(move: Transaction) -> bool:
    return move.kind == "refund" and move.status == "success"


def _paid(move: Transaction, currencies: Currencies) -> tuple[Decimal, bool]:
    """What one movement returned, and whether that is in the buyer's currency."""
    if not _is_money_back(move):
        return ZERO, False
    if move.test:
        raise refuse("test_order", "test", "false")
    code = move.currency or currencies.unmarked()
    if code != currencies.shop and (code is None or code != currencies.presentment):
        raise refuse("refund_currency_differs", "currency", "the shop's currency")
    return money(move.amount, "amount"), code != currencies.shop


def _turned(refund: RefundBody, currencies: Currencies, seen: Decimal) -> Decimal | None:
    """What was taken back in shop money, where it is exactly this much in the buyer's; None where it is not.

    A line's amount holds its tax where the shop's prices do, which a refund does not say: both are tried.
    """
    try:
        goods, taxes = _both(_goods(refund), currencies), _both(_taxes(refund), currencies)
    except RejectedError:
        return None
    for shop_money, buyers_money in ((goods[0] + taxes[0], goods[1] + taxes[1]), goods):
        if buyers_money == seen and shop_money > 0:
            return shop_money
    return None


def _goods(refund: RefundBody) -> Iterator[tuple[int, MoneySet | None]]:
    yield from ((1, line.subtotal_set) for line in refund.refund_line_items or ())
    yield from ((1, line.subtotal_amount_set) for line in _shipping(refund))
    yield from ((-1, part.amount_set) for part in _adjustments(refund))
    yield from ((1, refund.total_duties_set), (1, refund.total_additional_fees_set))


def _taxes(refund: RefundBody) -> Iterator[tuple[int, MoneySet | None]]:
    yield from ((1, line.total_tax_set) for line in refund.refund_line_items or ())
    yield from ((1, line.tax_amount_set) for line in _shipping(refund))
    yield from ((-1, part.tax_amount_set) for part in _adjustments(refund))


def _shipping(refund: RefundBody) -> list[RefundedShipping]:
    return shaped(list[RefundedShipping], refund.refund_shipping_lines or [], "refund_shipping_lines")


def _adjustments(refund: RefundBody) -> list[Adjustment]:
    return shaped(list[Adjustment], refund.order_adjustments or [], "order_adjustments")


def _both(parts: Iterable[tuple[int, MoneySet | None]], currencies: Currencies) -> tuple[Decimal, Decimal]:
    """The sums of the parts that are there, in shop money and in the buyer's."""
    shop, buyer = ZERO, ZERO
    for sign, both in parts:
        if both is not None:
            shop += sign * _amount(both.shop_money, currencies.shop)
            buyer += sign * _amount(both.presentment_money, currencies.presentment)
    return shop, buyer


def _amount(side: Money | None, code: str | None) -> Decimal:
    if side is None or side.currency_code != code:
        raise refuse("refund_currency_differs", "currency_code", "one of the refund's two currencies")
    return money(side.amount, "amount")
