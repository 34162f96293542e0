"""What must stand at the vendors after the other shops' day. Worked out from their bodies by hand."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from local.sample_day.elsewhere import ACCEPTED, VISITOR, Elsewhere
from local.sample_day.other_bodies import BACK_AGO, CUSTOMER, GUEST, SUBSCRIBED
from local.sample_day.outcome import Check
from local.sample_day.people import Someone

LAMPS, MUGS = "bigcommerce:outlet:250", "woocommerce:uk:728"
COFFEE, VISIT = "recharge:us:11111", "shopify:us"
OTHERS: Final = ("bigcommerce:", "woocommerce:", "recharge:")
WRONG_ROWS: Final = Counter({"value_not_possible": 1})
KNOWN: Final = {
    "loyalty_tier": "gold",
    "predicted_replenishment_date": "2026-12-24",
    "support_risk_score": 0.35,
    "support_suppression": True,
}


class Told(NamedTuple):
    """One event in Klaviyo: whose, and worth what."""

    metric: str
    unique_id: str
    address: str
    value: str
    currency: str


def _told(whom: Someone, *rows: tuple[str, str, str, str]) -> list[Told]:
    return [Told(metric, unique_id, (whom.email or "").lower(), value, code) for metric, unique_id, value, code in rows]


EXPECTED: Final = [
    *_told(
        CUSTOMER,
        ("Placed Order", LAMPS, "45.00", "USD"),
        ("Ordered Product", f"{LAMPS}:ordered_product:31", "40.00", "USD"),
        ("Refunded Order", f"{LAMPS}:refunded_order:501", "20.00", "USD"),
    ),
    *_told(
        GUEST,
        ("Placed Order", MUGS, "36.00", "GBP"),
        ("Ordered Product", f"{MUGS}:ordered_product:31", "22.50", "GBP"),
        ("Ordered Product", f"{MUGS}:ordered_product:32", "5.00", "GBP"),
        ("Refunded Order", f"{MUGS}:refunded_order:730", "9.00", "GBP"),
    ),
    *_told(SUBSCRIBED, ("Subscription Started", f"{COFFEE}:subscription_started", "25.00", "USD")),
    *_told(
        VISITOR,
        ("Viewed Product", f"{VISIT}:web-sh-00000000-0000-4000-8000-000000000000:viewed_product", "14.95", "USD"),
        ("Added to Cart", f"{VISIT}:web-sh-00000000-0000-4000-8000-000000000001:added_to_cart", "29.90", "USD"),
        ("Started Checkout", f"{VISIT}:5f0e7c1d2b3a49588776655443322110:started_checkout", "37.24", "USD"),
    ),
]
ORDERS: Final = {LAMPS: ("45.00", "USD", "20.00"), MUGS: ("36.00", "GBP", "9.00")}
"""By key: the amount, its currency, and what went back."""


def elsewhere_checks(later: Elsewhere, before: Mapping[str, Any]) -> Iterator[Check]:
    """Everything that must hold then; ``before`` is the status just before."""
    yield Check("the doors of the other shops answered as they should", _answers(later))
    yield Check("Klaviyo holds what other shops, Recharge and a shop's pages told, once", _events(later.klaviyo))
    yield Check("a refund is dated by the shop's own record, not by its webhook", _dated(later))
    yield Check("HubSpot holds the other shops' orders, with what went back", _orders(later.hubspot))
    yield Check("what two owners know of a buyer is in Klaviyo and HubSpot", _known(later))
    found = Counter(later.status["quarantined"]) - Counter(before["quarantined"])
    yield Check("a wrong row was set aside by itself", [] if found == WRONG_ROWS else [f"found {dict(found)}"])


def _answers(later: Elsewhere) -> list[str]:
    wrong = [f"{one.delivery.store}: {one.status}" for one in later.answers if one.status != 200]  # noqa: PLR2004 # OK
    right = [ACCEPTED, 401]
    return wrong + ([] if list(later.visit) == right else [f"a visit was answered {later.visit}, not {right}"])


def _events(klaviyo: Mapping[str, Any]) -> list[str]:
    found = Counter(
        Told(
            event["metric"],
            event["unique_id"],
            event.get("email") or "",
            f"{Decimal(str(event['value'])):.2f}",
            event["value_currency"],
        )
        for event in klaviyo["events"]
        if event.get("value") is not None
    )
    wanted = Counter(EXPECTED)
    others = [one for one in (found - wanted).elements() if one.unique_id.startswith(OTHERS) or one in wanted]
    return [f"missing: {one}" for one in wanted - found] + [f"unexpected: {one}" for one in others]


def _dated(later: Elsewhere) -> list[str]:
    wanted = (later.at - BACK_AGO).replace(microsecond=0)
    times = [one["time"] for one in later.klaviyo["events"] if one["unique_id"] == f"{MUGS}:refunded_order:730"]
    return [f"{said}, not {wanted}" for said in times if datetime.fromisoformat(said) != wanted]


def _orders(hubspot: Mapping[str, Any]) -> list[str]:
    shown = {one["properties"]["sync_order_key"]: one["properties"] for one in hubspot["orders"]}
    names = ("sync_original_amount", "sync_original_currency", "sync_refunded_amount")
    wrong = []
    for key, wanted in ORDERS.items():
        found = tuple(shown.get(key, {}).get(name) for name in names)
        if [_plain(one) for one in found] != [_plain(one) for one in wanted]:
            wrong.append(f"{key}: {found}, not {wanted}")
    return wrong


def _plain(said: str | None) -> object:
    return Decimal(said) if said and said[0].isdigit() else said


def _known(later: Elsewhere) -> list[str]:
    address = (VISITOR.email or "").lower()
    profile: Mapping[str, Any] = next((p for p in later.klaviyo["profiles"] if p["email"] == address), {})
    contact: Mapping[str, Any] = next(
        (one["properties"] for one in later.hubspot["contacts"] if one["properties"].get("email") == address), {}
    )
    said = profile.get("properties", {})
    wrong = [f"Klaviyo has {said.get(name)!r} as {name}" for name, value in KNOWN.items() if said.get(name) != value]
    tier = contact.get("sync_loyalty_tier")
    return wrong + ([] if tier == "gold" else [f"HubSpot has {tier!r} as sync_loyalty_tier"])
