"""What a store sells: orders with their parts, carts and customers as its APIs show them, and what it tells of each."""

from collections.abc import Callable, Mapping
from typing import Any

Record = dict[str, Any]
Tell = Callable[[str, Mapping[str, Any]], None]
"""Sends a webhook: its scope and its data."""


class Commerce:
    """Records by id. Whatever is put is shown as it was given; what changes is told by a webhook."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self.orders: dict[int, Record] = {}
        self.products: dict[int, list[Record]] = {}
        self.shipments: dict[int, list[Record]] = {}
        self.refunds: dict[int, list[Record]] = {}
        self.carts: dict[str, Record] = {}
        self.customers: dict[int, Record] = {}

    def put_order(self, order: Record) -> None:
        """An order as V2 shows it. A status that moved is told beside the change."""
        known = self.orders.get(order["id"])
        self.orders[order["id"]] = order
        data = {"type": "order", "id": order["id"]}
        self._tell(f"store/order/{'updated' if known else 'created'}", data)
        if known and known["status_id"] != order["status_id"]:
            moved = {"previous_status_id": known["status_id"], "new_status_id": order["status_id"]}
            self._tell("store/order/statusUpdated", {**data, "status": moved})

    def put_product(self, product: Record) -> None:
        """A line of the order that it names. Nothing tells of it but the order."""
        _put(self.products, product)

    def put_shipment(self, shipment: Record) -> None:
        """A parcel of the order that it names."""
        verb = "updated" if _put(self.shipments, shipment) else "created"
        self._tell(
            f"store/shipment/{verb}", {"type": "shipment", "id": shipment["id"], "orderId": shipment["order_id"]}
        )

    def put_refund(self, refund: Record) -> None:
        """A refund of the order that it names."""
        _put(self.refunds, refund)
        data = {"type": "order", "id": refund["order_id"], "refund": {"refund_id": refund["id"]}}
        self._tell("store/order/refund/created", data)

    def put_cart(self, cart: Record) -> None:
        """A cart. That it was made is told as a change as well."""
        is_new = cart["id"] not in self.carts
        self.carts[cart["id"]] = cart
        for verb in ("created", "updated") if is_new else ("updated",):
            self._tell(f"store/cart/{verb}", {"type": "cart", "id": cart["id"]})

    def put_customer(self, customer: Record) -> None:
        """A customer."""
        verb = "updated" if customer["id"] in self.customers else "created"
        self.customers[customer["id"]] = customer
        self._tell(f"store/customer/{verb}", {"type": "customer", "id": customer["id"]})


def _put(lists: dict[int, list[Record]], part: Record) -> bool:
    """A part of an order, in the place of the one with its id; returns whether there was one."""
    rows = lists.setdefault(part["order_id"], [])
    known = next((at for at, row in enumerate(rows) if row["id"] == part["id"]), None)
    if known is None:
        rows.append(part)
        return False
    rows[known] = part
    return True
