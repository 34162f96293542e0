"""HubSpot orders: upserted by our own unique key with the full set of properties, then tied to their contacts.

A foreign amount is never written untranslated: where HubSpot's account does not know the order's currency, the money
fields stay empty and our own properties say what was paid.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

from commerce_sync.contracts import BookedOrder, CanonicalEvent
from commerce_sync.errors import PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.hubspot.client import MOST_INPUTS, TRACE, HubSpot

KEY = "sync_order_key"
ASSOCIATE = "/crm/associations/{V}/orders/contacts/batch/associate/default"
Verdicts = dict[str, PermanentError | RetriableError | None]


class HubSpotOrders:
    """Writes orders a hundred at a time."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    @cached_property
    def currencies(self) -> frozenset[str]:
        """The currencies that this HubSpot account knows."""
        company = self._hubspot.call("GET", "/settings/currencies/{V}/company-currency").json["id"]
        codes = self._hubspot.call("GET", "/settings/currencies/{V}/codes").json["results"]
        return frozenset({company, *(entry["currencyCode"] for entry in codes)})

    def show(self, orders: Mapping[str, BookedOrder], contacts: Mapping[str, str]) -> Verdicts:
        """Write orders by key, tied to contacts (ids by email); what went wrong by key, None where nothing did.

        Repeating it changes nothing: the key is unique and every property is sent each time.
        """
        keys = list(orders)
        verdicts: Verdicts = {}
        for start in range(0, len(keys), MOST_INPUTS):
            batch = {key: orders[key] for key in keys[start : start + MOST_INPUTS]}
            verdicts |= self._show_batch(batch, contacts)
        return verdicts

    def _show_batch(self, orders: Mapping[str, BookedOrder], contacts: Mapping[str, str]) -> Verdicts:
        inputs = [
            {
                "idProperty": KEY,
                "id": key,
                TRACE: key,
                "properties": order_properties(key, placed, order, self.currencies),
            }
            for key, order in orders.items()
            if (placed := order.placed)
        ]
        answer = self._hubspot.write_batch("/crm/objects/{V}/orders/batch/upsert", inputs)
        written = {key: str(record["id"]) for key, record in answer.records.items()}
        ties = {key: contacts.get(_buyer_email(orders[key])) for key in written}
        return {**answer.errors, **dict.fromkeys(written), **self._associate(written, ties)}

    def _associate(self, written: Mapping[str, str], ties: Mapping[str, str | None]) -> Verdicts:
        tied = {key: contact for key, contact in ties.items() if contact}
        return self._tie([(key, written[key], contact) for key, contact in tied.items()])

    def _tie(self, ties: Sequence[tuple[str, str, str]]) -> Verdicts:
        """Tie orders to contacts; halved until a refused tie stands alone, since the answer names none."""
        if not ties:
            return {}
        inputs = [{"from": {"id": order}, "to": {"id": contact}} for _, order, contact in ties]
        refusal: PermanentError = RefusedByVendorError("hubspot", 207, "ASSOCIATION_REFUSED")
        try:
            answer = self._hubspot.call("POST", ASSOCIATE, {"inputs": inputs})
            if not (answer.json or {}).get("errors"):
                return {}
        except RefusedByVendorError as error:
            refusal = error
        if len(ties) == 1:
            return {ties[0][0]: refusal}
        middle = len(ties) // 2
        return {**self._tie(ties[:middle]), **self._tie(ties[middle:])}


def order_properties(
    key: str, placed: CanonicalEvent, order: BookedOrder, currencies: frozenset[str]
) -> dict[str, str]:
    """An order's properties, all as text. ``hs_total_price`` is the current total after edits."""
    state = placed.order
    total = state.current_value if state else placed.value
    currency = placed.currency or ""
    properties = {
        KEY: key,
        "hs_order_name": (state.name if state else "") or key,
        "hs_source_store": f"{placed.source}:{placed.store}",
        "hs_external_created_date": _moment(placed.occurred_at),
        "hs_payment_status": (state.financial_status if state else None) or "",
        "hs_fulfillment_status": (state.fulfillment_status if state else None) or "",
        "sync_original_amount": str(total),
        "sync_original_currency": currency,
        "sync_refunded_amount": str(order.refunded),
    }
    if currency not in currencies:
        return properties
    money = {
        "hs_total_price": total,
        "hs_order_discount": placed.discount,
        "hs_tax": placed.tax,
        "hs_shipping_cost": placed.shipping,
    }
    amounts = {name: str(amount) for name, amount in money.items() if amount is not None}
    return {**properties, "hs_currency_code": currency, **amounts}


def _buyer_email(order: BookedOrder) -> str:
    return (order.buyer.email if order.buyer else None) or ""


def _moment(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
