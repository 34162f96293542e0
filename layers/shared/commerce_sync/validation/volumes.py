"""Whether a finished day brought too few events, compared with the same weekday of the four weeks before. Pure.

Shops sell by the week, so a Monday is compared with Mondays; the median forgets one holiday and one sale. A day is too
low when it is both less than half of the usual and rarer than once in a thousand days by chance. Acts of many people
who know nothing of each other are counted by Poisson's law; half of the usual leaves room for what that law does not
know (weather, campaigns). So a shop with six orders on a usual day is never called low (none at all comes by chance
once in 400 days): its silence is told by hours, as events.toml says.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Final

WEEKS: Final = 4
FEWEST_WEEKS: Final = 3
RARE: Final = 0.001


def weekdays_before(day: date) -> Sequence[date]:
    """The same weekday of the four weeks before, the latest first."""
    return [day - timedelta(weeks=weeks) for weeks in range(1, WEEKS + 1)]


def usual(day: date, seen: Mapping[date, int]) -> float | None:
    """How many events the day should have brought; None with fewer than three weeks to compare with.

    :param seen: of each whole day that was looked at, how many it brought.
    """
    known = [seen[before] for before in weekdays_before(day) if before in seen]
    return float(median(known)) if len(known) >= FEWEST_WEEKS else None


def is_low(seen: int, expected: float) -> bool:
    """Whether so few, or fewer, are hardly chance."""
    return seen < expected / 2 and chance_of_at_most(seen, expected) < RARE


def chance_of_at_most(seen: int, expected: float) -> float:
    """Poisson's chance of at most so many where so many are expected. Of large numbers it is zero as a float."""
    term = total = math.exp(-expected)
    for number in range(1, seen + 1):
        term *= expected / number
        total += term
    return total
