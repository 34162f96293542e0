"""Real and documentation bodies of Shopify, with what each proves as read from it by hand.

The bodies are reference data that stands beside this project; where it is absent these tests are skipped.
Rows of REST objects use the topic whose webhook carries that object. Files marked SHAPE ONLY have their values
replaced by "example string", so the ones with a translator must be refused.
"""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from commerce_sync.contracts import Store
from commerce_sync.intake import Translation, screen, translate
from commerce_sync.intake.shopify.topics import TRANSLATORS

from tests.unit.intake.bodies import RECEIVED, assert_holds_contracts

ROOT = Path(__file__).parents[3]
FOLDER = (ROOT / os.environ.get("REFERENCE_DATA", "../shared") / "payloads" / "shopify").resolve()
SHOP = Store(source="shopify", id="shop", currency="USD")

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="reference data is absent: set REFERENCE_DATA to its folder"
)


class Proof(NamedTuple):
    """One event of a body: its name, its id after the store, its value and currency."""

    name: str
    subject: str
    value: str | None = None
    currency: str | None = None


def cart(token: str, value: str) -> list[Proof]:
    """A cart's only event."""
    return [Proof("added_to_cart", f"{token}:added_to_cart", value, "USD")]


def started(token: str, value: str) -> list[Proof]:
    """A checkout's only event."""
    return [Proof("started_checkout", f"{token}:started_checkout", value, "USD")]


def profile(customer: str, milliseconds: int) -> list[Proof]:
    """A customer's only event."""
    return [Proof("profile_updated", f"{customer}:profile_updated:{milliseconds}")]


def refund(order: str, refund_id: str, value: str) -> list[Proof]:
    """A refund's only event."""
    return [Proof("refunded_order", f"{order}:refunded_order:{refund_id}", value, "USD")]


SNOWBOARDS = [
    Proof("placed_order", "5324790137142:placed_order", "1806.38", "USD"),
    Proof("ordered_product", "5324790137142:ordered_product:13924936679734", "586.45", "USD"),
    Proof("ordered_product", "5324790137142:ordered_product:13924936712502", "1189.93", "USD"),
    Proof("cancelled_order", "5324790137142:cancelled_order", "1806.38", "USD"),
    Proof("refunded_order", "5324790137142:refunded_order:945108681014", "1806.38", "USD"),
]
PARTLY_PAID = [
    Proof("placed_order", "1073459980:placed_order", "199.00", "USD"),
    Proof("ordered_product", "1073459980:ordered_product:1071823192", "199.00", "USD"),
]
FULFILLED = [
    Proof("placed_order", "1073459972:placed_order", "199.00", "USD"),
    Proof("ordered_product", "1073459972:ordered_product:1071823184", "199.00", "USD"),
    Proof("fulfilled_order", "1073459972:fulfilled_order:1069019863", None, "USD"),
]
UNUSED = "topic_not_used"
DRAFT, BY_ORDER, BY_REFUND, GOES_ON = "draft_order", "told_by_order", "told_by_refund", "subscription_goes_on"

#: file -> topic -> the events that it proves, or the code and path of its one rejection.
EXPECTED: dict[str, tuple[str, list[Proof] | tuple[str, str]]] = {
    "app_uninstalled__shopifydocs-2026-04": ("app/uninstalled", (UNUSED, "")),
    "carts__shopify_python_api-2": ("carts/update", cart("47446d65ad5a5c30194da24790fc482e", "1.00")),
    "carts_create__shopifydocs-2026-04": ("carts/create", cart("exampleCartId", "59.97")),
    "carts_update__ShopifySharp-cart": ("carts/update", cart("c1-7b40d6e90ec9c3b55ecd78cac3ec9d8c", "2249.85")),
    "carts_update__ShopifySharp-cart_with_properties": (
        "carts/update",
        cart("c1-c0dc5cbdfdba140337444e2bf3c175bb", "600.00"),
    ),
    "carts_update__shopifydocs-2024-10": ("carts/update", cart("af16814c6ba497db8c9ba53012c52ee9", "59.97")),
    "checkouts__gadget-exemplar-2024-04-2": ("checkouts/update", ("unknown_currency", "currency")),
    "checkouts__shopify-api-ruby-2026_07": ("checkouts/update", started("424633d2960f4559826a882621d0d803", "379.69")),
    "checkouts_create__shopifydocs-2026-04": ("checkouts/create", started("123123123", "421.88")),
    "checkouts_delete__shopifydocs-2026-04": ("checkouts/delete", ("checkout_removed", "")),
    "checkouts_update__shopifydocs-2025-10": ("checkouts/update", started("123123123", "421.88")),
    "customers__shopify-api-ruby-2026_07-10": ("customers/update", profile("207119551", 1751473621000)),
    "customers__shopify-api-ruby-2026_07-11": ("customers/update", profile("207119551", 1751473403000)),
    "customers_create__shopifydocs-2026-04": ("customers/create", profile("706405506930370000", 1640995200000)),
    "customers_data_request__shopifydocs-2026-04": ("customers/data_request", []),
    "customers_delete__shopifydocs-2026-04": ("customers/delete", ("record_deleted", "")),
    "customers_email_marketing_consent__gadget-exemplar-2025-04-1": ("customers_email_marketing_consent/update", []),
    "customers_email_marketing_consent_update__shopifydocs-2026-04": ("customers_email_marketing_consent/update", []),
    "customers_marketing_consent__gadget-exemplar-2025-04-1": ("customers_marketing_consent/update", []),
    "customers_marketing_consent_update__shopifydocs-2026-04": (
        "customers_marketing_consent/update",
        ("consent_says_nothing", "sms_marketing_consent.state"),
    ),
    "customers_merge__shopifydocs-2026-04": ("customers/merge", ("merge_not_completed", "status")),
    "customers_redact__shopifydocs-2026-04": ("customers/redact", []),
    "customers_update__shopifydocs-2023-10": ("customers/update", profile("706405506930370000", 1640995200000)),
    "disputes__shopify_python_api": ("disputes/update", (UNUSED, "")),
    "disputes_create__shopifydocs-2026-04": ("disputes/create", (UNUSED, "")),
    "draft_orders__go-shopify": ("draft_orders/update", (DRAFT, "")),
    "draft_orders__shopify-api-ruby-2026_07-11": ("draft_orders/update", (DRAFT, "")),
    "draft_orders_create__shopifydocs-2026-04": ("draft_orders/create", (DRAFT, "")),
    "draft_orders_update__shopifydocs-2026-04": ("draft_orders/update", (DRAFT, "")),
    "fulfillment_events__go-shopify": ("fulfillment_events/create", ("shipment_not_delivered", "status")),
    "fulfillment_events__shopify-api-ruby-2026_07-2": (
        "fulfillment_events/create",
        ("shipment_not_delivered", "status"),
    ),
    "fulfillment_events_create__shopifydocs-2026-04": (
        "fulfillment_events/create",
        ("shipment_not_delivered", "status"),
    ),
    "fulfillments__shopify-api-ruby-2026_07-12": ("fulfillments/update", ("fulfillment_not_shipped", "status")),
    "fulfillments__shopify_python_api": ("fulfillments/update", ("fulfillment_not_shipped", "status")),
    "fulfillments_create__shopifydocs-2026-04": ("fulfillments/create", ("fulfillment_not_shipped", "status")),
    "fulfillments_update__shopifydocs-2024-10": ("fulfillments/update", ("fulfillment_not_shipped", "status")),
    "gift_cards__shopify_python_api": ("gift_cards/update", (UNUSED, "")),
    "order_transactions__go-shopify": ("order_transactions/create", (BY_ORDER, "")),
    "order_transactions__shopify_python_api": ("order_transactions/create", (BY_ORDER, "")),
    "order_transactions_create__shopifydocs-2026-04": ("order_transactions/create", (BY_ORDER, "")),
    "orders__go-shopify": ("orders/updated", ("test_order", "test")),
    "orders__go-shopify-2": ("orders/updated", ("test_order", "test")),
    "orders__shopify-api-ruby-2026_07-10": ("orders/updated", PARTLY_PAID),
    "orders__shopify-api-ruby-2026_07-12": ("orders/updated", FULFILLED),
    "orders__shopify_python_api-2": ("orders/updated", ("missing_field", "line_items")),
    "orders_cancelled__activepieces": ("orders/cancelled", SNOWBOARDS),
    "orders_create__shopifydocs-2026-04": ("orders/create", ("test_order", "test")),
    "orders_delete__shopifydocs-2026-04": ("orders/delete", ("order_deleted", "")),
    "orders_edited__shopifydocs-2026-04": ("orders/edited", ("not_asked", "order_edit.order_id")),
    "refunds__shopify-api-ruby-2026_07": ("refunds/create", refund("450789469", "509562969", "209.00")),
    "refunds__shopify_python_api": ("refunds/create", refund("450789469", "509562969", "209.00")),
    "refunds_create__shopifydocs-2026-04": (
        "refunds/create",
        refund("820982911946154500", "890088186047892400", "85.00"),
    ),
    "returns_approve__shopifydocs-2026-04": ("returns/approve", (BY_REFUND, "")),
    "returns_close__shopifydocs-2026-04": ("returns/close", (BY_REFUND, "")),
    "shop_redact__shopifydocs-2026-04": ("shop/redact", []),
    "subscription_billing_attempts__gadget-exemplar-2025-04-1": (
        "subscription_billing_attempts/success",
        ("told_by_shop", ""),
    ),
    "subscription_billing_cycles_skip__shopifydocs-2026-04": (
        "subscription_billing_cycles/skip",
        ("not_asked", "subscription_contract_id"),
    ),
    "subscription_billing_cycles_unskip__shopifydocs-2026-04": ("subscription_billing_cycles/unskip", (GOES_ON, "")),
    "subscription_contracts__gadget-exemplar-2025-04-1": ("subscription_contracts/update", (GOES_ON, "")),
    "subscription_contracts_activate__shopifydocs-2026-04": (
        "subscription_contracts/activate",
        [Proof("subscription_reactivated", "4367739981:subscription_reactivated:9180612443", None, "CAD")],
    ),
    "subscription_contracts_cancel__shopifydocs-2026-04": (
        "subscription_contracts/cancel",
        [Proof("subscription_cancelled", "1634929605:subscription_cancelled:6957441202", None, "CAD")],
    ),
    "subscription_contracts_create__shopifydocs-2026-04": (
        "subscription_contracts/create",
        [Proof("subscription_started", "7103183873:subscription_started", None, "CAD")],
    ),
    "subscription_contracts_expire__shopifydocs-2026-04": (
        "subscription_contracts/expire",
        [Proof("subscription_cancelled", "2619308913:subscription_cancelled:5923740564", None, "CAD")],
    ),
    "subscription_contracts_fail__shopifydocs-2026-04": (
        "subscription_contracts/fail",
        [Proof("subscription_cancelled", "6174371109:subscription_cancelled:8415628824", None, "CAD")],
    ),
    "subscription_contracts_pause__shopifydocs-2026-04": (
        "subscription_contracts/pause",
        [Proof("subscription_paused", "8581128542:subscription_paused:5978940915", None, "CAD")],
    ),
    "subscription_contracts_update__shopifydocs-2026-04": ("subscription_contracts/update", (GOES_ON, "")),
    "tender_transactions__shopify-api-ruby-2026_07-2": ("tender_transactions/create", (BY_ORDER, "")),
    "tender_transactions_create__shopifydocs-2026-04": ("tender_transactions/create", (BY_ORDER, "")),
    "transactions__shopify-api-ruby-2026_07-3": ("transactions/create", (BY_ORDER, "")),
}


def payload(name: str) -> dict[str, object]:
    """What a store sends."""
    body: dict[str, object] = json.loads((FOLDER / f"{name}.json").read_bytes())["payload"]
    return body


def translated(topic: str, body: dict[str, object]) -> Translation:
    """A screened body, translated; its events hold their contract."""
    raw = json.dumps(body, separators=(",", ":")).encode()
    assert screen(raw) is None
    translation = translate("shopify", topic, SHOP, raw, received_at=RECEIVED)
    assert_holds_contracts(translation)
    return translation


def proofs(translation: Translation) -> list[Proof]:
    """The events in the words of the table."""
    return [
        Proof(
            event.name,
            event.event_id.removeprefix("shopify:shop:"),
            None if event.value is None else str(event.value),
            event.currency,
        )
        for event in translation.events
    ]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_reference_body_proves_what_a_person_reads_in_it(name: str) -> None:
    """Its events with their ids, values and currencies, or the one reason why there are none."""
    topic, expected = EXPECTED[name]
    translation = translated(topic, payload(name))
    if isinstance(expected, list):
        assert proofs(translation) == expected
        assert translation.rejections == ()
        assert all(event.imbalance is None for event in translation.events)
    else:
        assert translation.events == ()
        assert [(rejection.code, rejection.path) for rejection in translation.rejections] == [expected]


def test_every_reference_body_is_in_the_table() -> None:
    """A new file is read by a person too."""
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(EXPECTED)


@pytest.mark.parametrize(
    "topic", ["orders/create", "orders/cancelled", "orders/fulfilled", "orders/paid", "orders/updated"]
)
def test_the_documented_order_is_told_once_it_is_no_test(topic: str) -> None:
    """One body is documented for all order topics; 414.95 - 20.00 + 10.00 is its total of 404.95."""
    body = payload("orders_create__shopifydocs-2026-04") | {"test": False}
    translation = translated(topic, body)
    assert [event.name for event in translation.events] == [
        "placed_order",
        *["ordered_product"] * 5,
        "cancelled_order",
    ]
    placed = translation.events[0]
    assert (placed.value, placed.discount, placed.shipping) == (Decimal("404.95"), Decimal("20.00"), Decimal("10.00"))
    assert placed.imbalance is None
    assert placed.person is not None
    assert (placed.person.email, placed.person.phone, placed.person.country) == (
        "jon@example.com",
        "555-555-SHIP",
        "US",
    )


@pytest.mark.parametrize(
    "topic", sorted(topic for topic in TRANSLATORS if not topic.startswith(("customers", "shop/")))
)
def test_bodies_without_values_are_refused_by_every_translator_of_money(topic: str) -> None:
    """SHAPE ONLY bodies have the right keys and "example string" in them: no event may be made of that."""
    for name in EXPECTED:
        if "gadget-exemplar" in name:
            translation = translated(topic, payload(name))
            assert (translation.events, len(translation.rejections)) == ((), 1)
