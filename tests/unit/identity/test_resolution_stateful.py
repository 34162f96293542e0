"""Whatever is learned, decided, repeated, lost, forgotten and raced for: who is who stays what all that folds to."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.unit.identity.random_lives import Resolution

pytestmark = pytest.mark.long


def live(lives: int, steps: int, *, same: bool) -> None:
    """So many random lives of so many steps: the same ones at every run, or ever new ones."""
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    chosen = settings(
        max_examples=lives,
        stateful_step_count=steps,
        suppress_health_check=quiet,
        report_multiple_bugs=False,
        derandomize=same,
        database=None,
    )
    run_state_machine_as_test(Resolution, settings=chosen)


def test_who_is_who_is_always_what_was_said_and_decided() -> None:
    """Lives of fifty steps, many times over. A gate that found a new one in an old rule would stop another's change."""
    live(2_000, 50, same=True)


@pytest.mark.soak
def test_who_is_who_is_what_was_said_and_decided_for_a_long_time() -> None:
    """Any life of a hundred steps, for long."""
    live(50_000, 100, same=False)
