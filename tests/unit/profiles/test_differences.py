"""What is news to a destination: only what differs from what was confirmed, or what nobody is sure of."""

from commerce_sync.contracts.told import Told
from commerce_sync.profiles.differences import begun, confirmed, is_overtaken, is_refused_still, news, refused
from hypothesis import given
from hypothesis import strategies as st

VALUES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["1", "2", None]))


def test_only_what_differs_is_sent() -> None:
    """New, changed and to be cleared; what is there already, and what was never there, stay out."""
    told = Told({"a": "1", "b": "2", "c": "3", "d": None})
    assert news({"a": "1", "b": "9", "c": None, "d": None, "e": "5", "f": None}, told) == {
        "b": "9",
        "c": None,
        "e": "5",
    }
    assert news({"a": "1"}, told) == {}, "what is not wanted is left as it is"


def test_a_field_that_is_told_once_is_never_told_again() -> None:
    """Where it has a value."""
    assert news({"a": "2", "b": "2"}, Told({"a": "1"}), frozenset({"a", "b"})) == {"b": "2"}


@given(has=VALUES, doubt=VALUES, wanted=VALUES)
def test_after_a_write_everything_wanted_is_there_and_nothing_else_is_touched(
    has: dict[str, str | None], doubt: dict[str, str | None], wanted: dict[str, str | None]
) -> None:
    """Applied to whatever the destination has, in doubt or not; and the next look finds no news."""
    told = Told(has, doubt, revision=3)
    found = news(wanted, told)
    there = {**has, **doubt}
    after = {**there, **found}
    assert {name: after.get(name) for name in wanted} == wanted
    assert all(after[name] == value for name, value in there.items() if name not in wanted)
    note = begun(told, found)
    assert note.revision == 4
    assert news(wanted, note).keys() >= found.keys(), "a crash leaves it in doubt"
    assert news(wanted, confirmed(note, found)) == {}


def test_what_was_refused_is_not_sent_again_until_something_changes() -> None:
    """The very same values are not; others are, and so is a value that goes back."""
    note = refused(begun(Told({"a": "1"}), {"a": "x"}), "klaviyo 400 invalid")
    assert is_refused_still(note, news({"a": "x"}, note))
    assert not is_refused_still(note, news({"a": "y"}, note))
    assert news({"a": "1"}, note) == {"a": "1"}
    assert not is_refused_still(confirmed(begun(note, {"a": "y"}), {"a": "y"}), {})


def test_the_newest_reading_is_kept() -> None:
    """By source; a write that says nothing of its age makes nothing younger."""
    told = Told(versions={"contact": "2"})
    assert begun(told, {"a": "1"}).versions == {"contact": "2"}
    assert begun(told, {"a": "1"}, {"contact": "3", "totals": "1"}).versions == {"contact": "3", "totals": "1"}
    assert is_overtaken(told, {"contact": "1"})
    assert not is_overtaken(told, {"contact": "2", "totals": "0"})
