"""What holds of a person is a fold over a set of sayings, and what is written is the difference."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from commerce_sync.contracts.advanced import AdvancedProperty, Said
from commerce_sync.profiles.observed import held, newest, next_end
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
KNOWN = (
    AdvancedProperty(
        name="tier", label="Tier", owner="a", type="text", options=("x", "y"), klaviyo="k_tier", hubspot="h"
    ),
    AdvancedProperty(name="score", label="Score", owner="a", type="number", klaviyo="k_score"),
    AdvancedProperty(name="held", label="Held", owner="a", type="boolean", klaviyo="k_held"),
)
MOMENTS = st.integers(-3, 3).map(lambda hours: NOW + timedelta(hours=hours))
SAID = st.builds(Said, st.sampled_from([None, "x", "y"]), MOMENTS, st.none() | MOMENTS)
SAYING = st.dictionaries(st.sampled_from(["tier", "score"]), SAID, max_size=2)


@given(st.lists(SAYING, max_size=4))
def test_the_order_of_what_was_said_never_matters(sayings: list[dict[str, Said]]) -> None:
    """Nor how often it was said; of one moment every order chooses the same."""
    expected = newest(sayings)
    assert all(newest([*order, *order]) == expected for order in permutations(sayings))
    assert all(
        said.observed_at == max(one[name].observed_at for one in sayings if name in one)
        for name, said in expected.items()
    )


@given(st.lists(SAID, min_size=1, max_size=4))
def test_versions_sort_as_times_do(sayings: list[Said]) -> None:
    """The table compares texts, and must choose as the fold does."""
    latest = max(sayings, key=lambda said: said.version)
    assert latest.observed_at == max(said.observed_at for said in sayings)


def test_a_value_that_is_taken_back_at_its_own_moment_is_gone() -> None:
    """Whichever comes first."""
    value, back = {"tier": Said("x", NOW)}, {"tier": Said(None, NOW)}
    assert held(newest([value, back]), KNOWN, "klaviyo", NOW) == {}
    assert held(newest([back, value]), KNOWN, "klaviyo", NOW) == {}


def test_a_value_holds_until_its_end_and_not_at_it() -> None:
    """An older value does not come back when a newer one ends."""
    ends = NOW + timedelta(hours=1)
    sayings = newest([{"tier": Said("x", NOW - timedelta(days=1))}, {"tier": Said("y", NOW, ends)}])
    assert held(sayings, KNOWN, "klaviyo", ends - timedelta(microseconds=1)) == {"k_tier": "y"}
    assert held(sayings, KNOWN, "klaviyo", ends) == {}
    assert next_end(sayings, NOW) == ends
    assert next_end(sayings, ends) is None


def test_a_property_goes_only_where_it_has_a_name() -> None:
    """And one that the configuration dropped goes nowhere."""
    sayings = {"tier": Said("x", NOW), "score": Said("1", NOW), "gone": Said("1", NOW)}
    assert held(sayings, KNOWN, "hubspot", NOW) == {"h": "x"}
    assert held(sayings, KNOWN, "klaviyo", NOW) == {"k_tier": "x", "k_score": "1"}
