"""Each mistake that somebody could make in the rules is noticed: the checks of the fold are worth something."""

import pytest
from commerce_sync.consent import fold

from tests.unit.consent.exhibits import first_wrong
from tests.unit.consent.mutants import MUTANTS, Mutant, living

ENOUGH = 30


def test_the_shipped_fold_is_right_about_every_exhibit() -> None:
    """Else nothing below means anything."""
    assert first_wrong(fold) is None


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mistake_is_noticed(mutant: Mutant) -> None:
    """A mutant that answers as the rules do on every exhibit would ship unseen."""
    with living(mutant) as mistaken:
        assert first_wrong(mistaken) is not None, f"{mutant.name}: survived"


def test_there_are_enough_mutants_and_the_undated_opt_out_is_among_them() -> None:
    """That one survived an earlier set of properties."""
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= ENOUGH
    assert any(mutant.name == "an opt-out without a time takes the earliest time" for mutant in MUTANTS)
