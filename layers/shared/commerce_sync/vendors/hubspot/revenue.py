"""HubSpot revenue: orders and deals, upserted by our own unique key with every property, tied to contacts and lines.

Amounts are the company's, in the company's currency; our own properties say what was paid, in what, at which rate.
Where HubSpot's account does not know that currency, its money fields stay empty: no number is written untranslated.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from commerce_sync.contracts.revenue import Pipeline, PricedOrder, RevenueObject
from commerce_sync.errors import PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.hubspot.client import MOST_INPUTS, TRACE, TRANSIENT, HubSpot
from commerce_sync.vendors.hubspot.line_items import HubSpotLineItems, Owner, worst
from commerce_sync.vendors.hubspot.pipelines import KEPT_FOR, HubSpotPipelines, NoStageError
from commerce_sync.vendors.hubspot.revenue_properties import KEY, TYPES, properties_of
from commerce_sync.vendors.remembering import Remembered

Verdicts = dict[str, PermanentError | RetriableError | None]
GONE: Final = "OBJECT_NOT_FOUND"
OBJECTS: Final[tuple[RevenueObject, ...]] = ("order", "deal")


class HubSpotRevenue:
    """Writes orders and deals a hundred at a time. ``pipelines`` says where each kind stands in which state."""

    def __init__(
        self,
        hubspot: HubSpot,
        pipelines: Mapping[RevenueObject, Pipeline],
        *,
        line_items: bool = True,
        kept_for: float = KEPT_FOR,
    ) -> None:
        self._hubspot = hubspot
        self._has_lines = line_items
        self._pipelines = HubSpotPipelines(hubspot, pipelines, kept_for)
        self._currencies = Remembered(self._known_currencies, kept_for)
        self._lines = HubSpotLineItems(hubspot)

    def _known_currencies(self) -> frozenset[str]:
        """The currencies that this HubSpot account knows."""
        company = self._hubspot.call("GET", "/settings/currencies/{V}/company-currency").json["id"]
        codes = self._hubspot.call("GET", "/settings/currencies/{V}/codes").json["results"]
        return frozenset({company, *(entry["currencyCode"] for entry in codes)})

    def misfits(self, company_currency: str, objects: Collection[RevenueObject]) -> list[str]:
        """What revenue.toml names and this account has not, for people to read."""
        unknown = (
            [] if company_currency in self._currencies.value() else [f"the account has no currency {company_currency}"]
        )
        return unknown + [problem for kind in sorted(objects) for problem in self._pipelines.missing(kind)]

    def show(self, orders: Mapping[str, PricedOrder], contacts: Mapping[str, str]) -> Verdicts:
        """Write orders by key, tied to contacts (ids by email); what went wrong by key, None where nothing did.

        Repeating it changes nothing: keys are unique, every property is sent each time, and lines are compared first.
        """
        verdicts: Verdicts = {}
        for kind in OBJECTS:
            chosen = {key: order for key, order in orders.items() if order.object == kind}
            keys = list(chosen)
            for start in range(0, len(keys), MOST_INPUTS):
                batch = {key: chosen[key] for key in keys[start : start + MOST_INPUTS]}
                verdicts |= self._show_batch(kind, batch, contacts)
        return verdicts

    def _show_batch(
        self, kind: RevenueObject, orders: Mapping[str, PricedOrder], contacts: Mapping[str, str]
    ) -> Verdicts:
        inputs, waiting = list[Mapping[str, Any]](), Verdicts()
        for key, order in orders.items():
            try:
                place = self._pipelines.place(kind, order.stage)
            except NoStageError as error:
                waiting[key] = error
                continue
            properties = properties_of(key, order, place, knows_currency=self._knows(order))
            inputs.append({"idProperty": KEY, "id": key, TRACE: key, "properties": properties})
        if not inputs:
            return waiting
        answer = self._hubspot.write_batch(f"/crm/objects/{{V}}/{TYPES[kind]}/batch/upsert", inputs)
        written = {key: str(record["id"]) for key, record in answer.records.items()}
        ties = [
            (key, record_id, contact)
            for key, record_id in written.items()
            if (contact := contacts.get(_buyer_email(orders[key])))
        ]
        untied = self._tie(TYPES[kind], ties)
        lines = self._show_lines(kind, orders, answer.records) if self._has_lines else {}
        said = (waiting, answer.errors, dict.fromkeys(written), untied, lines)
        return worst(verdict for verdicts in said for verdict in verdicts.items())

    def _show_lines(
        self, kind: RevenueObject, orders: Mapping[str, PricedOrder], records: Mapping[str, Mapping[str, Any]]
    ) -> Verdicts:
        owners = {
            key: Owner(
                str(record["id"]),
                orders[key].lines,
                orders[key].currency if self._knows(orders[key]) else "",
                is_new=record.get("new") is True,
            )
            for key, record in records.items()
        }
        return self._lines.show(TYPES[kind], owners)

    def _knows(self, order: PricedOrder) -> bool:
        return order.currency in self._currencies.value()

    def _tie(self, object_type: str, ties: Sequence[tuple[str, str, str]]) -> Verdicts:
        """Tie orders to contacts; halved until a refused tie stands alone, since the answer names none.

        A contact that went since it was looked up is looked up again, and made where there is none.
        """
        if not ties:
            return {}
        inputs = [{"from": {"id": record_id}, "to": {"id": contact}} for _, record_id, contact in ties]
        path = f"/crm/associations/{{V}}/{object_type}/contacts/batch/associate/default"
        try:
            answer = self._hubspot.call("POST", path, {"inputs": inputs})
        except RefusedByVendorError as error:
            refusal, codes = error, {error.code}
        else:
            codes = {str(problem.get("category")) for problem in (answer.json or {}).get("errors") or []}
            refusal = RefusedByVendorError("hubspot", 207, "ASSOCIATION_REFUSED")
        if not codes:
            return {}
        if codes & TRANSIENT or (len(ties) == 1 and GONE in codes):
            later = RetriableError("hubspot could not tie the order to its contact yet")
            return {key: later for key, _, _ in ties}
        if len(ties) == 1:
            return {ties[0][0]: refusal}
        middle = len(ties) // 2
        return {**self._tie(object_type, ties[:middle]), **self._tie(object_type, ties[middle:])}


def _buyer_email(order: PricedOrder) -> str:
    buyer = order.order.buyer
    return (buyer.email if buyer else None) or ""
