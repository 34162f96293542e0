"""The event that makes a metric, of nobody: its profile has no address, so no message can ever reach it.

Klaviyo takes an ``external_id`` alone. The event is history (``backfill``), so it starts no flow; it has no value and
an old time, so it stands in no report of this year; and its ``unique_id`` never changes, so a second one is none.
Klaviyo deletes no event and no metric by its API: what is sent here stays.
"""

from typing import Any, Final

from commerce_sync.vendors.http import VendorHttp

NOBODY: Final = "commerce-sync:setup"
LONG_AGO: Final = "2000-01-01T00:00:00Z"


class KlaviyoFirstEvents:
    """Fits :class:`commerce_sync.operating.first_events.FirstEvents`."""

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def send(self, metric: str) -> None:
        """Send it. Klaviyo answers 202 with an empty body; the metric may be shown somewhat later."""
        self._http.call("POST", "/api/events", first_event(metric))


def first_event(metric: str) -> dict[str, Any]:
    """The body of ``create_event``."""
    attributes = {
        "time": LONG_AGO,
        "unique_id": f"{NOBODY}:{metric}",
        "backfill": True,
        "properties": {},
        "metric": {"data": {"type": "metric", "attributes": {"name": metric}}},
        "profile": {"data": {"type": "profile", "attributes": {"external_id": NOBODY}}},
    }
    return {"data": {"type": "event", "attributes": attributes}}
