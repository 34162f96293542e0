"""Whatever is said, in whatever order, twice, late, through crashes, merges, corrections and erasures: one meaning."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.unit.consent.random_worlds import World

pytestmark = pytest.mark.long


def live(lives: int, steps: int) -> None:
    """So many random worlds of so many steps."""
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    chosen = settings(
        max_examples=lives, stateful_step_count=steps, suppress_health_check=quiet, report_multiple_bugs=False
    )
    run_state_machine_as_test(World, settings=chosen)


def test_a_ledger_means_what_the_set_of_its_statements_means() -> None:
    """Two thousand worlds of fifty steps."""
    live(2_000, 50)


@pytest.mark.soak
def test_a_ledger_means_what_the_set_of_its_statements_means_for_a_long_time() -> None:
    """Fifty thousand worlds of a hundred steps."""
    live(50_000, 100)
