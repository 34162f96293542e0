"""What a vendor's answer says of its limits: how long to wait, whom that binds, and what is left."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from commerce_sync.contracts.budgets import Heard, Quota

LONGEST_WAIT = 24 * 3600.0
DEFAULT_WAIT = 10.0
DAILY_WAIT = 3600.0
TOO_MANY: Final = 429
MIGRATING: Final = 477
"""HubSpot moves the account: nothing of it answers for as long as it says."""
UNAVAILABLE: Final = 503
OF_A_DAY: Final = 86_400
A_SEARCH: Final = 1.0
"""HubSpot's ``SECONDLY`` names its search, whose window is a second."""
RESETS_AFTER = "X-Rate-Limit-Time-Reset-Ms"
"""BigCommerce says in milliseconds when its window ends."""
SHOPIFY_DRAINS: Final = 20.0
"""Seconds in which Shopify's REST bucket drains, whatever the plan: 40 calls at 2 a second, or ten times both."""


def heard_in(status: int, headers: Mapping[str, str], body: Mapping[str, Any], now: datetime) -> Heard:
    """What an answer says. ``body`` is that of a refusal; headers without sense say nothing."""
    quotas = tuple(quota for read in (_klaviyo, _hubspot, _bigcommerce, _shopify) for quota in read(headers))
    if status == TOO_MANY:
        is_daily = body.get("policyName") == "DAILY"
        return Heard(pause(headers, body, now), "day" if is_daily else "endpoint", quotas)
    if status in (MIGRATING, UNAVAILABLE) and headers.get("Retry-After"):
        wait = retry_after(headers.get("Retry-After"), now)
        return Heard(wait, "account" if status == MIGRATING else "endpoint", quotas)
    return Heard(quotas=quotas)


def pause(headers: Mapping[str, str], body: Mapping[str, Any], now: datetime) -> float:
    """How long a 429 asks us to wait (seconds). HubSpot names the limit that is used up instead of a time."""
    if header := headers.get("Retry-After"):
        return retry_after(header, now)
    milliseconds = headers.get(RESETS_AFTER, "")
    if milliseconds.isdecimal():
        return retry_after(f"{int(milliseconds[:12]) / 1000}", now)
    return {"DAILY": DAILY_WAIT, "SECONDLY": A_SEARCH}.get(str(body.get("policyName")), DEFAULT_WAIT)


def retry_after(header: str | None, now: datetime) -> float:
    """Seconds to wait: a number or an HTTP date, at least one second and at most a day, a default where absent."""
    if not header:
        return DEFAULT_WAIT
    text = header.strip()
    try:
        seconds = float(text) if text.replace(".", "", 1).isdigit() else _until(text, now)
    except (ValueError, OverflowError):
        return DEFAULT_WAIT
    return min(max(seconds, 1.0), LONGEST_WAIT)


def _until(text: str, now: datetime) -> float:
    date = parsedate_to_datetime(text)
    return ((date if date.tzinfo else date.replace(tzinfo=UTC)) - now).total_seconds()


def _klaviyo(headers: Mapping[str, str]) -> Iterator[Quota]:
    """Its steady window, which ends as a whole."""
    limit, remaining, reset = (_number(headers, f"RateLimit-{one}") for one in ("Limit", "Remaining", "Reset"))
    if limit and remaining is not None and reset is not None:
        yield Quota(limit, remaining, 60, float(min(reset, 60)))


def _hubspot(headers: Mapping[str, str]) -> Iterator[Quota]:
    """Its rolling window, of which a tenth comes back with each tenth of its time; and the account's day."""
    names = ("Max", "Remaining", "Interval-Milliseconds", "Daily", "Daily-Remaining")
    most, left, interval, daily, of_day = (_number(headers, f"X-HubSpot-RateLimit-{one}") for one in names)
    if most and left is not None and interval:
        yield Quota(most, left, interval // 1000, interval / 10_000)
    if daily and of_day is not None:
        yield Quota(daily, of_day, OF_A_DAY, OF_A_DAY)


def _bigcommerce(headers: Mapping[str, str]) -> Iterator[Quota]:
    names = ("Requests-Quota", "Requests-Left", "Time-Window-Ms", "Time-Reset-Ms")
    quota, left, window, reset = (_number(headers, f"X-Rate-Limit-{one}") for one in names)
    if quota and left is not None and window and reset is not None:
        yield Quota(quota, left, window // 1000, min(reset, window) / 1000)


def _shopify(headers: Mapping[str, str]) -> Iterator[Quota]:
    used, _, most = headers.get("X-Shopify-Shop-Api-Call-Limit", "").partition("/")
    if used.isdecimal() and most.isdecimal() and int(most):
        yield Quota(int(most), max(0, int(most) - int(used)), 0, SHOPIFY_DRAINS / 10)


def _number(headers: Mapping[str, str], name: str) -> int | None:
    """The first number of a header (Klaviyo's may go on with its policy), or None."""
    text = headers.get(name, "").partition(",")[0].partition(";")[0].strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 12 else None  # noqa: PLR2004 # sense
