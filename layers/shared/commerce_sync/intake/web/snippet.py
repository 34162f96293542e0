"""Our snippet's events, in the own order system's words (docs/web_events.md)."""

from typing import Any, Final

from commerce_sync.contracts import LineItem
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Facts
from commerce_sync.intake.money import ZERO
from commerce_sync.intake.rejections import refuse
from commerce_sync.intake.sums import line_total, read_each
from commerce_sync.intake.web.reading import amount, event_facts, imbalance_of, one_currency, pieces, plain_id
from commerce_sync.intake.web.shapes import Line, Visit
from commerce_sync.intake.web.visitors import named

_BY: Final = "snippet"
_VISIT: Final = decoder_of(Visit)


def viewed_product(delivery: Delivery, raw: bytes) -> Facts:
    """viewed_product: what was looked at."""
    return _visit(delivery, raw, "viewed_product")


def added_to_cart(delivery: Delivery, raw: bytes) -> Facts:
    """added_to_cart: what was added, not the whole cart."""
    return _visit(delivery, raw, "added_to_cart")


def started_checkout(delivery: Delivery, raw: bytes) -> Facts:
    """started_checkout: worth its ``total`` where it names one, else its products."""
    return _visit(delivery, raw, "started_checkout")


def _visit(delivery: Delivery, raw: bytes, name: str) -> Facts:
    visit = decode(_VISIT, raw)
    person, code = named(visit.customer), _currency(delivery, visit)
    if not visit.products:
        raise refuse("missing_field", "products", "at least one product")
    lines = read_each(visit.products, lambda line: _line(line, code), "products")
    worth: dict[str, Any] = {"value": sum(map(line_total, lines), ZERO), "currency": code, "line_items": lines}
    if name == "started_checkout":
        worth |= {"checkout": visit.checkout_id, **_owed(visit, lines, code)}
    return event_facts(delivery, visit, name, person, by=_BY, **worth)


def _owed(visit: Visit, lines: tuple[LineItem, ...], code: str) -> Facts:
    if visit.total is None:
        return {}
    value = amount(visit.total, "total", code)
    discount, tax, shipping = (
        ZERO if said is None else amount(said, name, code)
        for name, said in (("discount", visit.discount), ("tax", visit.tax), ("shipping", visit.shipping))
    )
    sums = {"value": value, "discount": discount, "tax": tax, "shipping": shipping}
    return sums | {"imbalance": imbalance_of(value, lines, shipping - discount, tax, code)}


def _currency(delivery: Delivery, visit: Visit) -> str:
    return one_currency([visit.currency], delivery.store.currency, "currency")


def _line(line: Line, code: str) -> LineItem:
    return LineItem(
        product_id=plain_id(line.product_id, "product_id"),
        variant_id=plain_id(line.variant_id, "variant_id"),
        sku=plain_id(line.sku, "sku"),
        quantity=pieces(line.quantity, "quantity"),
        unit_price=amount(line.price, "price", code),
    )
