"""Which of the ECB's files to read, and what of it is new."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, Protocol

from commerce_sync.currency.calendar import ONE_DAY, is_open, latest_begun, newest_expected
from commerce_sync.errors import PermanentError

FileName = Literal["daily", "ninety_days", "history"]
WIDER: Final[tuple[FileName, ...]] = ("daily", "ninety_days", "history")
"""Each holds all that the one before it does."""
Days = Mapping[date, Mapping[str, Decimal]]


class RateStore(Protocol):
    """Where rates are kept."""

    def newest(self) -> date | None:
        """The newest day that is kept."""

    def between(self, first: date, last: date) -> Days:
        """The days that are kept from one to another, both included."""

    def keep(self, day: date, rates: Mapping[str, Decimal]) -> None:
        """Keep one day."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run did. ``is_stale``: days that should be published by now are not known."""

    file: FileName
    new: int
    corrected: int
    newest: date
    is_stale: bool


def take_rates(
    store: RateStore, read: Callable[[FileName], Days], now: datetime, wanted: FileName | None = None
) -> Taken:
    """Read a file and keep what is new in it; reading it again keeps nothing.

    What is kept stays without gaps wherever a run dies: it grows day by day, forwards and then backwards. Where a file
    would leave a day out, the next wider one is read instead. A rate that the ECB corrected replaces what was kept.

    :raises PermanentError: the file is older than what is kept: nobody's rates are taken back. Or it has a day that has
        begun nowhere yet, which would prove that the days before it were passed over: nothing of it is kept.
    """
    before = store.newest()
    for file in WIDER[WIDER.index(wanted or "daily") :]:
        days = read(file)
        if not _leaves_out(before, min(days), file):
            break
    newest = max(days)
    if newest > latest_begun(now):
        raise PermanentError("ecb: a file with a day that is to come")
    if before and newest < before:
        raise PermanentError("ecb: a file that is older than what is kept")
    kept = store.between(min(days), newest)
    changed = {day: rates for day, rates in days.items() if kept.get(day) != rates}
    for day in _growing(changed, before):
        store.keep(day, changed[day])
    new = len(changed.keys() - kept.keys())
    return Taken(file, new, len(changed) - new, newest, newest < newest_expected(now))


def _growing(days: Iterable[date], before: date | None) -> list[date]:
    """Days after the newest that was kept upwards, the others downwards."""
    since = before or date.min
    return sorted(day for day in days if day > since) + sorted((day for day in days if day <= since), reverse=True)


def _leaves_out(before: date | None, first: date, file: FileName) -> bool:
    """Whether a day on which the ECB publishes lies between what is kept and a file's first day.

    Where nothing is kept, ninety days are enough to begin with.
    """
    if before is None:
        return file == "daily"
    between = (before + number * ONE_DAY for number in range(1, (first - before).days))
    return any(map(is_open, between))
