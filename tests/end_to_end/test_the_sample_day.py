"""What a newcomer sees first."""

from pathlib import Path

import pytest

from tests.end_to_end.conftest import run_local

pytestmark = pytest.mark.network


def test_the_sample_day_is_as_it_should_be_and_says_so(tmp_path: Path) -> None:
    """`make run`: every check of the day holds, the exit status says it, nothing is left running."""
    run = run_local(tmp_path, "run")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "the day is as it should be" in run.stdout
    assert "NO  " not in run.stdout
    assert not (tmp_path / "processes.json").exists()
    assert not (tmp_path / "stack.json").exists()
