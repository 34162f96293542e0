"""Compares the events and orders that the vendors hold with those that the story says."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from local.sample_day.expectations import ExpectedEvent, ExpectedOrder


def events_wrong(wanted: Iterable[ExpectedEvent], klaviyo: Mapping[str, Any]) -> list[str]:
    """Events that Klaviyo lacks, or has and should not have, or not so often."""
    expected = Counter(wanted)
    found = Counter(_found_event(event) for event in klaviyo["events"])
    return [f"missing: {event}" for event in expected - found] + [f"unexpected: {event}" for event in found - expected]


def _found_event(event: Mapping[str, Any]) -> ExpectedEvent:
    value = event.get("value")
    return ExpectedEvent(
        event["metric"],
        event["unique_id"],
        event.get("email") or event.get("phone_number") or "",
        None if value is None else Decimal(str(value)).quantize(Decimal("0.01")),
        event.get("value_currency"),
        bool(event.get("backfill")),
    )


def orders_wrong(wanted: Iterable[ExpectedOrder], hubspot: Mapping[str, Any]) -> list[str]:
    """Orders that HubSpot lacks, or has and should not have, or not at their buyer's contact."""
    expected = Counter(wanted)
    emails = {contact["id"]: contact["properties"].get("email") for contact in hubspot["contacts"]}
    buyers = {
        str(tie["from"]): emails.get(str(tie["to"]))
        for tie in hubspot["associations"]
        if (tie["from_type"], tie["to_type"]) == ("orders", "contacts")
    }
    found = Counter(_found_order(order, buyers.get(order["id"])) for order in hubspot["orders"])
    return [f"missing: {order}" for order in expected - found] + [f"unexpected: {order}" for order in found - expected]


def _found_order(order: Mapping[str, Any], contact: str | None) -> ExpectedOrder:
    properties = order["properties"]
    return ExpectedOrder(
        properties["sync_order_key"],
        Decimal(properties.get("hs_total_price") or 0),
        properties["sync_rate_date"],
        Decimal(properties["sync_original_amount"]),
        properties["sync_original_currency"],
        Decimal(properties["sync_refunded_amount"]),
        contact,
    )
