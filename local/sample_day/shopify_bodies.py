"""Shopify's bodies (shape of API 2026-10), from the story. Money is text; ids are beyond 2^53."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from local.sample_day.people import Someone
from local.sample_day.story import Happening, Line, Order

Body = dict[str, Any]
PLACES = {"US": ("Portland", "Oregon", "97201"), "DE": ("Berlin", "Berlin", "10115")}


def order_body(order: Order, happenings: list[Happening], updated_at: datetime) -> Body:
    """The whole order as it stood at ``updated_at``, with everything that had happened to it by then."""
    known = [one for one in happenings if one.order is order and one.at <= updated_at]
    cancelled = next((one for one in known if one.kind == "cancelled"), None)
    fulfilled = any(one.kind == "fulfilled" for one in known)
    refunded = any(one.kind == "refunded" for one in known)
    person = order.buyer
    return {
        "id": order.order_id,
        "admin_graphql_api_id": f"gid://shopify/Order/{order.order_id}",
        "name": order.name,
        "order_number": order.order_id % 100_000,
        "email": person.email if person else None,
        "contact_email": person.email if person else None,
        "phone": person.phone if person and not person.email else None,
        "created_at": _time(order.placed_at),
        "processed_at": _time(order.placed_at),
        "updated_at": _time(updated_at),
        "cancelled_at": _time(cancelled.at) if cancelled else None,
        "cancel_reason": "customer" if cancelled else None,
        "currency": order.currency,
        "presentment_currency": order.shown_currency or order.currency,
        "current_total_price": str(order.total),
        "total_price": str(order.total),
        "total_price_set": _set(order, order.total),
        "subtotal_price": str(order.subtotal),
        "total_discounts": str(order.discount),
        "total_tax": str(order.tax),
        "taxes_included": False,
        "total_line_items_price": str(order.subtotal + order.discount),
        "total_shipping_price_set": _set(order, order.shipping),
        "shipping_lines": [{"title": "Standard", "price": str(order.shipping), "is_removed": False}],
        "discount_codes": [{"code": "HELLO", "amount": str(order.discount), "type": "fixed_amount"}]
        if order.discount
        else [],
        "financial_status": "partially_refunded" if refunded else "paid",
        "fulfillment_status": "fulfilled" if fulfilled else None,
        "test": False,
        "source_name": "web" if person else "pos",
        "landing_site": "/?utm_source=newsletter&utm_medium=email&utm_campaign=autumn",
        "buyer_accepts_marketing": False,
        "note": None,
        "customer": _customer(person) if person else None,
        "billing_address": _address(person) if person else None,
        "shipping_address": _address(person) if person else None,
        "line_items": [_line(order, line) for line in order.lines],
        "refunds": [],
        "fulfillments": [],
    }


def refund_body(happening: Happening) -> Body:
    """Money back. The total is in the transactions, there is no other."""
    order = happening.order
    return {
        "id": 8_300_000_000_000_000_000 + happening.number,
        "order_id": order.order_id,
        "created_at": _time(happening.at),
        "processed_at": _time(happening.at),
        "note": "arrived broken",
        "refund_line_items": [{"id": 1, "line_item_id": order.lines[0].line_id, "quantity": 1, "subtotal": 1.0}],
        "transactions": [
            _transaction(happening, "refund", "success", happening.amount),
            _transaction(happening, "refund", "failure", happening.amount * 2),
        ],
        "order_adjustments": [],
    }


def fulfillment_body(happening: Happening) -> Body:
    """A parcel on its way."""
    order = happening.order
    return {
        "id": 9_400_000_000_000_000_000 + happening.number,
        "order_id": order.order_id,
        "status": "success",
        "created_at": _time(happening.at),
        "updated_at": _time(happening.at),
        "tracking_company": "Sample Post",
        "tracking_number": f"SP{happening.number:08d}",
        "shipment_status": None,
        "email": order.buyer.email if order.buyer else None,
        "line_items": [_line(order, line) for line in order.lines],
    }


def checkout_body(order: Order) -> Body:
    """A checkout that said who it is."""
    person = order.buyer
    return {
        "token": f"checkout-{order.store}-{order.order_id}",
        "cart_token": f"cart-{order.store}-{order.order_id}",
        "email": person.email if person else None,
        "phone": None,
        "created_at": _time(order.placed_at),
        "updated_at": _time(order.placed_at),
        "currency": order.currency,
        "presentment_currency": order.currency,
        "total_price": str(order.total),
        "total_discounts": str(order.discount),
        "total_tax": str(order.tax),
        "taxes_included": False,
        "shipping_lines": [{"title": "Standard", "price": str(order.shipping)}],
        "abandoned_checkout_url": f"https://{order.store}.example.com/checkouts/{order.order_id}/recover",
        "buyer_accepts_marketing": False,
        "line_items": [_line(order, line) | {"line_price": str(line.total)} for line in order.lines],
        "customer": _customer(person) if person else None,
    }


def cart_body(order: Order) -> Body:
    """A cart: lines with prices, and nobody's name."""
    return {
        "id": f"cart-{order.store}-{order.order_id}",
        "token": f"cart-{order.store}-{order.order_id}",
        "line_items": [_line(order, line) | {"line_price": str(line.total)} for line in order.lines],
        "note": None,
        "created_at": _time(order.placed_at),
        "updated_at": _time(order.placed_at),
    }


def customer_body(person: Someone, at: datetime) -> Body:
    """A customer, without consent or tags (since 2025-01)."""
    return _customer(person) | {"created_at": _time(at), "updated_at": _time(at)}


def consent_body(person: Someone, at: datetime) -> Body:
    """Somebody asked for no more email."""
    consent = {"state": "unsubscribed", "opt_in_level": "single_opt_in", "consent_updated_at": _time(at)}
    return {
        "customer_id": person.customer_id,
        "email_address": person.email,
        "email_marketing_consent": consent,
    }


def _customer(person: Someone) -> Body:
    return {
        "id": person.customer_id,
        "email": person.email,
        "phone": person.phone if not person.email else None,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "state": "enabled",
        "default_address": _address(person),
    }


def _address(person: Someone) -> Body:
    city, province, postcode = PLACES[person.country]
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "phone": person.phone,
        "address1": "1 Sample Street",
        "city": city,
        "province": province,
        "zip": postcode,
        "country_code": person.country,
    }


def _line(order: Order, line: Line) -> Body:
    return {
        "id": line.line_id,
        "product_id": 4_000_000_000_000_000_000 + len(line.sku),
        "variant_id": 4_500_000_000_000_000_000 + len(line.title),
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "current_quantity": line.quantity,
        "price": str(line.unit_price),
        "price_set": _set(order, line.unit_price),
        "total_discount": "0.00",
        "discount_allocations": [{"amount": str(line.discount), "discount_application_index": 0}]
        if line.discount
        else [],
        "gift_card": False,
    }


def _set(order: Order, amount: Decimal) -> Body:
    shown = order.shown_currency or order.currency
    return {
        "shop_money": {"amount": str(amount), "currency_code": order.currency},
        "presentment_money": {
            "amount": str((amount * order.shown_rate).quantize(_unit(shown))),
            "currency_code": shown,
        },
    }


def _unit(currency: str) -> Decimal:
    return Decimal(1) if currency == "JPY" else Decimal("0.01")


def _transaction(happening: Happening, kind: str, status: str, amount: Decimal) -> Body:
    return {
        "id": 8_600_000_000_000_000_000 + happening.number,
        "kind": kind,
        "status": status,
        "amount": str(amount),
        "currency": happening.order.currency,
    }


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
