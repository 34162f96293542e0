"""delivery_verification: once a day, what vendors' own store apps told, compared with what the stores told us.

It reads, and writes reports and what Klaviyo's apps were last heard of: where all is verified nobody else looks, and a
metric that is renamed is known by its id alone. A second run is harmless: it compares the same days again and writes
the same reports anew. A store that cannot be compared now keeps no other from it, and stands in ``status`` with the
reason; then the run fails at its end, and is tried again.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from commerce_sync.aws.comparisons import Comparisons
from commerce_sync.aws.control import Control
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.aws.verified_rows import VerifiedRows
from commerce_sync.composing.comparing import Comparing, Pair, figures, not_compared, verified_pairs
from commerce_sync.composing.native_looks import hubspot_natives, klaviyo_natives, native_looks
from commerce_sync.composing.natives import looked
from commerce_sync.config.events import events_rules
from commerce_sync.config.natives import native_apps
from commerce_sync.errors import CommerceSyncError, PausedError, RetriableError
from commerce_sync.observability import count, log
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import VerificationSettings

NO_TOKEN_WAIT = 300.0


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Compare all that is verified, as of the event's time.

    :raises RetriableError: some of it could not be compared; the log says what and why.
    """
    settings = settings_for(VerificationSettings)
    now = datetime.fromisoformat(event["time"]) if "time" in event else datetime.now(UTC)
    comparing, failed, latest = _comparing(settings), [], []
    for pair in verified_pairs(events_rules(), native_apps()):
        try:
            compared = comparing.compare(pair, now)
        except CommerceSyncError as error:
            log("a store could not be compared", destination=pair.destination, store=pair.store, reason=str(error))
            failed.append(pair.store)
            latest.append(not_compared(pair, error))
            continue
        latest += [figures(pair, one) for one in compared]
        for one in compared:
            if one.is_final:
                _count(pair, one.counts, one.percent, settings.most_different)
    Comparisons(settings.archive_bucket).keep_latest(latest)
    count("DeliveriesVerified")
    if failed:
        raise RetriableError(f"not compared: {', '.join(sorted(set(failed)))}")
    return {"compared": latest}


def _count(pair: Pair, counts: Any, percent: float, most: float) -> None:
    """The figures of the second look: the first one finds what is only late."""
    where = {"destination": pair.destination, "store": pair.store}
    for kind, number in counts.items():
        if number:
            count("DeliveryDifferences", number, **where, kind=kind)
    count("DeliveriesDiffer", int(percent > most), **where)


def _comparing(settings: VerificationSettings) -> Comparing:
    control, look = Control(settings.control_table), native_looks(settings, _token)["klaviyo"]
    return Comparing(
        rows=VerifiedRows(settings.order_book_table),
        reports=Comparisons(settings.archive_bucket),
        apps=native_apps(),
        klaviyo=cache(lambda: klaviyo_natives(settings, _token)),
        hubspot=cache(lambda: hubspot_natives(settings, _token)),
        found=cache(lambda: looked(control, "klaviyo", look, datetime.now(UTC)).found),
    )


def _token(vendor: str) -> str:
    tokens = cached_secret(settings_for(VerificationSettings).vendor_tokens_id).value()
    if not tokens.get(vendor):
        raise PausedError(f"{vendor} has no token", retry_after=NO_TOKEN_WAIT)
    return str(tokens[vendor])
