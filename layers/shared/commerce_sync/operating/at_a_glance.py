"""What ``status`` says of people: privacy requests that are still open, and what the last duplicate audits found."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from commerce_sync.contracts.privacy import PrivacyCase
from commerce_sync.operating.duplicates import SYSTEMS

FIGURES = ("date", "records", "people", "duplicate_records", "inflation_percent")


def at_a_glance(
    cases: Iterable[PrivacyCase], latest: Callable[[str], Mapping[str, Any] | None], now: datetime
) -> dict[str, Any]:
    """Open requests by state, how many of them are past their deadline, and each system's last audit.

    :param latest: the figures of a system's last audit, None where there was none yet.
    """
    still_open = [case for case in cases if not case.is_closed]
    return {
        "privacy_requests": Counter(case.state for case in still_open),
        "overdue_privacy_requests": sum(now > case.deadline for case in still_open),
        "duplicate_audits": {system: _figures(latest(system)) for system in SYSTEMS},
    }


def _figures(audit: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if audit is None else {name: audit[name] for name in FIGURES}
