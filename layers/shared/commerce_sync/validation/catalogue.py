"""What can be wrong with an event that was told on: every finding, in words that a shop owner understands."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

Finding = Literal[
    "no_products",
    "missing_product_id",
    "missing_value",
    "missing_currency",
    "zero_value",
    "negative_value",
    "value_imbalance",
    "time_in_future",
    "time_long_ago",
    "nobody_to_tell",
    "unknown_visitor",
]


class Meaning(NamedTuple):
    """What a finding means, and what to do about it."""

    meaning: str
    action: str


_SENDER: Final = "Ask whoever sends this event to add it."

FINDINGS: Final[Mapping[Finding, Meaning]] = MappingProxyType(
    {
        "no_products": Meaning("The event names no product at all, so a flow about it has nothing to show.", _SENDER),
        "missing_product_id": Meaning(
            "A line has no product id, so Klaviyo finds nothing in the catalog to show or to recommend.",
            "Lines that staff typed by hand and products that were deleted have none, and that is right. "
            "If all have none, the shop's pages or its order system must send it.",
        ),
        "missing_value": Meaning("The event has no amount, so it counts nothing in revenue and in segments.", _SENDER),
        "missing_currency": Meaning("The amount has no currency.", _SENDER),
        "zero_value": Meaning(
            "The amount is zero and no discount says why.",
            "Samples and replacements are free, and that is right. If many are, the sender reads the wrong field.",
        ),
        "negative_value": Meaning("The amount is below zero.", "Ask whoever sends this event which amount it sends."),
        "value_imbalance": Meaning(
            "Lines, discounts, tax and shipping do not sum to the amount.",
            "The event was told with the store's own amount. Look at the example in the store: an app or a plugin "
            "adds a fee that the order's message does not name.",
        ),
        "time_in_future": Meaning(
            "The event says that it happened more than five minutes after it was received.",
            "The sender's clock or its time zone is wrong.",
        ),
        "time_long_ago": Meaning(
            "A visit that happened more than three days before it was received: no store tries again for so long.",
            "The sender's clock is wrong, or it sends old visits as new ones.",
        ),
        "nobody_to_tell": Meaning(
            "The event names nobody by an email address, a phone number or a customer's record: nobody can be told.",
            "Sales at the till name nobody, and that is right. If all have none, the sender leaves the buyer out.",
        ),
        "unknown_visitor": Meaning(
            "A visit of somebody who has not said who they are: it is right, and Klaviyo is not told of it.",
            "Nothing: most visitors are unknown. If even visitors who came by one of your emails are, look whether the "
            "shop's pages tell the address that they know.",
        ),
    }
)

NOTES: Final[frozenset[str]] = frozenset({"unknown_visitor"})
"""Findings that are counted and are no fault: the event is right."""
