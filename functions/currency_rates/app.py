"""currency_rates: reads the ECB's reference rates and keeps them by day.

A second or late run is harmless: a day that is kept is not written again, and what was missed is read with the next
run. The schedule names no file; ``{"file": "history"}`` reads every day since 1999, for a backfill of old orders.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from commerce_sync.aws.rates_table import RatesTable
from commerce_sync.currency.ecb_files import read_rates
from commerce_sync.currency.taking import FileName, take_rates
from commerce_sync.errors import ConfigurationError
from commerce_sync.observability import count, log
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import RatesSettings
from commerce_sync.vendors.ecb import EcbFiles

FILES: dict[str, FileName | None] = {"": None, "daily": "daily", "ninety_days": "ninety_days", "history": "history"}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Read what is new. Rates that should be there by now and are not are counted: an alarm stands on it."""
    settings, wanted = settings_for(RatesSettings), str(event.get("file") or "")
    if wanted not in FILES:
        raise ConfigurationError(f"file is one of {', '.join(filter(None, FILES))}")
    ecb = EcbFiles(settings.ecb_base_url, settings.vendor_timeout)

    def read(file: FileName) -> Mapping[date, Mapping[str, Decimal]]:
        return read_rates(ecb.read(file))

    taken = take_rates(RatesTable(settings.rates_table), read, datetime.now(UTC), FILES[wanted])
    if taken.corrected:
        count("CorrectedRates", taken.corrected)
        log("the ECB corrected rates that were kept", days=taken.corrected)
    count("StaleRates", int(taken.is_stale))
    return {"file": taken.file, "new": taken.new, "corrected": taken.corrected, "newest": taken.newest.isoformat()}
