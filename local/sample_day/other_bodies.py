"""What other shops' records look like on the day: BigCommerce, WooCommerce, Recharge. About invented people."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from local.sample_day.people import Someone, invent
from local.subscription_samples import SUBSCRIBER, SUBSCRIPTION
from local.woocommerce_samples import ORDER

Record = dict[str, Any]
COSTS: Final = ("shipping", "handling", "wrapping")
CUSTOMER: Final = invent(60, "US")
"""Buys at the outlet (BigCommerce)."""
GUEST: Final = invent(61, "GB")
"""Buys in the United Kingdom (WooCommerce), and gets a part of it back."""
SUBSCRIBED: Final = invent(62, "US")
"""Subscribes to coffee (Recharge)."""
LAMPS, MUGS, COFFEE = 250, 728, 11111
BACK_AGO: Final = timedelta(minutes=40)
"""How long before the WooCommerce order was last changed its refund was made."""


def outlet_order(at: datetime, **changes: object) -> Record:
    """Two lamps at 20.00 with shipping for 5.00, taxes in the prices, as BigCommerce's V2 API shows it."""
    when = format_datetime(at.replace(microsecond=0))
    codes = dict.fromkeys(["currency_code", "default_currency_code", "store_default_currency_code"], "USD")
    free = {f"{cost}_cost_{tax}_tax": "0.0000" for cost in COSTS for tax in ("inc", "ex")}
    return {
        "id": LAMPS,
        "customer_id": 11,
        "date_created": when,
        "date_modified": when,
        "date_shipped": "",
        "status_id": 11,
        "status": "Awaiting Fulfillment",
        "total_inc_tax": "45.0000",
        "total_ex_tax": "41.6700",
        "total_tax": "3.3300",
        "discount_amount": "0.0000",
        "coupon_discount": "0.0000",
        **free,
        "shipping_cost_inc_tax": "5.0000",
        "shipping_cost_ex_tax": "4.6300",
        "refunded_amount": "0.0000",
        "items_total": 2,
        "items_shipped": 0,
        "payment_status": "captured",
        **codes,
        "store_default_to_transactional_exchange_rate": "1.0000000000",
        "is_deleted": False,
        "is_email_opt_in": False,
        "billing_address": {**_named(CUSTOMER), "country_iso2": "US"},
        **changes,
    }


def outlet_line() -> Record:
    """The lamps."""
    return {
        "id": 31,
        "order_id": LAMPS,
        "product_id": 77,
        "variant_id": 780,
        "name": "Lamp",
        "sku": "LAMP-B",
        "quantity": 2,
        "price_inc_tax": "20.0000",
        "price_ex_tax": "18.5200",
        "total_inc_tax": "40.0000",
        "quantity_refunded": 0,
        "applied_discounts": [],
    }


def outlet_refund(at: datetime) -> Record:
    """One lamp's money: 20.00 back, and 1.00 that the gateway declined."""
    payments = [
        {"id": 1, "provider_id": "custom", "amount": "20.00", "is_declined": False},
        {"id": 2, "provider_id": "authorizenet", "amount": "1.00", "is_declined": True},
    ]
    said = {"id": 501, "order_id": LAMPS, "reason": "broken", "total_amount": 21, "items": [], "payments": payments}
    return {**said, "created": at.isoformat(timespec="seconds")}


def uk_order(at: datetime) -> Record:
    """Three mugs and a spoon for 36.00 GBP."""
    when = _utc(at)
    moments = {f"date_{name}_gmt": when for name in ("created", "modified", "paid")}
    return {**ORDER, **moments, "date_created": when, "billing": {**_named(GUEST), "country": "GB"}}


def uk_refund(at: datetime) -> Record:
    """9.00 GBP back, some time before anybody told."""
    return {"id": 730, "amount": "9.00", "reason": "One was broken", "date_created_gmt": _utc(at - BACK_AGO)}


def subscriber(at: datetime) -> Record:
    """Recharge's customer, who has an address; the subscription names only an id."""
    said = {"email": SUBSCRIBED.email, "first_name": SUBSCRIBED.first_name, "last_name": SUBSCRIBED.last_name}
    return {**SUBSCRIBER, **said, "external_customer_id": None, "updated_at": at.isoformat(timespec="seconds")}


def subscription(at: datetime) -> Record:
    """Two bags of coffee each month."""
    when = at.isoformat(timespec="seconds")
    return {**SUBSCRIPTION, "created_at": when, "updated_at": when}


def _named(someone: Someone) -> Record:
    names = ("first_name", "last_name", "email", "phone")
    return {name: getattr(someone, name) for name in names}


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
