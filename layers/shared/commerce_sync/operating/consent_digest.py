"""The daily digest: how much waits for a person, and since when. Numbers only, and no address."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from commerce_sync.contracts.consent_book import RowStatus, Waits
from commerce_sync.operating.consent_needs import Rows, Waiters

KINDS: Mapping[Waits, str] = {
    "hold": "held: a text or a value that nobody could read for sure",
    "conflict": "in conflict: open in one system, closed in another",
    "pending": "pending: opted in, and not confirmed yet",
}
STUCK: Mapping[RowStatus, str] = {
    "parked": "destinations that were refused or tried too often (operations review, then release)",
    "braked": "destinations held up by the brake on bulk changes (operations brake)",
}
WEEK, DAY = timedelta(days=7), timedelta(days=1)


@dataclass(frozen=True)
class Digest:
    """What waits. ``waiting`` counts addresses by reason and age, ``stuck`` rows by status and destination.

    ``oldest_days`` is how long the longest has waited for each reason.
    """

    waiting: Mapping[Waits, Mapping[str, int]]
    oldest_days: Mapping[Waits, int]
    stuck: Mapping[RowStatus, Mapping[str, int]]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell of."""
        return not any(sum(one.values()) for one in (*self.waiting.values(), *self.stuck.values()))

    @property
    def total(self) -> int:
        """How much there is for a person to do. What is pending waits for its own address's holder first."""
        people = sum(sum(ages.values()) for why, ages in self.waiting.items() if why != "pending")
        return people + sum(sum(one.values()) for one in self.stuck.values())

    def subject(self) -> str:
        """One line."""
        return f"Consent: {self.total} wait for a person" if self.total else "Consent: nothing waits for a person"

    def text(self) -> str:
        """The whole."""
        lines = [self.subject(), ""]
        for why, ages in self.waiting.items():
            number = sum(ages.values())
            by_age = ", ".join(f"{age}: {count}" for age, count in ages.items() if count)
            oldest = f" ({by_age}; the oldest waits {self.oldest_days.get(why, 0)} days)" if number else ""
            lines.append(f"{number} {KINDS[why]}{oldest}")
        for status, places in self.stuck.items():
            by_place = ", ".join(f"{place}: {count}" for place, count in sorted(places.items()))
            lines.append(f"{sum(places.values())} {STUCK[status]}{f' ({by_place})' if by_place else ''}")
        return "\n".join([*lines, "", 'What to do: invoke operations with {"command": "review"}.'])


def digest(waiters: Waiters, rows: Rows, now: datetime) -> Digest:
    """Count what waits."""
    waiting: dict[Waits, Mapping[str, int]] = {}
    oldest: dict[Waits, int] = {}
    for why in KINDS:
        waiting[why] = {
            "over a week": waiters.count(why, until=now - WEEK),
            "over a day": waiters.count(why, since=now - WEEK, until=now - DAY),
            "new": waiters.count(why, since=now - DAY),
        }
        first = next(waiters.waiting(why), None)
        if first is not None:
            oldest[why] = max((now - first.since).days, 0)
    stuck: dict[RowStatus, Mapping[str, int]] = {
        status: Counter(row.row for row in rows.waiting(status)) for status in STUCK
    }
    return Digest(waiting, oldest, stuck)
