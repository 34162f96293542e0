"""A day is low only where it is hardly chance, and small shops do not flap."""

import math
from datetime import date, timedelta

import pytest
from commerce_sync.validation.volumes import chance_of_at_most, is_low, usual
from hypothesis import given
from hypothesis import strategies as st

MONDAY = date(2026, 11, 23)


def mondays(*seen: int) -> dict[date, int]:
    """So many on the Mondays before, the latest first, and a hundred on every other day."""
    days = {MONDAY - timedelta(days=back): 100 for back in range(1, 29)}
    return days | {MONDAY - timedelta(weeks=week): number for week, number in enumerate(seen, 1)}


def test_a_monday_is_compared_with_mondays() -> None:
    """One holiday and one sale leave the median alone."""
    assert usual(MONDAY, mondays(20, 0, 22, 400)) == 21.0


def test_two_weeks_are_too_few_to_say() -> None:
    """A new store is not judged by its first days."""
    known = mondays(20, 20, 20, 20)
    assert usual(MONDAY, {day: seen for day, seen in known.items() if day > MONDAY - timedelta(weeks=3)}) is None
    assert usual(MONDAY, {day: seen for day, seen in known.items() if day >= MONDAY - timedelta(weeks=3)}) == 20.0


@pytest.mark.parametrize(
    ("seen", "expected", "low"),
    [
        (0, 6.0, False),  # once in 400 days
        (0, 7.0, True),  # once in 1,097 days
        (1, 7.0, False),
        (3, 20.0, True),
        (9, 20.0, False),
        (499, 1000.0, True),
        (500, 1000.0, False),
        (10, 5_000_000.0, True),
        (0, 0.0, False),
    ],
)
def test_low_is_less_than_half_and_rare(seen: int, expected: float, low: bool) -> None:  # noqa: FBT001 # a table
    """Both, with the numbers worked out by hand: exp(-6) is 0.0025, exp(-7) is 0.0009."""
    assert is_low(seen, expected) is low


@given(st.integers(0, 60), st.floats(0.1, 60))
def test_the_chance_is_poissons(seen: int, expected: float) -> None:
    """The same sum, by its definition."""
    terms = (math.exp(-expected + k * math.log(expected) - math.lgamma(k + 1)) for k in range(seen + 1))
    assert math.isclose(chance_of_at_most(seen, expected), math.fsum(terms), rel_tol=1e-9)
