"""Why a message is settled without an event of its own: another message tells it, or nothing has happened by it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

SettledCode = Literal[
    "told_by_shop",
    "told_by_order",
    "told_by_refund",
    "draft_order",
    "order_deleted",
    "checkout_removed",
    "subscription_goes_on",
    "refund_in_export",
]


class Reason(NamedTuple):
    """What a code means, what to do about it, and whether anything is left to do (``waits``)."""

    meaning: str
    action: str
    waits: bool = True


NOTHING: Final = "Nothing is lost and nothing needs to be done."

SETTLED: Final[Mapping[SettledCode, Reason]] = MappingProxyType(
    {
        "told_by_shop": Reason(
            "A subscription's charges, payments and refunds are orders of the shop, and the shop tells of them itself: "
            "told twice, revenue would double.",
            NOTHING,
            waits=False,
        ),
        "told_by_order": Reason(
            "One step of a payment (authorised, captured, voided, paid back): what the order is worth is told by the "
            "order's own messages, and what was returned by refunds/create.",
            NOTHING,
            waits=False,
        ),
        "told_by_refund": Reason(
            "Goods are being returned, and no money has moved by that: once it has, refunds/create tells how much.",
            NOTHING,
            waits=False,
        ),
        "draft_order": Reason(
            "This is a draft, such as an unpaid invoice or a quote. It becomes an order when it is completed, and the "
            "store tells of that order then.",
            NOTHING,
            waits=False,
        ),
        "order_deleted": Reason(
            "The store deleted its own record of an order. That pays nothing back, so what was told of it stays.",
            NOTHING,
            waits=False,
        ),
        "checkout_removed": Reason(
            "The store removed a checkout: it has become an order, which tells of itself, or it was given up.",
            NOTHING,
            waits=False,
        ),
        "subscription_goes_on": Reason(
            "Something of this subscription was changed (a product, a price, an address, a date), and it goes on: it "
            "did not start, pause or end.",
            NOTHING,
            waits=False,
        ),
        "refund_in_export": Reason(
            "An order export says how much was paid back, and neither when nor by which refund: the order's current "
            "value is less by it, and no refund is told.",
            "The refund is told once the store shows the order itself: with read_all_orders, when it next changes.",
            waits=False,
        ),
    }
)
