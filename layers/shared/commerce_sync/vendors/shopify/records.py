"""The records behind Shopify's thin webhooks, as its fuller webhooks would show them."""

from collections.abc import Mapping
from typing import Any, Final

from commerce_sync.errors import NotAllowedError, PermanentError, RetriableError
from commerce_sync.vendors.shopify.client import Shopify
from commerce_sync.vendors.shopify.documents import CONTRACT

OPTIONAL: Final = "subscriber"
"""A contract whose webhook says enough without it."""


class ShopifyRecords:
    """Fits :class:`commerce_sync.intake.Records`. Scopes: ``read_orders``, ``read_own_subscription_contracts``."""

    def __init__(self, shopify: Shopify) -> None:
        self._shopify = shopify

    def read(self, kind: str, record_id: str) -> Mapping[str, object] | None:
        """An ``order``, or whose subscription a ``contract`` is; None where there is none.

        A contract that only its webhook's ``subscriber`` was wanted of is none either where an app may not read it.
        """
        if not (record_id.isascii() and record_id.isdecimal()):
            raise PermanentError("shopify: a record's id is a number")
        if kind == "order":
            return self._order(record_id)
        try:
            return self._contract(record_id)
        except NotAllowedError:
            if kind != OPTIONAL:
                raise
            return None

    def _order(self, record_id: str) -> Mapping[str, object] | None:
        answer = self._shopify.read(f"/orders/{record_id}.json")
        if answer is None:
            return None
        order = answer.get("order") if isinstance(answer, dict) else None
        if not isinstance(order, dict) or str(order.get("id")) != record_id:
            raise RetriableError("shopify answered without the order")
        return order

    def _contract(self, record_id: str) -> Mapping[str, object] | None:
        gid = f"gid://shopify/SubscriptionContract/{record_id}"
        contract = self._shopify.ask(CONTRACT, {"id": gid}).get("subscriptionContract")
        if contract is None:
            return None
        customer, order = contract.get("customer"), contract.get("originOrder") or {}
        return {
            "id": record_id,
            "customer": _customer(customer) if customer else None,
            "origin_order_id": _number(order.get("id")),
        }


def _customer(node: Mapping[str, Any]) -> Mapping[str, object]:
    return {
        "id": _number(node.get("id")),
        "first_name": node.get("firstName"),
        "last_name": node.get("lastName"),
        "email": (node.get("defaultEmailAddress") or {}).get("emailAddress"),
        "phone": (node.get("defaultPhoneNumber") or {}).get("phoneNumber"),
    }


def _number(gid: Any) -> str | None:
    """The number that other bodies call a record by: ``gid://shopify/Order/1`` is order 1."""
    return str(gid).rpartition("/")[2] if gid else None
