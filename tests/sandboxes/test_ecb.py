"""The ECB's sandbox over a socket: read by our own client and reader."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from commerce_sync.currency.ecb_files import read_rates
from commerce_sync.errors import PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.ecb import EcbFiles

from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes

pytestmark = pytest.mark.network


@pytest.fixture
def ecb(sandboxes: Sandboxes) -> EcbFiles:
    """A client of ours."""
    return EcbFiles(sandboxes.urls["ecb"], 10.0)


def test_the_files_hold_a_day_ninety_days_and_all_days(sandboxes: Sandboxes, ecb: EcbFiles) -> None:
    """The newest day is the same in each; weekends and holidays are in none."""
    sandboxes.ecb.state.configure({"until": "2026-04-07"})
    daily, ninety, history = (read_rates(ecb.read(file)) for file in ("daily", "ninety_days", "history"))
    assert list(daily) == [date(2026, 4, 7)]
    assert min(ninety) == date(2026, 1, 7)
    assert min(history) == date(2026, 1, 2)
    assert daily.items() <= ninety.items() <= history.items()
    assert [day for day in sorted(ninety) if day >= date(2026, 4, 1)] == [
        date(2026, 4, 1),
        date(2026, 4, 2),
        date(2026, 4, 7),
    ]
    assert daily[date(2026, 4, 7)]["USD"] == Decimal(sandboxes.ecb.state.snapshot()["rates"]["USD"])


def test_the_present_day_is_published_wherever_it_is(sandboxes: Sandboxes, ecb: EcbFiles) -> None:
    """A local stack waits for nobody: no working day that has begun lacks its rates."""
    newest = max(read_rates(ecb.read("daily")))
    for hours in (-10, 0, 14):
        day = (datetime.now(UTC) + timedelta(hours=hours)).date()
        assert newest >= day or day.weekday() >= 5 or day.isoformat() in {"2026-12-25", "2027-01-01"}
    assert sandboxes.ecb.state.snapshot()["newest"] == newest.isoformat()


def test_faults_are_named_by_what_to_do(sandboxes: Sandboxes, ecb: EcbFiles) -> None:
    """An outage is tried again; a page that is no file of rates is refused whole."""
    sandboxes.ecb.faults.append(Fault("GET", "/stats", status=503))
    with pytest.raises(RetriableError):
        ecb.read("daily")
    sandboxes.ecb.faults.append(Fault("GET", "/stats", status=404))
    with pytest.raises(RefusedByVendorError):
        ecb.read("daily")
    sandboxes.ecb.faults.append(Fault("GET", "/stats", status=200))
    with pytest.raises(RetriableError, match="0 bytes"):
        ecb.read("daily")
    sandboxes.ecb.state.configure({"document": "<!DOCTYPE html><html><body>maintenance</body></html>"})
    with pytest.raises(PermanentError, match="document type"):
        read_rates(ecb.read("daily"))
