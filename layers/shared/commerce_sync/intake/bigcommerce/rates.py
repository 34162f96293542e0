"""The rate at which BigCommerce itself turned the store's own currency into the one that was charged."""

from decimal import Decimal
from typing import Final

from commerce_sync.contracts import OwnRate
from commerce_sync.contracts.currencies import MINOR_UNITS
from commerce_sync.intake.bigcommerce.order_body import OrderBody
from commerce_sync.intake.money import money
from commerce_sync.intake.rejections import RejectedError

ONE: Final = Decimal(1)


def own_rate(order: OrderBody) -> OwnRate | None:
    """What one unit of the store's own currency is worth in the charged one; none where both are one, or it is unread.

    Nothing else hangs on it here, so it refuses no order.
    """
    own = order.store_default_currency_code
    if own not in MINOR_UNITS or own == order.default_currency_code:
        return None
    try:
        per = money(order.store_default_to_transactional_exchange_rate, "rate")
    except RejectedError:
        return None
    return OwnRate(currency=own, units=ONE, per=per) if per > 0 else None
