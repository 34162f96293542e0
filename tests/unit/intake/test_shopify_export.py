"""Shopify's own order export gives the same orders as its webhooks, as far as it tells them."""

import json
import tracemalloc
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from commerce_sync.contracts import CanonicalEvent, Store
from commerce_sync.intake import Translation, translate
from commerce_sync.intake.shopify.export_file import orders_in
from commerce_sync.intake.shopify.exported import TOPIC
from hypothesis import given
from hypothesis import strategies as st

from local.order_export import ORDER_EXPORT
from tests.unit.intake import bodies as b

STORE = Store(source="shopify", id="us", currency="USD", country="US")


def exported(text: str = ORDER_EXPORT) -> list[Translation]:
    """What each order of an export becomes."""
    return [translate("shopify", TOPIC, STORE, json.dumps(body).encode()) for body in orders_in(text.encode())]


def by_name(translation: Translation) -> dict[str, CanonicalEvent]:
    """Its events."""
    return {event.name: event for event in translation.events}


def test_an_order_of_two_rows_is_one_order() -> None:
    """24.00 after 1.00 off, 5.00 shipping and 1.98 of tax on top are 30.98: nothing is out of balance."""
    first, _ = exported()
    (placed,) = first.events
    assert placed.event_id == "shopify:us:7000000000001:placed_order"
    assert placed.occurred_at == datetime(2026, 6, 1, 13, 50, 20, tzinfo=UTC)
    assert (placed.value, placed.discount, placed.shipping, placed.tax) == tuple(
        map(Decimal, ("30.98", "1.00", "5.00", "1.98"))
    )
    assert placed.imbalance is None
    assert [(line.sku, line.quantity, line.unit_price, line.line_id) for line in placed.line_items] == [
        ("MUG", 2, Decimal("10.00"), None),
        ("SPOON", 1, Decimal("5.00"), None),
    ]
    assert placed.person
    assert (placed.person.email, placed.person.phone) == ("ada@example.com", "+1 202-555-0130")
    assert placed.order
    assert placed.order.version == datetime(2026, 6, 3, 14, tzinfo=UTC)
    assert first.consent == ()
    assert first.rejections == ()


def test_a_cancelled_and_refunded_order_says_what_it_cannot_tell() -> None:
    """It is placed and cancelled; what was paid back lessens its current value; the refund has no id."""
    _, second = exported()
    events = by_name(second)
    assert set(events) == {"placed_order", "cancelled_order"}
    assert events["cancelled_order"].event_id == "shopify:us:7000000000002:cancelled_order"
    assert events["cancelled_order"].occurred_at == datetime(2026, 6, 4, 12, 30, tzinfo=UTC)
    assert events["placed_order"].order
    assert events["placed_order"].order.current_value == Decimal("0.00")
    assert [one.code for one in second.rejections] == ["refund_in_export"]


def test_the_ids_are_those_of_the_webhook_and_its_body_wins() -> None:
    """An order that a webhook tells too is one order: the store's own time of change is never the earlier one."""
    body = b.order(id=7000000000001, name="#1001", currency="USD", updated_at="2026-06-03T10:00:01-04:00")
    told = by_name(translate("shopify", "orders/updated", STORE, b.encoded(body)))["placed_order"]
    placed = by_name(exported()[0])["placed_order"]
    assert told.event_id == placed.event_id
    assert told.order
    assert placed.order
    assert told.order.version > placed.order.version


def test_a_file_that_is_no_order_export_says_which_columns_it_lacks() -> None:
    """A customers' export, for one."""
    with pytest.raises(ValueError, match="Subtotal"):
        list(orders_in(b"Name,Id,Currency,Total,Created at,Lineitem quantity,Lineitem price\n"))


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("7000000000001", "", "missing_field"),
        ("2026-06-01 09:50:20 -0400,2", "yesterday,2", "bad_time"),
        (",30.98,", ",much,", "bad_money"),
        (",2,Mug", ",two,Mug", "wrong_type"),
        (",USD,24.00", ",,24.00", "missing_field"),
        ("7000000000001", "7.00E+12", "wrong_type"),
        ("7000000000001", "7000000000001.0", "wrong_type"),
        ("7000000000001", "=7000000000001", "wrong_type"),
    ],
)
def test_an_order_that_cannot_be_read_is_set_aside_and_holds_up_no_other(before: str, after: str, code: str) -> None:
    """With a reason."""
    first, second = exported(ORDER_EXPORT.replace(before, after, 1))
    assert [one.code for one in first.rejections] == [code]
    assert first.events == ()
    assert second.events


def test_an_export_of_a_spreadsheet_is_read() -> None:
    """With a byte order mark before the first column's name."""
    assert len(exported("\ufeff" + ORDER_EXPORT)) == 2


def test_an_id_that_a_spreadsheet_kept_as_text_is_the_orders_own() -> None:
    """By the apostrophe that does so; another id would be another order, and its revenue counted twice."""
    first, _ = exported(ORDER_EXPORT.replace("7000000000001", "'7000000000001"))
    assert first.events[0].event_id == "shopify:us:7000000000001:placed_order"


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ("Mug - Blue", '"Mug - Blue', "line 4 cannot be read"),
        ("Mug - Blue", "x" * 200_000, "line 2 cannot be read"),
        ("Mug - Blue", "Mug, blue", "line 2 has more cells"),
        ("Subtotal,Shipping", "Subtotal,Total", "names Total twice"),
        ("\n", "\r", "line 1 cannot be read"),
        (",7000000000002,\n", ",7000000", "line 4 is cut off"),
    ],
)
def test_a_file_whose_cells_cannot_be_told_apart_is_refused_whole(before: str, after: str, word: str) -> None:
    """An open quote swallows the orders below it, a comma shifts amounts, a cut id is another order's."""
    with pytest.raises(ValueError, match=word):
        list(orders_in(ORDER_EXPORT.replace(before, after).encode()))


def test_two_orders_of_one_name_are_two() -> None:
    """A shop may begin its numbers anew: a row with an id of its own is no line of the order above."""
    same = exported(ORDER_EXPORT.replace("#1002", "#1001"))
    assert [one.events[0].order_id for one in same] == ["7000000000001", "7000000000002"]
    assert [len(one.events[0].line_items) for one in same] == [2, 1]


def test_an_order_whose_rows_stand_apart_is_not_taken_in_half() -> None:
    """Somebody sorted the file: its second row says no more than its name."""
    header, first, second, other = ORDER_EXPORT.splitlines(keepends=True)
    for rows in ([first, other, second], [second, first, other], [second, other, first]):
        with pytest.raises(ValueError, match="#1001 stand apart"):
            exported("".join([header, *rows]))


def test_a_file_that_is_not_in_utf_8_is_refused_with_the_line() -> None:
    """What a spreadsheet saved for Windows."""
    with pytest.raises(ValueError, match="line 2 is not in UTF-8"):
        list(orders_in(ORDER_EXPORT.replace("Mug", "M\u00fcg", 1).encode("cp1252")))


def test_a_long_file_is_held_once_whatever_symbols_stand_in_it() -> None:
    """As one text it would be four times as long, for the sake of a single gift."""
    header, *rows = ORDER_EXPORT.encode().splitlines(keepends=True)
    gift = ORDER_EXPORT.replace("Mug", "\U0001f381 Mug").encode().splitlines(keepends=True)[1:]
    export = b"".join([header, *gift, *rows * 4000])
    assert len(export) > 2_000_000
    tracemalloc.start()
    try:
        assert sum(1 for _ in orders_in(export)) > 4000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < len(export) / 4


ODD = st.one_of(
    st.text(max_size=12), st.sampled_from(["1e999", "NaN", "-1", "9" * 5000, "0001-01-01 00:00:00 +2359", "0"])
)
WHOLE = next(iter(orders_in(ORDER_EXPORT.encode())))["rows"]


@given(
    st.lists(
        st.dictionaries(st.sampled_from([*WHOLE[0], "Refunded Amount", "Cancelled at", "Duties"]), ODD), max_size=3
    )
)
def test_whatever_stands_in_a_row_there_is_an_answer(changes: list[dict[str, str]]) -> None:
    """Events that hold their contract, or reasons; never an exception."""
    rows = [{**row, **change} for row, change in zip(WHOLE * 2, changes, strict=False)]
    translation = translate("shopify", TOPIC, STORE, json.dumps({"rows": rows}).encode())
    assert translation.events or translation.rejections
    b.assert_holds_contracts(translation)
