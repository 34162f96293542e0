"""What an order carries beside its facts: where it was placed, and how it was paid."""

from commerce_sync.intake.bigcommerce.order_body import OrderBody
from commerce_sync.intake.fields import identifier_if_any
from commerce_sync.intake.money import in_units, money_or_zero
from commerce_sync.intake.properties import properties_of


def order_properties(order: OrderBody, code: str) -> dict[str, str]:
    """Few and named. What the buyer saw and the store's own currency are told where they are not the one charged."""
    return properties_of(
        order_source=order.order_source,
        payment_method=order.payment_method,
        channel_id=identifier_if_any(order.channel_id, "order.channel_id"),
        cart_token=order.cart_id,
        gift_certificate_amount=_amount(order.gift_certificate_amount, code, "order.gift_certificate_amount"),
        store_credit_amount=_amount(order.store_credit_amount, code, "order.store_credit_amount"),
        displayed_currency=order.currency_code if order.currency_code != code else None,
        **_own_currency(order, code),
    )


def _own_currency(order: OrderBody, code: str) -> dict[str, str]:
    """The store's own currency and the rate from it, where another is charged. Some answers leave it empty."""
    own, rate = order.store_default_currency_code, order.store_default_to_transactional_exchange_rate
    if not own or own == code or rate is None:
        return {}
    exchange_rate = money_or_zero(rate, "order.store_default_to_transactional_exchange_rate")
    return {"store_currency": own, "exchange_rate": f"{exchange_rate:f}"}


def _amount(value: object, code: str, path: str) -> str | None:
    amount = money_or_zero(value, path)
    return f"{in_units(amount, code):f}" if amount else None
