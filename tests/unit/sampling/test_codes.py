"""Every state of a field has exactly one reason, and each reason is given only where it is true."""

from dataclasses import replace
from itertools import product
from typing import Any, get_args

import pytest
from commerce_sync.contracts.samples import ALIKE, Code
from commerce_sync.sampling.codes import MEANINGS, NOT_COMPARED, UNEXPLAINED, Facts, Owner, code_of
from hypothesis import given
from hypothesis import strategies as st

VALUES = (None, "ada", "bo")
values = st.sampled_from((*VALUES, "cy"))


def possible(one: Facts) -> Facts:
    """What was never told has no told value, and nothing stands in a record that there is not."""
    one = one if one.was_told else replace(one, told=None)
    return one if one.has_record else replace(one, there=None, beside=None)


flags = st.booleans()
facts = st.builds(
    Facts,
    owner=st.sampled_from(get_args(Owner)),
    made=values,
    told=values,
    was_told=flags,
    there=values,
    beside=values,
    doubted=flags,
    refused=flags,
    is_due=flags,
    was_moved=flags,
    is_settled=flags,
    is_live=flags,
    has_record=flags,
    creates=flags,
    is_phone=flags,
    is_once=flags,
    goes_back=flags,
).map(possible)


def told(made: str | None, confirmed: str | None, there: str | None, **more: Any) -> Facts:
    """An ordinary field that was told."""
    return Facts("says", made, confirmed, was_told=True, there=there, **more)


@given(facts)
def test_every_state_has_one_reason_with_a_meaning(one: Facts) -> None:
    """Nothing falls through, and nothing raises."""
    assert code_of(one) in MEANINGS


@given(facts)
def test_equal_is_said_only_where_both_sides_are(one: Facts) -> None:
    """And always where they are: whatever else is known, a value that stands there is there."""
    is_equal = one.owner == "says" and one.made is not None and one.made == one.there
    assert (code_of(one) == "equal") == is_equal


@given(facts)
def test_no_value_at_either_has_none_at_either(one: Facts) -> None:
    """Neither its owner nor the destination."""
    if code_of(one) == "no_value_at_either":
        assert (one.made if one.owner == "says" else None) is None
        assert one.there is None


@given(facts)
def test_an_edit_at_the_destination_is_said_only_of_what_was_confirmed(one: Facts) -> None:
    """Not of what was never told, is in doubt, or was told while we looked; and not where both are alike."""
    if code_of(one) == "changed_at_destination":
        assert one.was_told
        assert not one.doubted
        assert not one.was_moved
        assert one.there != one.told
        assert one.owner == "silent" or one.told == one.made


@given(facts)
def test_waiting_means_that_something_is_on_its_way(one: Facts) -> None:
    """A difference is not explained away: there is a look that is due, or a telling that is not over."""
    if code_of(one) == "waiting":
        assert one.is_due or one.was_moved or (one.doubted and not one.refused)


@given(facts)
def test_parked_means_that_the_vendor_refused_just_this(one: Facts) -> None:
    """What another field was refused for says nothing of this one."""
    if code_of(one) == "parked":
        assert one.refused
        assert one.doubted


@given(facts)
def test_missed_means_that_nobody_will_tell_it(one: Facts) -> None:
    """It was told before, its owner has something else for long, nothing is due, and the destination hears us."""
    if code_of(one) == "missed":
        assert (one.was_told, one.is_settled, one.is_live) == (True, True, True)
        assert one.told != one.made
        assert {one.is_due, one.doubted, one.was_moved} == {False}


@given(facts)
def test_a_rule_keeps_only_what_one_covers(one: Facts) -> None:
    """No rule: no word of it."""
    if code_of(one) == "kept_by_rule":
        never_cleared = one.owner == "silent" or (one.made is None and not one.was_told)
        assert never_cleared or one.is_once or one.goes_back or one.is_phone


@given(facts)
def test_who_is_not_told_has_the_reason_that_is_his(one: Facts) -> None:
    """Whatever stands anywhere."""
    reasons = {"nobody": "no_contact", "unselected": "not_selected", "unreadable": "unreadable"}
    if one.owner in reasons:
        assert code_of(one) == reasons[one.owner]


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (told("ada", "ada", "ada"), "equal"),
        (told("ada", "ada", "bo"), "changed_at_destination"),
        (told("ada", "ada", None), "changed_at_destination"),
        (told("ada", "ada", "bo", is_due=True), "changed_at_destination"),
        (told("ada", "ada", "bo", was_moved=True), "waiting"),
        (told("bo", "ada", "ada", is_due=True), "waiting"),
        (told("bo", "ada", "ada", doubted=True), "waiting"),
        (told("bo", "ada", "ada", doubted=True, refused=True), "parked"),
        (told("bo", "ada", "ada", refused=True), "changed_at_owner"),
        (told("bo", "ada", "ada"), "changed_at_owner"),
        (told("bo", "ada", "ada", is_settled=True), "missed"),
        (told("bo", "ada", "ada", is_live=False), "not_live"),
        (told("bo", "ada", "ada", is_once=True), "kept_by_rule"),
        (told("ada", "bo", "bo", goes_back=True), "kept_by_rule"),
        (told(None, "ada", "ada", is_settled=True), "missed"),
        (told(None, None, "ada"), "changed_at_destination"),
        (told(None, None, None), "no_value_at_either"),
        (Facts("says", "ada"), "not_told_yet"),
        (Facts("says", "ada", is_due=True), "waiting"),
        (Facts("says", "ada", is_live=False), "not_live"),
        (Facts("says", None, there="ada"), "kept_by_rule"),
        (Facts("says", "ada", has_record=False, creates=False), "no_contact"),
        (Facts("says", "ada", has_record=False), "not_told_yet"),
        (Facts("says", "+1", there="+2", is_phone=True, beside="+1"), "kept_by_rule"),
        (told("+1", "+1", "+2", is_phone=True), "changed_at_destination"),
        (Facts("silent"), "no_value_at_either"),
        (Facts("silent", there="ada"), "kept_by_rule"),
        (Facts("silent", told="ada", was_told=True, there="ada"), "kept_by_rule"),
        (Facts("silent", told="ada", was_told=True, there="bo"), "changed_at_destination"),
        (Facts("silent", told="ada", was_told=True), "changed_at_destination"),
        (Facts("silent", told="+1", was_told=True, there="+2", is_phone=True, beside="+1"), "kept_by_rule"),
        (Facts("unasked"), "not_read"),
        (Facts("unasked", is_due=True), "waiting"),
        (Facts("unreadable", there="ada", told="ada", was_told=True), "unreadable"),
    ],
)
def test_the_reasons_of_everyday(one: Facts, code: Code) -> None:
    """As the meanings say them."""
    assert code_of(one) == code


def test_every_reason_is_given_somewhere_and_all_have_a_meaning() -> None:
    """A code that nothing leads to would be a promise that nobody keeps."""
    flags = [True, False]
    found = {
        code_of(
            possible(Facts(owner, made, confirmed, was, there, doubted, refused, due, is_settled=old, is_live=live))
        )
        for owner, made, confirmed, there in product(get_args(Owner), VALUES, VALUES, VALUES)
        for was, doubted, refused, due, old, live in product(*[flags] * 6)
    }
    assert found == set(MEANINGS) == set(get_args(Code))
    assert UNEXPLAINED.isdisjoint(ALIKE | NOT_COMPARED)
