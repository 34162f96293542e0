"""BigCommerce's orders, their parts, carts and customers as its APIs show them, invented here."""

from collections.abc import Mapping
from typing import Any

from commerce_sync.intake import Translation

from tests.unit.intake.bodies import Body
from tests.unit.intake.store_bodies import bigcommerce

UPDATED = "store/order/updated"
CART_ID = "09346904-4175-44fd-be53-f7e598531b6c"


def bigcommerce_order(**changes: object) -> Body:
    """An order over 361.95 USD: 340.00 + 20.00 - 10.00 - 5.00 + 12.95 + 3.00 + 1.00, with 17.24 of tax in it."""
    return {
        "id": 250,
        "customer_id": 11,
        "date_created": "Sun, 01 Nov 2026 09:30:00 +0000",
        "date_modified": "Sun, 01 Nov 2026 09:45:10 +0000",
        "date_shipped": "",
        "status_id": 11,
        "status": "Awaiting Fulfillment",
        "total_inc_tax": "361.9500",
        "total_ex_tax": "344.7100",
        "total_tax": "17.2400",
        "discount_amount": "10.0000",
        "coupon_discount": "5.0000",
        "shipping_cost_inc_tax": "12.9500",
        "shipping_cost_ex_tax": "12.3300",
        "handling_cost_inc_tax": "3.0000",
        "handling_cost_ex_tax": "2.8600",
        "wrapping_cost_inc_tax": "1.0000",
        "wrapping_cost_ex_tax": "0.9500",
        "store_credit_amount": "0.0000",
        "gift_certificate_amount": "0.0000",
        "refunded_amount": "0.0000",
        "items_total": 3,
        "items_shipped": 0,
        "payment_method": "Credit Card",
        "payment_status": "captured",
        "currency_code": "USD",
        "default_currency_code": "USD",
        "store_default_currency_code": "USD",
        "store_default_to_transactional_exchange_rate": "1.0000000000",
        "channel_id": 1,
        "cart_id": CART_ID,
        "is_deleted": False,
        "is_email_opt_in": True,
        "order_source": "www",
        "billing_address": {
            "first_name": "Ada",
            "last_name": "Archer",
            "email": "ada@example.com",
            "phone": "202-555-0130",
            "country_iso2": "US",
        },
        **changes,
    }


def product(**changes: object) -> Body:
    """A line: two lamps at 170.00 with 15.00 off in all."""
    return {
        "id": 31,
        "order_id": 250,
        "product_id": 77,
        "variant_id": 780,
        "name": "Lamp",
        "sku": "LAMP-B",
        "quantity": 2,
        "price_inc_tax": "170.0000",
        "price_ex_tax": "161.9000",
        "total_inc_tax": "340.0000",
        "quantity_refunded": 0,
        "applied_discounts": [{"id": "coupon", "amount": 5}, {"id": "manual-discount", "amount": "10.0000"}],
        **changes,
    }


def engraving(**changes: object) -> Body:
    """A custom line at 20.00: no product of the catalogue."""
    said = {"id": 32, "product_id": 0, "variant_id": 0, "name": "Engraving", "sku": "", "quantity": 1}
    return product(
        **{**said, "price_inc_tax": "20.0000", "price_ex_tax": "19.0500", "applied_discounts": [], **changes}
    )


def shipment(**changes: object) -> Body:
    """A parcel with one of the lamps."""
    return {
        "id": 601,
        "order_id": 250,
        "date_created": "Mon, 02 Nov 2026 08:00:00 +0000",
        "tracking_number": "1Z999",
        "items": [{"order_product_id": 31, "product_id": 77, "quantity": 1}],
        **changes,
    }


def refund(**changes: object) -> Body:
    """A refund of 20.50: a part of it was declined."""
    return {
        "id": 501,
        "order_id": 250,
        "created": "2027-02-03T10:00:00Z",
        "reason": "broken",
        "total_amount": 30.5,
        "items": [{"item_type": "PRODUCT", "item_id": 31, "quantity": 1}],
        "payments": [
            {"id": 1, "provider_id": "storecredit", "amount": "20.00", "is_declined": False},
            {"id": 2, "provider_id": "authorizenet", "amount": "10.00", "is_declined": True},
            {"id": 3, "provider_id": "custom", "amount": "0.50", "is_declined": False},
        ],
        **changes,
    }


def cart(**changes: object) -> Body:
    """A cart of Ada's: three lamps for 150.00 instead of 170.00, and a gift certificate over 25.00."""
    lamp = {"id": "l-1", "product_id": 77, "variant_id": 780, "sku": "LAMP-B", "name": "Lamp", "quantity": 3}
    gift = {"id": "g-1", "name": "Gift", "amount": 25, "theme": "general"}
    return {
        "id": CART_ID,
        "customer_id": 11,
        "email": "",
        "currency": {"code": "USD"},
        "created_time": "2026-11-01T09:00:00+00:00",
        "updated_time": "2026-11-01T09:10:00+00:00",
        "line_items": {
            "physical_items": [{**lamp, "list_price": 170, "sale_price": 150, "extended_sale_price": 450}],
            "digital_items": [],
            "gift_certificates": [gift],
            "custom_items": [],
        },
        **changes,
    }


def customer(**changes: object) -> Body:
    """Ada."""
    return {
        "id": 11,
        "email": "Ada@example.com",
        "first_name": "Ada",
        "last_name": "Archer",
        "phone": "202-555-0130",
        "date_created": "2026-01-01T00:00:00Z",
        "date_modified": "2026-11-02T10:00:00Z",
        **changes,
    }


def parts(order: Mapping[str, Any], **lists: object) -> dict[str, object]:
    """What is fetched for an order: its two lines, unless other lists are given."""
    return {"order": order, "products": [product(), engraving()], **lists}


def ordered(scope: str = UPDATED, lists: Mapping[str, object] | None = None, **changes: object) -> Translation:
    """A webhook about an order, translated with its parts."""
    return bigcommerce(scope, parts(bigcommerce_order(**changes), **(lists or {})))
