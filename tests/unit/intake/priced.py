"""One priced order as every source writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from commerce_sync.intake import Translation

from tests.unit.intake.bigcommerce_bodies import bigcommerce_order, parts, product
from tests.unit.intake.bodies import line, order, shopify
from tests.unit.intake.store_bodies import bigcommerce, woocommerce, woocommerce_line, woocommerce_order
from tests.unit.intake.test_own import own


@dataclass(frozen=True)
class Priced:
    """An order: lines of a price and a quantity, and what lies between them and the total. Tax is added on top."""

    code: str
    lines: tuple[tuple[Decimal, int], ...]
    discount: Decimal
    tax: Decimal
    shipping: Decimal

    @property
    def goods(self) -> Decimal:
        """All lines before discounts."""
        return sum((price * quantity for price, quantity in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What the buyer owes."""
        return self.goods - self.discount + self.tax + self.shipping


def _shopify(priced: Priced, total: Decimal) -> Translation:
    lines = [
        line(id=at, price=f"{price:f}", quantity=quantity, discount_allocations=[])
        for at, (price, quantity) in enumerate(priced.lines)
    ]
    return shopify(
        "orders/create",
        order(
            currency=priced.code,
            line_items=lines,
            total_price=f"{total:f}",
            total_discounts=f"{priced.discount:f}",
            total_tax=f"{priced.tax:f}",
            taxes_included=False,
            total_shipping_price_set={"shop_money": {"amount": f"{priced.shipping:f}", "currency_code": priced.code}},
        ),
    )


def _bigcommerce(priced: Priced, total: Decimal) -> Translation:
    """Prices hold their tax: the tax of the order lies on a line of its own."""
    costs = {f"{cost}_cost_{tax}_tax": "0" for cost in ("handling", "wrapping") for tax in ("inc", "ex")}
    shipping = dict.fromkeys(["shipping_cost_inc_tax", "shipping_cost_ex_tax"], f"{priced.shipping:f}")
    rows = [*((price, price, quantity) for price, quantity in priced.lines), (priced.tax, Decimal(0), 1)]
    lines = [
        product(id=at, price_inc_tax=f"{inc:f}", price_ex_tax=f"{ex:f}", quantity=quantity, applied_discounts=[])
        for at, (inc, ex, quantity) in enumerate(rows)
    ]
    codes = dict.fromkeys(["currency_code", "default_currency_code", "store_default_currency_code"], priced.code)
    said = {"discount_amount": f"{priced.discount:f}", "coupon_discount": "0", "total_tax": f"{priced.tax:f}"}
    body = bigcommerce_order(total_inc_tax=f"{total:f}", **costs, **shipping, **codes, **said)
    return bigcommerce("store/order/updated", parts(body, products=lines))


def _woocommerce(priced: Priced, total: Decimal) -> Translation:
    """Lines are told after discounts: the first ones bear them."""
    left, lines = priced.discount, []
    for at, (price, quantity) in enumerate(priced.lines):
        off = min(left, price * quantity)
        left -= off
        said = {"subtotal": f"{price * quantity:f}", "total": f"{price * quantity - off:f}"}
        lines.append(woocommerce_line(id=at, quantity=quantity, **said))
    return woocommerce(
        "order.created",
        woocommerce_order(
            currency=priced.code,
            line_items=lines,
            total=f"{total:f}",
            discount_total=f"{priced.discount:f}",
            total_tax=f"{priced.tax:f}",
            shipping_total=f"{priced.shipping:f}",
        ),
    )


def _own(priced: Priced, total: Decimal) -> Translation:
    products = [{"price": f"{price:f}", "quantity": quantity} for price, quantity in priced.lines]
    return own(
        "order.completed",
        {
            "currency": priced.code,
            "products": products,
            "total": f"{total:f}",
            "discount": f"{priced.discount:f}",
            "tax": f"{priced.tax:f}",
            "taxes_included": False,
            "shipping": f"{priced.shipping:f}",
        },
    )


TOLD_BY: Final[Mapping[str, Callable[[Priced, Decimal], Translation]]] = {
    "shopify": _shopify,
    "bigcommerce": _bigcommerce,
    "woocommerce": _woocommerce,
    "own": _own,
}
"""How each source tells an order at a total."""


def placed_by(source: str, priced: Priced, total: Decimal | None = None) -> Any:
    """The placed_order of one source, at the order's own total or at another."""
    placed, *_ = TOLD_BY[source](priced, priced.total if total is None else total).events
    assert placed.name == "placed_order"
    return placed
