"""The door for browsers (``/web/{store}``): whom it admits before any token is looked at, and what it tells them.

A browser may be told to send from anywhere, so only configured origins are admitted, and no client more often than
people click. Both stop other people's pages and broken scripts; neither stops whoever writes headers by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from commerce_sync.webhooks.refusals import RefusedError
from commerce_sync.webhooks.stores import origins_of

ROUTE: Final = " /web/{store}"
OPAQUE: Final = "null"
"""The origin of a sandbox. Some, as Shopify's for pixels, send none at all: that is the same to us."""
MOST_CLIENTS: Final = 2000


def is_storefront(event: Mapping[str, Any]) -> bool:
    """Whether a request came in by this door."""
    return str(event.get("routeKey") or "").endswith(ROUTE)


def is_preflight(event: Mapping[str, Any]) -> bool:
    """Whether a browser only asks whether it may send (Fetch standard, CORS-preflight request)."""
    return bool(event["requestContext"]["http"]["method"] == "OPTIONS")


def access_headers(event: Mapping[str, Any]) -> dict[str, str]:
    """What the browser needs to be told: nothing to an origin that is not configured, so the browser refuses it.

    Credentials are never allowed: no cookie comes here.
    """
    origin = _origin(event)
    if origin not in origins_of(_store(event)):
        return {"vary": "origin"}
    return {
        "vary": "origin",
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "content-type",
        "access-control-max-age": "7200",
    }


@dataclass
class Doorkeeper:
    """Admits a client at most ``burst`` times at once and ``per_second`` times in the long run.

    It remembers in memory, so each running copy of the function counts for itself: a write on this path would cost
    more than what it keeps out. The route's own throttle, which API Gateway keeps, is what bounds them all together.
    """

    burst: float
    per_second: float
    clients: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def admit(self, event: Mapping[str, Any], *, now: float) -> None:
        """Return if the request may be looked at.

        :param now: seconds of a clock that never goes back.
        :raises RefusedError: 403 ``origin_not_allowed``, 429 ``too_many_requests``.
        """
        store = _store(event)
        if _origin(event) not in origins_of(store):
            raise RefusedError(403, "origin_not_allowed")
        client = store, str(event["requestContext"]["http"].get("sourceIp", ""))
        left, since = self.clients.pop(client, (self.burst, now))
        left = min(self.burst, left + (now - since) * self.per_second)
        if len(self.clients) >= MOST_CLIENTS:
            del self.clients[next(iter(self.clients))]
        self.clients[client] = (max(left - 1, 0.0) if left >= 1 else left, now)
        if left < 1:
            raise RefusedError(429, "too_many_requests")


def _store(event: Mapping[str, Any]) -> str:
    return str((event.get("pathParameters") or {}).get("store", ""))


def _origin(event: Mapping[str, Any]) -> str:
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    return headers.get("origin") or OPAQUE
