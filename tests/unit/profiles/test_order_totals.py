"""What orders come to: a fold over a set of them, to the cent."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from commerce_sync.contracts import BookedOrder
from commerce_sync.contracts.revenue import PricedOrder
from commerce_sync.currency.converting import Conversion
from commerce_sync.delivery.order_book import fold
from commerce_sync.delivery.pricing import kept_of, priced
from commerce_sync.profiles.order_totals import OrderTotals, totals_known, totals_of
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.facts import NOON, placed, refunded

SAME = Conversion("USD", Decimal(1), Decimal(1), date(2026, 11, 21))
CENTS = st.integers(0, 10_000_000).map(lambda cents: Decimal(cents) / 100)


def order(
    key: str,
    *,
    value: str = "59.90",
    current: str | None = None,
    back: str = "0",
    days: int = 0,
    source: str = "shopify",
) -> PricedOrder:
    """An order in the company's currency: as placed, as it stands now, and the money returned."""
    body = placed(key, value=current or value, at=NOON + timedelta(days=days))
    body = body.model_copy(update={"value": Decimal(value), "source": source})
    events = [body] + ([refunded(key, amount=back)] if Decimal(back) else [])
    return priced(key, fold(BookedOrder(), events), "order", SAME)


def cancelled(one: PricedOrder) -> PricedOrder:
    """The same order, cancelled."""
    body = one.order.placed
    assert body is not None
    assert body.order is not None
    state = body.order.model_copy(update={"cancelled_at": NOON})
    gone = one.order.model_copy(update={"placed": body.model_copy(update={"order": state})})
    return priced("x", gone, "order", SAME)


def test_totals_are_net_of_refunds_and_without_what_was_cancelled() -> None:
    """Read off by hand: 59.90 whole, 100 with 30 back, one cancelled."""
    orders = {
        "1": order("1"),
        "2": order("2", value="100", current="70", back="30", days=3),
        "3": cancelled(order("3")),
    }
    totals = totals_of(orders, "USD")
    assert totals == OrderTotals(
        "USD", 2, Decimal("159.90"), Decimal(30), Decimal("129.90"), NOON, NOON + timedelta(days=3)
    )
    assert totals_known(totals) == {
        "orders.count": "2",
        "orders.gross": "159.9",
        "orders.refunded": "30",
        "orders.total": "129.9",
        "orders.average": "64.95",
        "orders.currency": "USD",
        "orders.first_at": "2026-11-21T12:00:00Z",
        "orders.last_at": "2026-11-24T12:00:00Z",
        "orders.lifecycle": "customer",
    }


def test_whose_orders_were_all_cancelled_has_none() -> None:
    """Zero, and nothing where a number would be a guess."""
    known = totals_known(totals_of({"1": cancelled(order("1"))}, "USD"))
    assert {name: known[f"orders.{name}"] for name in ("count", "total", "average", "first_at", "lifecycle")} == {
        "count": "0",
        "total": "0",
        "average": None,
        "first_at": None,
        "lifecycle": None,
    }


@pytest.mark.parametrize(
    ("source", "value", "current", "back", "kept"),
    [
        ("shopify", "59.90", "49.90", "10", "49.90"),  # the current total shows the refund already
        ("shopify", "59.90", "59.90", "10", "49.90"),  # not yet, or a refund of no line
        ("shopify", "59.90", "39.90", "0", "39.90"),  # a line was taken off before it was paid
        ("shopify", "59.90", "79.90", "0", "79.90"),  # a line was added
        ("shopify", "59.90", "0", "59.90", "0"),
        ("woocommerce", "59.90", "59.90", "10", "49.90"),  # its total is before refunds
        ("own", "59.90", "40", "10", "30"),  # edited, then refunded
        ("bigcommerce", "59.90", "59.90", "65", "-5.10"),  # more was returned than was paid
    ],
)
def test_a_refund_is_taken_off_once(source: str, value: str, current: str, back: str, kept: str) -> None:
    """Whether the source's current total shows it or not; the total is before it, for every source."""
    one = order("1", value=value, current=current, back=back, source=source)
    assert (kept_of(one.order), one.kept, one.refunded) == (Decimal(kept), Decimal(kept), Decimal(back))
    assert one.total == one.original == Decimal(kept) + Decimal(back)


@pytest.mark.parametrize(
    ("minutes", "current", "kept", "without_times"),
    [
        (61, "39.90", "39.90", "29.90"),  # +10 by an edit, 30 back, and the body shows both
        (59, "69.90", "39.90", "39.90"),  # it does not show what went back yet
        (61, "59.90", "29.90", "29.90"),  # no edit, and a refund of no line
        (61, "29.90", "29.90", "29.90"),
        (59, "29.90", "29.90", "29.90"),  # 30 taken off by an edit, and then given back
    ],
)
def test_what_an_edit_adds_is_owed_whenever_its_refund_is_heard_of(
    minutes: int, current: str, kept: str, without_times: str
) -> None:
    """Placed at 59.90, 30 back after an hour; a book of before, which knows no times, is read as it was."""
    body = placed("1", version=minutes, value=current).model_copy(update={"value": Decimal("59.90")})
    events = [body, refunded("1", amount="30")]
    assert kept_of(fold(BookedOrder(), events)) == kept_of(fold(BookedOrder(), reversed(events))) == Decimal(kept)
    before = fold(BookedOrder(), events).model_copy(update={"refunded_at": {}})
    assert kept_of(before) == Decimal(without_times)


@given(st.lists(st.tuples(CENTS, CENTS, st.booleans(), st.integers(0, 400)), max_size=8), st.randoms())
def test_totals_do_not_depend_on_the_order_and_add_up(
    several: list[tuple[Decimal, Decimal, bool, int]], random: object
) -> None:
    """Any arrangement, any split in two: the same counts and the same cents."""
    orders = {
        str(place): (cancelled if gone else lambda same: same)(
            order(str(place), value=str(value), back=str(back), days=days, source="woocommerce")
        )
        for place, (value, back, gone, days) in enumerate(several)
    }
    shuffled = list(orders)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # Hypothesis's own
    whole = totals_of(orders, "USD")
    assert totals_of({key: orders[key] for key in shuffled}, "USD") == whole
    half = len(shuffled) // 2
    parts = [totals_of({key: orders[key] for key in keys}, "USD") for keys in (shuffled[:half], shuffled[half:])]
    for name in ("count", "gross", "refunded", "total"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)
    standing = [one for one, (_, _, gone, _) in zip(orders.values(), several, strict=True) if not gone]
    assert whole.total == sum(value - back for value, back, gone, _ in several if not gone)
    assert whole.count == len(standing)
    if whole.count and whole.average is not None:
        assert abs(whole.average * whole.count - whole.total) <= Decimal("0.005") * whole.count
        assert whole.first_at is not None
        assert whole.first_at >= datetime(2026, 11, 21, tzinfo=UTC)
