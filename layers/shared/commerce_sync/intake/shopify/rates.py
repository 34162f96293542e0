"""The rate at which Shopify itself turned the shop's currency into the buyer's."""

from decimal import Decimal

from commerce_sync.contracts import OwnRate
from commerce_sync.contracts.currencies import MINOR_UNITS
from commerce_sync.intake.money import money
from commerce_sync.intake.rejections import RejectedError
from commerce_sync.intake.shopify.shapes import Money, MoneySet


def own_rate(total: MoneySet | None) -> OwnRate | None:
    """What the order's total was worth in the buyer's currency, where that is another one.

    Nothing else hangs on it: an amount that cannot be read states no rate, and refuses no order.
    """
    if total is None or total.shop_money is None or total.presentment_money is None:
        return None
    code = total.presentment_money.currency_code
    if code == total.shop_money.currency_code or code not in MINOR_UNITS:
        return None
    shop, buyer = map(_amount, (total.shop_money, total.presentment_money))
    if not (shop and buyer):
        return None
    return OwnRate(currency=code, units=buyer, per=shop)


def _amount(side: Money) -> Decimal | None:
    try:
        amount = money(side.amount, "amount")
    except RejectedError:
        return None
    return amount if amount > 0 else None
