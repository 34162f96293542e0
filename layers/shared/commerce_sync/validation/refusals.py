"""Which event a refused delivery would have been, as far as its topic and the place of the fault say. Pure."""

from typing import Final

UNREAD: Final = "unread"
"""Of a sender that tells every kind of event in one way: only the body says which, and it could not be read."""
_ONE_WAY: Final = frozenset({"own", "web"})
_WORDS: Final = (
    ("refund", "refunded_order"),
    ("fulfillment_event", "delivered_order"),
    ("fulfillment", "fulfilled_order"),
    ("shipment", "fulfilled_order"),
    ("checkout", "started_checkout"),
    ("cart", "added_to_cart"),
    ("order", "placed_order"),
)
_NO_EVENT: Final = ("customer", "subscriber", "subscription", "consent", "draft_order", "transaction", "return")


def event_of(source: str, topic: str, path: str) -> str | None:
    """The event by its name, ``unread``, or None where the delivery is about no event of commerce.

    A fault inside an order's refunds or parcels costs that refund or parcel: the order itself was told.

    :param path: where in the body, as ``refunds[0].transactions``.
    """
    if source in _ONE_WAY:
        return UNREAD
    if any(word in topic for word in _NO_EVENT):
        return None
    parts = path.removeprefix("order.").partition("[")[0] if "[" in path else ""
    inside = next((name for word, name in _WORDS[:4] if word in parts), None)
    return inside or next((name for word, name in _WORDS if word in topic), None)


def thing_of(path: str) -> str:
    """The thing of a delivery that was refused: two faults of one order, or of one entry of a list, are one."""
    head, bracket, rest = path.removeprefix("order.").partition("[")
    is_part = not head or any(word in head for word, _ in _WORDS[:4])
    return f"{head}[{rest.partition(']')[0]}]" if bracket and is_part else ""
