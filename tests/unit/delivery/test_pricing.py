"""An order in the company's currency: its amounts, its lines, its state."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.composing.pricing import CompanyPricing
from commerce_sync.config.revenue import RevenueRules
from commerce_sync.contracts import BookedOrder, CanonicalEvent, LineItem, OwnRate
from commerce_sync.contracts.revenue import Held, PricedOrder, StoreRevenue
from commerce_sync.currency.converting import Conversion
from commerce_sync.delivery.order_book import fingerprint, fold
from commerce_sync.delivery.pricing import kept_of, owed_for, priced, stage_of

from tests.fakes.facts import NOON, placed, refunded
from tests.fakes.rates import RatesInMemory

KEY = "shopify:us:1001"
FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
LATER = datetime(2026, 11, 30, tzinfo=UTC)


def in_euros(**changes: Any) -> CanonicalEvent:
    """An order that was paid in euros."""
    return placed(at=changes.pop("at", NOON)).model_copy(update={"currency": "EUR", **changes})


def pricing(rates: RatesInMemory, **store: Any) -> CompanyPricing:
    """Dollars, for the shop of the facts."""
    return CompanyPricing(RevenueRules("USD", 5, {("shopify", "us"): StoreRevenue(**store)}, {}), rates)


def one(company: CompanyPricing, event: CanonicalEvent) -> PricedOrder | Held:
    """One order, priced."""
    return company.price({KEY: fold(BookedOrder(), [event])}, LATER)[KEY]


def test_every_amount_is_converted_at_the_rate_of_the_orders_own_day() -> None:
    """Saturday's order at Friday's rate: 59.90 + 4.90 tax within, 5 shipping, two mugs at 25."""
    rates = RatesInMemory({FRIDAY: {"USD": Decimal("1.0842")}, date(2026, 11, 23): {"USD": Decimal("2.0")}})
    order = one(pricing(rates), in_euros())
    assert isinstance(order, PricedOrder)
    assert (order.original, order.total, order.currency) == (Decimal("59.90"), Decimal("64.94"), "USD")
    assert (order.rate, order.rate_day) == (Decimal("1.0842"), FRIDAY)
    assert (order.tax, order.shipping, order.discount) == (Decimal("5.31"), Decimal("5.42"), Decimal("0.00"))
    (line,) = order.lines
    assert (line.key, line.unit_price, line.quantity) == (f"{KEY}:1", Decimal("27.10"), 2)


def test_an_edited_order_is_worth_its_current_total_at_the_rate_of_the_day_it_was_placed() -> None:
    """An edit days later changes the amount, not the day."""
    event = placed(version=9 * 24 * 60, value="39.90").model_copy(update={"currency": "EUR"})
    order = one(pricing(RatesInMemory({FRIDAY: {"USD": Decimal("1.10")}})), event)
    assert isinstance(order, PricedOrder)
    assert (order.total, order.rate_day) == (Decimal("43.89"), FRIDAY)


def test_an_orders_day_is_its_shops() -> None:
    """Friday evening in Los Angeles is Saturday in London."""
    days = {date(2026, 11, 19): {"USD": Decimal("1.1")}, FRIDAY: {"USD": Decimal("1.2")}}
    moment = datetime(2026, 11, 20, 3, tzinfo=UTC)
    for zone, day in (("America/Los_Angeles", date(2026, 11, 19)), ("Europe/London", FRIDAY)):
        order = one(pricing(RatesInMemory(dict(days)), time_zone=zone), in_euros(at=moment))
        assert isinstance(order, PricedOrder)
        assert order.rate_day == day


def test_orders_in_the_companys_currency_read_no_rates() -> None:
    """Most orders of most shops."""
    rates = RatesInMemory()
    order = one(pricing(rates), placed())
    assert isinstance(order, PricedOrder)
    assert (order.total, order.rate, order.rate_day, rates.looks) == (Decimal("59.90"), Decimal(1), SATURDAY, 0)


def test_a_batch_of_orders_reads_the_rates_once() -> None:
    """Two reads, however many orders and days."""
    rates = RatesInMemory({FRIDAY: {"USD": Decimal("1.1"), "GBP": Decimal("0.8")}})
    orders = {
        str(number): fold(BookedOrder(), [in_euros(order_id=str(number)).model_copy(update={"currency": currency})])
        for number, currency in enumerate(["EUR", "GBP"] * 20)
    }
    assert {type(answer) for answer in pricing(rates).price(orders, LATER).values()} == {PricedOrder}
    assert rates.looks == 2


def test_the_stores_own_rate_is_taken_where_it_is_configured_and_never_replaced() -> None:
    """No fall-back to another rate than the configured one."""
    rates = RatesInMemory({FRIDAY: {"USD": Decimal("1.1")}})
    event = in_euros()
    assert event.order is not None
    own = OwnRate(currency="USD", units=Decimal("65.00"), per=Decimal("59.90"))
    stating = event.model_copy(update={"order": event.order.model_copy(update={"own_rate": own})})
    order = one(pricing(rates, rate="shop_money"), stating)
    assert isinstance(order, PricedOrder)
    assert (order.total, order.rate_day) == (Decimal("65.00"), SATURDAY)
    assert one(pricing(rates, rate="shop_money"), event) == Held("the store states no rate from EUR to USD")


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({"financial_status": "pending"}, "placed"),
        ({"financial_status": None}, "placed"),
        ({"financial_status": "paid"}, "paid"),
        ({"financial_status": "PAID", "fulfillment_status": "partial"}, "paid"),
        ({"financial_status": "paid", "fulfillment_status": "fulfilled"}, "fulfilled"),
        ({"financial_status": "partially_refunded", "fulfillment_status": "fulfilled"}, "fulfilled"),
        ({"financial_status": "refunded", "fulfillment_status": "fulfilled"}, "refunded"),
        ({"financial_status": "captured", "fulfillment_status": "refunded"}, "refunded"),
        ({"financial_status": "refunded", "cancelled_at": NOON}, "cancelled"),
    ],
)
def test_the_state_of_an_order_is_what_its_store_says_last(changes: dict[str, Any], stage: str) -> None:
    """Cancelled before refunded, refunded before fulfilled, fulfilled before paid."""
    event = placed()
    assert event.order is not None
    order = event.model_copy(update={"order": event.order.model_copy(update=changes)})
    assert stage_of(fold(BookedOrder(), [order])) == stage


def test_an_order_whose_money_all_went_back_is_refunded() -> None:
    """Part of it is not: refunds are counted, whatever the store calls its order."""
    some, all_of_it = refunded(amount="59.89"), refunded(refund_id="2", amount="0.01")
    assert stage_of(fold(BookedOrder(), [placed(), some])) == "paid"
    assert stage_of(fold(BookedOrder(), [placed(), some, all_of_it])) == "refunded"


def test_an_order_that_grew_is_not_refunded_by_what_it_was_placed_at() -> None:
    """Edited from 59.90 to 99.90, and 59.90 of it went back: 40.00 are kept, and the deal is not lost."""
    grown = fold(BookedOrder(), [placed(version=120, value="40.00"), refunded(amount="59.90")])
    assert (kept_of(grown), stage_of(grown)) == (Decimal("40.00"), "paid")


def test_an_order_that_shrank_is_refunded_by_what_was_owed_for_it() -> None:
    """Edited from 59.90 to 39.90, of which all went back."""
    shrunk = fold(BookedOrder(), [placed(version=120, value="0.00"), refunded(amount="39.90")])
    assert (kept_of(shrunk), stage_of(shrunk)) == (Decimal("0.00"), "refunded")


def test_what_is_owed_anew_is_shown_anew_though_the_body_says_the_same() -> None:
    """All 59.90 went back, then 20.00 were added and went back too: the total of both bodies is 0."""
    told = placed(version=60, value="0.00", status="partially_refunded"), refunded(amount="59.90")
    late = refunded(refund_id="2", amount="20.00").model_copy(update={"occurred_at": NOON + timedelta(hours=3)})
    before = fold(BookedOrder(), [*told, late])
    after = fold(before, [placed(version=180, value="0.00", status="partially_refunded")])
    assert (owed_for(before), owed_for(after)) == (Decimal("59.90"), Decimal("79.90"))
    assert fingerprint(before) != fingerprint(after)


def test_a_stores_orders_are_the_object_that_is_configured() -> None:
    """Orders where nothing is."""
    company = pricing(RatesInMemory(), object="deal")
    elsewhere = placed().model_copy(update={"store": "eu"})
    kinds = [
        found.object for found in (one(company, placed()), one(company, elsewhere)) if isinstance(found, PricedOrder)
    ]
    assert kinds == ["deal", "order"]


def test_lines_have_keys_of_their_own() -> None:
    """Without an id, or with one that comes twice, a line is named by its place."""
    lines = tuple(LineItem(line_id=line, quantity=1, unit_price=Decimal(1)) for line in ("a", None, "a", None))
    order = fold(BookedOrder(), [placed().model_copy(update={"line_items": lines})])
    shown = priced(KEY, order, "order", Conversion("USD", Decimal(1), Decimal(1), FRIDAY))
    assert [line.key for line in shown.lines] == [f"{KEY}:a", f"{KEY}:place-2", f"{KEY}:a:place-3", f"{KEY}:place-4"]


def test_what_is_shown_of_an_order_is_in_its_fingerprint() -> None:
    """A changed line, a cancellation and a stated rate are written again."""
    event = placed()
    assert event.order is not None
    changed = (
        event.model_copy(update={"line_items": ()}),
        event.model_copy(update={"order": event.order.model_copy(update={"cancelled_at": NOON})}),
        event.model_copy(
            update={
                "order": event.order.model_copy(
                    update={"own_rate": OwnRate(currency="EUR", units=Decimal(1), per=Decimal(2))}
                )
            }
        ),
    )
    prints = {fingerprint(fold(BookedOrder(), [one])) for one in (event, *changed)}
    assert len(prints) == 4


@pytest.mark.parametrize(("year", "zone"), [(1, "America/New_York"), (1, "Asia/Tokyo"), (9999, "Asia/Tokyo")])
def test_an_order_of_an_impossible_day_has_no_rate_and_stops_no_other(year: int, zone: str) -> None:
    """A batch is priced together: one that nobody can place in time is held, the others are worth what they are."""
    rates = RatesInMemory({FRIDAY: {"USD": Decimal("1.10")}})
    then = datetime(1, 1, 1, tzinfo=UTC) if year == 1 else datetime(9999, 12, 31, 23, tzinfo=UTC)
    orders = {"a": fold(BookedOrder(), [in_euros(at=then)]), KEY: fold(BookedOrder(), [in_euros()])}
    found = pricing(rates, time_zone=zone).price(orders, LATER)
    assert isinstance(found["a"], Held)
    assert isinstance(found[KEY], PricedOrder)
