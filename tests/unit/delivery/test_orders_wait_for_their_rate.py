"""An order without a rate is held: nothing of it is written or guessed, and it is written when its rate comes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from commerce_sync.contracts import CanonicalEvent
from commerce_sync.contracts.waiting import MOST_ATTEMPTS

from tests.fakes.day import DeliveryDay
from tests.fakes.facts import facts, placed

THURSDAY, FRIDAY = date(2026, 11, 19), date(2026, 11, 20)
MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)
RATE = {"USD": Decimal("1.10")}


def morning() -> DeliveryDay:
    """Friday at nine in Frankfurt: Thursday's rates are known."""
    day = DeliveryDay(now=MORNING)
    day.rates.days[THURSDAY] = {"USD": Decimal("1.00")}
    return day


def in_euros(order_id: str = "1001", currency: str = "EUR") -> CanonicalEvent:
    """Friday's order."""
    return placed(order_id, at=MORNING).model_copy(update={"currency": currency})


def reasons(day: DeliveryDay) -> set[tuple[str, str | None]]:
    """How orders stand at HubSpot."""
    return {(promise.status, promise.reason) for promise in day.book.promises() if promise.row == "hubspot#order"}


def test_todays_order_waits_for_todays_rate_and_is_written_at_it() -> None:
    """Not at yesterday's; and nobody is alarmed by what is due in the afternoon."""
    day = morning()
    day.deliver(facts(in_euros()))
    assert reasons(day) == {("pending", "the ECB rates of 2026-11-20 are not published yet")}
    assert (day.hubspot.writes, day.last.held) == (0, 0)
    assert [promise.due_at for promise in day.book.promises() if promise.row == "hubspot#order"] == [
        datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    ]
    day.rates.days[FRIDAY] = RATE
    day.now = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    day.go_round()
    assert day.hubspot.totals == {"shopify:us:1001": Decimal("65.89")}
    assert reasons(day) == {("delivered", None)}


def test_a_rate_that_never_comes_is_counted_and_the_order_keeps_waiting() -> None:
    """Days later it is still due again each hour, has lost no try, and goes out as soon as there is a rate."""
    day = morning()
    day.deliver(facts(in_euros()))
    day.now = datetime(2026, 11, 20, 19, tzinfo=UTC)
    day.go_round(MOST_ATTEMPTS + 10, minutes=61)
    assert day.last.held == 1
    assert reasons(day) == {("pending", "the ECB rates of 2026-11-20 are missing")}
    assert day.hubspot.writes == 0
    day.rates.days[FRIDAY] = RATE
    day.go_round(2, minutes=61)
    assert day.hubspot.totals == {"shopify:us:1001": Decimal("65.89")}


def test_a_held_order_holds_back_nobody_else() -> None:
    """Dollars need no rate; krona have theirs; the currency without one waits alone."""
    day = morning()
    day.rates.days[FRIDAY] = {"USD": Decimal("1.10"), "SEK": Decimal(11)}
    orders = {"1": "USD", "2": "SEK", "3": "VND"}
    day.deliver(*(facts(in_euros(order_id, currency)) for order_id, currency in orders.items()))
    assert day.hubspot.totals == {"shopify:us:1": Decimal("59.90"), "shopify:us:2": Decimal("5.99")}
    assert ("pending", "the ECB has no rate of VND on 2026-11-20") in reasons(day)
    assert day.last.held == 1


def test_events_go_out_whatever_the_rates() -> None:
    """Klaviyo is told what was paid, in what was paid."""
    day = morning()
    day.deliver(facts(in_euros()))
    (event,) = day.klaviyo.events.values()
    assert (event.value, event.currency) == (Decimal("59.90"), "EUR")


def test_an_order_that_changes_while_it_is_held_is_written_as_it_then_is() -> None:
    """One promise, the latest state."""
    day = morning()
    day.deliver(facts(in_euros()))
    edited = placed(version=30, value="29.90", at=MORNING).model_copy(update={"currency": "EUR"})
    day.deliver(facts(edited))
    assert day.hubspot.writes == 0
    day.rates.days[FRIDAY] = RATE
    day.now = MORNING + timedelta(hours=8)
    day.go_round()
    assert day.hubspot.totals == {"shopify:us:1001": Decimal("32.89")}
    assert day.hubspot.writes == 1
