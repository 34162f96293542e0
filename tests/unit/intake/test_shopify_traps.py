"""Orders as shops really have them: edited, refunded in parts and late, foreign, without an address, very long."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.contracts import BookedOrder, CanonicalEvent, Person
from commerce_sync.delivery.order_book import fold
from commerce_sync.intake import Translation, translate
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.intake.bodies import (
    LINE_B,
    ORDER_ID,
    SHOP,
    Body,
    assert_holds_contracts,
    encoded,
    line,
    named,
    only,
    order,
    refund,
    refused,
    shopify,
)

EDIT = {
    "order_edit": {
        "id": 78912328793123780,
        "committed_at": "2026-11-02T10:00:00Z",
        "order_id": ORDER_ID,
        "line_items": {"additions": [], "removals": [{"id": LINE_B, "delta": 1}]},
    }
}
#: A line that an edit removes stays in the body with nothing left of it, and is listed among the refunds unpaid.
REMOVED = line(id=LINE_B, sku="SPOON", price="5.00", quantity=1, current_quantity=0, discount_allocations=[])
UNPAID = refund(
    id=500, note=None, transactions=[], refund_line_items=[{"quantity": 1, "subtotal": 5.0, "total_tax": 0}]
)
EDITED = {"line_items": [line(), REMOVED], "current_total_price": "22.80", "refunds": [UNPAID]}


def booked(*translations: Translation) -> BookedOrder:
    """What the order book knows of the order."""
    return fold(BookedOrder(), [event for one in translations for event in one.events])


def edited(hydrated: dict[str, object] | None) -> Translation:
    """orders/edited, and the order that was fetched for it."""
    return translate("shopify", "orders/edited", SHOP, encoded(EDIT), {}, hydrated)


def test_an_edit_then_a_refund_is_subtracted_once() -> None:
    """The removed line is no refund of its own; its money is, when it is paid back (microsoft/BCApps 7447)."""
    before = shopify("orders/create", order())
    edit = shopify("orders/updated", order(**EDITED, updated_at="2026-11-02T10:00:00Z"))
    assert [(one.code, one.path, one.waits) for one in edit.rejections] == [
        ("refund_not_paid", "refunds[0].transactions", False)
    ]
    paid = refund(transactions=[{"kind": "refund", "status": "success", "amount": "5.00", "currency": "EUR"}])
    after = order(**{**EDITED, "refunds": [UNPAID, paid]}, updated_at="2026-11-03T10:00:00Z")
    book = booked(shopify("orders/updated", after), shopify("refunds/create", paid), edit, before)
    assert book.placed is not None
    assert book.placed.value == Decimal("27.80")
    assert book.refunded == Decimal("5.00")
    assert book.placed.order is not None
    assert book.placed.value - book.refunded == book.placed.order.current_value == Decimal("22.80")
    assert [event.imbalance for event in named(edit, "placed_order")] == [None]


def test_tax_that_is_paid_back_is_in_the_refund_once() -> None:
    """Lines tell it apart from what was taken back; the transaction is the whole."""
    lines = [{"quantity": 1, "subtotal": 5.00, "total_tax": 0.95, "subtotal_set": None}]
    moves = [{"kind": "refund", "status": "success", "amount": "5.95", "currency": "EUR"}]
    event = only(shopify("refunds/create", refund(refund_line_items=lines, transactions=moves)))
    assert event.value == Decimal("5.95")


def test_an_edits_fetched_order_proves_what_its_own_body_would() -> None:
    """Whichever comes first, the other adds nothing."""
    body = order(**EDITED, updated_at="2026-11-02T10:00:00Z")
    told = edited({"order": body})
    assert told == shopify("orders/updated", body)
    assert_holds_contracts(told)


@pytest.mark.parametrize(
    ("hydrated", "code", "path", "waits"),
    [
        (None, "not_asked", "order_edit.order_id", True),
        ({}, "record_unknown", "order_edit.order_id", False),
        ({"order": order(id=5)}, "record_unknown", "order_edit.order_id", False),
        ({"order": order(test=True)}, "test_order", "test", False),
        ({"order": order(total_price="?")}, "bad_money", "order.total_price", True),
        ({"order": {"id": ORDER_ID}}, "missing_field", "order.created_at", True),
    ],
)
def test_an_edit_whose_order_cannot_be_had_says_why(
    hydrated: dict[str, object] | None,
    code: str,
    path: str,
    waits: bool,  # noqa: FBT001
) -> None:
    """The edit alone says which lines came and went, and no amount."""
    rejection = refused(edited(hydrated))
    assert (rejection.code, rejection.path, rejection.waits) == (code, path, waits)


def test_shipping_that_is_paid_back_is_told_by_its_transaction_in_both_shapes() -> None:
    """order_adjustments until 2024-10, refund_shipping_lines since: neither is counted beside the transaction."""
    moves = [{"kind": "refund", "status": "success", "amount": "3.80", "currency": "EUR"}]
    old = [
        {"kind": "shipping_refund", "amount": "-3.80", "tax_amount": "0.00"},
        {"kind": "refund_discrepancy", "amount": "1.00", "tax_amount": "0.00"},
    ]
    new = [{"id": 1, "subtotal_amount_set": {"shop_money": {"amount": "3.80", "currency_code": "EUR"}}}]
    for shape in ({"order_adjustments": old}, {"refund_shipping_lines": new}, {"duties": [], "return": {"id": 9}}):
        assert only(shopify("refunds/create", refund(transactions=moves, **shape))).value == Decimal("3.80")


def test_a_refund_months_later_happens_when_it_happened_and_belongs_to_its_order() -> None:
    """Recency and revenue of its own day would be wrong otherwise."""
    late = refund(created_at="2027-06-01T10:00:00+02:00", processed_at="2027-06-01T10:00:00+02:00")
    event = only(shopify("refunds/create", late))
    assert (event.occurred_at, event.order_id) == (datetime(2027, 6, 1, 8, tzinfo=UTC), str(ORDER_ID))
    (placed,) = named(shopify("orders/updated", order(refunds=[late])), "placed_order")
    assert placed.occurred_at == datetime(2026, 11, 1, 9, tzinfo=UTC)


def test_a_gift_card_is_bought_like_anything_else() -> None:
    """Its line has no product that ships; paying with one changes no total."""
    card = line(id=3, sku=None, title="Gift Card", price="50.00", quantity=1, gift_card=True, discount_allocations=[])
    body = order(line_items=[line(), card], total_price="72.80", payment_gateway_names=["gift_card"])
    translation = shopify("orders/create", body)
    placed, _, bought = translation.events
    assert (placed.value, placed.imbalance, bought.value) == (Decimal("72.80"), None, Decimal("50.00"))


@pytest.mark.parametrize(
    ("changes", "person"),
    [
        ({"source_name": "pos", "email": "", "customer": None, "billing_address": None}, None),
        ({"email": None, "contact_email": None, "customer": None, "billing_address": []}, None),
        ({"email": None, "phone": "+493012345", "customer": None, "billing_address": None}, Person(phone="+493012345")),
        (
            {"email": None, "customer": {"id": 5, "email": None, "phone": "+493012345"}, "billing_address": None},
            Person(phone="+493012345", customer_id="5"),
        ),
    ],
    ids=["point of sale", "draft", "phone only", "customer by phone only"],
)
def test_an_order_without_an_email_address_is_told_without_making_one_up(
    changes: dict[str, Any], person: Person | None
) -> None:
    """Nobody's order is revenue all the same."""
    translation = shopify("orders/create", order(**changes))
    placed, *_ = translation.events
    assert (placed.person, placed.value) == (person, Decimal("27.80"))
    assert translation.rejections == ()


@pytest.mark.parametrize(("shop", "buyer"), [("JPY", "USD"), ("USD", "JPY"), ("KWD", "EUR"), ("EUR", "KWD")])
def test_a_foreign_order_is_counted_in_shop_money_and_says_what_the_buyer_saw(shop: str, buyer: str) -> None:
    """Both are kept, one is used (microsoft/BCApps 5596), and nothing is divided by a hundred."""
    seen = {"shop_money": {"amount": "2000", "currency_code": shop}}
    seen |= {"presentment_money": {"amount": "13.125", "currency_code": buyer}}
    body = order(
        currency=shop,
        presentment_currency=buyer,
        total_price="2000",
        total_price_set=seen,
        total_discounts="0",
        total_tax="0",
        total_shipping_price_set=None,
        line_items=[line(price="2000", quantity=1, discount_allocations=[])],
    )
    placed, product = shopify("orders/create", body).events
    assert (placed.value, placed.currency) == (Decimal(2000), shop)
    assert (product.value, product.currency) == (Decimal(2000), shop)
    assert (placed.properties["presentment_currency"], placed.properties["presentment_total"]) == (buyer, "13.125")
    assert placed.imbalance is None
    same = shopify("orders/create", {**body, "presentment_currency": shop, "total_price_set": {"shop_money": None}})
    assert "presentment_total" not in same.events[0].properties


@pytest.mark.parametrize("amount", [13.125, None, {}])
def test_an_odd_amount_that_only_the_buyer_saw_costs_no_order(amount: object) -> None:
    """It is shown, never counted."""
    seen = {"presentment_money": {"amount": amount, "currency_code": "USD"}}
    placed, *_ = shopify("orders/create", order(total_price_set=seen)).events
    assert "presentment_total" not in placed.properties


def test_an_order_of_250_lines_is_told_line_by_line() -> None:
    """One event each, and the sum comes out."""
    lines = [line(id=n, price="0.10", quantity=3, discount_allocations=[]) for n in range(1, 251)]
    body = order(line_items=lines, total_price="78.80", total_discounts="0.00")
    placed, *products = shopify("orders/create", body).events
    assert (len(placed.line_items), len(products), len({event.event_id for event in products})) == (250, 250, 250)
    assert sum((event.value or Decimal(0) for event in products), Decimal(0)) == Decimal("75.00")
    assert placed.imbalance is None


CENTS = st.integers(1, 10_000).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
MOVES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["refund", "refund", "void", "sale"]),
        "status": st.sampled_from(["success", "success", "pending", "failure"]),
        "amount": CENTS,
        "currency": st.sampled_from(["EUR", None]),
    }
)


def returned(refunds: Iterable[Body]) -> Decimal:
    """What all refunds together paid back, by the rule of the facts."""
    moves = [move for one in refunds for move in one["transactions"]]
    paid = [move["amount"] for move in moves if (move["kind"], move["status"]) == ("refund", "success")]
    return sum(map(Decimal, paid), Decimal(0))


@settings(deadline=None)
@given(st.data())
def test_refunds_are_counted_once_whatever_tells_them_and_in_whatever_order(data: st.DataObject) -> None:
    """Partial, several, after an edit; each by its own topic and by every body of its order since."""
    moves = data.draw(st.lists(st.lists(MOVES, max_size=3), max_size=4))
    refunds = [UNPAID, *(refund(id=600 + n, transactions=list(some)) for n, some in enumerate(moves))]
    bodies: list[tuple[str, Body]] = [
        ("orders/updated", order(refunds=refunds[:count], updated_at=f"2026-11-0{count + 1}T10:00:00Z"))
        for count in range(len(refunds) + 1)
    ]
    bodies += [("refunds/create", one) for one in refunds]
    told = [*data.draw(st.permutations(bodies)), *data.draw(st.lists(st.sampled_from(bodies), max_size=4))]
    events: list[CanonicalEvent] = [event for topic, body in told for event in shopify(topic, body).events]
    book = fold(BookedOrder(), events)
    assert book.refunded == returned(refunds)
    assert book.placed is not None
    assert book.placed.value == Decimal("27.80")
