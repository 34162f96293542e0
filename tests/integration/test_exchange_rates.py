"""currency_rates against the ECB's sandbox, and orders that wait for a rate."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from local.in_process import InProcessBundle, LambdaContext
from local.sandboxes.ecb.published import rates_of
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import command, deliver, dispatch, make_due, statuses
from tests.integration.test_a_delivery_becomes_events import shopify_order

pytestmark = pytest.mark.network
FRIDAY = "2026-11-20"


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What was printed since the last look."""
    return lambda: capsys.readouterr().out


def read_rates(bundle: InProcessBundle, file: str = "") -> dict[str, Any]:
    """One run of the schedule."""
    with bundle.function("currency_rates") as module:
        return dict(module.handler({"file": file} if file else {}, LambdaContext()))


def test_rates_are_kept_by_day_and_a_second_run_writes_nothing(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Ninety days at first; the whole history when it is asked for."""
    sandboxes.ecb.state.configure({"until": FRIDAY})
    first = read_rates(bundle)
    assert (first["file"], first["newest"], first["new"]) == ("ninety_days", FRIDAY, 65)
    assert read_rates(bundle) == {"file": "daily", "new": 0, "corrected": 0, "newest": FRIDAY}
    kept = {item["rate_day"]["S"]: item["rates"]["M"] for item in b.items(bundle, "RatesTable")}
    assert len(kept) == 65
    assert kept[FRIDAY]["USD"] == {"S": sandboxes.ecb.state.snapshot()["rates"]["USD"]}
    assert read_rates(bundle, "history")["new"] > 150


def test_stale_rates_and_corrections_are_counted(
    bundle: InProcessBundle, sandboxes: Sandboxes, told: Callable[[], str]
) -> None:
    """Nothing new for a week is an alarm, a corrected rate is a line in the log."""
    sandboxes.ecb.state.configure({"until": FRIDAY})
    read_rates(bundle)
    assert '"StaleRates": 1' in told()
    sandboxes.ecb.state.configure({"until": "", "corrected": {FRIDAY: {"USD": "1.2345"}}})
    assert read_rates(bundle, "ninety_days")["corrected"] == 1
    out = told()
    assert '"StaleRates": 0' in out
    assert '"CorrectedRates": 1' in out


def test_an_order_waits_for_its_rate_and_is_written_when_it_is_there(
    bundle: InProcessBundle, sandboxes: Sandboxes, told: Callable[[], str]
) -> None:
    """No rate: nothing at HubSpot, a reason, an alarm. Then the rate, to the cent."""
    deliver(bundle, shopify_order(currency="GBP", created_at="2026-11-21T12:00:00Z"))
    assert sandboxes.hubspot.state.snapshot()["orders"] == []
    assert '"HeldOrders": 1' in told()
    assert statuses(bundle) == {"delivered", "pending"}
    assert command(bundle, "status")["open_reasons"] == {"the ECB rates of 2026-11-20 are missing": 1}
    read_rates(bundle)
    make_due(bundle)
    b.consume(bundle, "event_delivery", dispatch(bundle))
    assert statuses(bundle) == {"delivered"}
    (order,) = sandboxes.hubspot.state.snapshot()["orders"]
    shown = order["properties"]
    rates = {currency: Decimal(rate) for currency, rate in rates_of(date.fromisoformat(FRIDAY)).items()}
    worth = Decimal(shown["sync_original_amount"]) * rates["USD"] / rates["GBP"]
    assert shown["hs_total_price"] == str(worth.quantize(Decimal("0.01")))
    assert (shown["sync_original_currency"], shown["hs_currency_code"]) == ("GBP", "USD")
    assert shown["sync_rate_date"] == FRIDAY
