"""Which records are one person: rules by example, and properties over any set of records."""

import random
from collections.abc import Sequence
from decimal import Decimal

import pytest
from commerce_sync.duplicates.entries import Entry, milliseconds, read_line
from commerce_sync.duplicates.grouping import Findings, find_duplicates
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.duplicates import entry

ENTRIES = st.lists(
    st.builds(
        Entry,
        record=st.sampled_from([str(number) for number in range(1, 13)]),
        has_email=st.booleans(),
        created=st.none() | st.integers(0, 3),
        last_seen=st.sampled_from(["", "2026-11-21"]),
        opt_outs=st.sampled_from([None, "", "all"]),
        marks=st.sets(
            st.sampled_from(["email:a", "email:b", "email:c", "role:i", "phone:p", "phone:q", "phone:r"]), max_size=3
        ).map(lambda marks: tuple(sorted(marks))),
    ),
    max_size=14,
)


def found(*entries: Entry, most_sharing: int = 10) -> set[tuple[str, frozenset[str]]]:
    """The reasons and the records of what is found."""
    groups = find_duplicates(lambda: entries, most_sharing).groups
    return {(group.reason, frozenset(one.record for one in group.entries)) for group in groups}


def group(reason: str, *records: str) -> tuple[str, frozenset[str]]:
    """What a group is expected to be."""
    return reason, frozenset(records)


def test_records_with_one_address_are_one_person() -> None:
    """Whether it is their first address or an additional one."""
    assert found(entry("1", "email:a"), entry("2", "email:a", "email:b"), entry("3", "email:b")) == {
        group("same_email", "1", "2", "3")
    }


def test_a_record_without_an_address_joins_the_one_with_its_phone() -> None:
    """At most one of those who share the number has an address."""
    assert found(entry("1", "email:a", "phone:p"), entry("2", "phone:p"), entry("3", "phone:p")) == {
        group("same_phone", "1", "2", "3")
    }


def test_a_number_of_two_people_with_addresses_joins_nobody() -> None:
    """Probably a family; the third may be either of them."""
    assert found(entry("1", "email:a", "phone:p"), entry("2", "email:b", "phone:p"), entry("3", "phone:p")) == {
        group("shared_phone", "1", "2", "3")
    }


def test_one_person_of_two_records_with_a_number_is_no_family() -> None:
    """What an address has joined counts once."""
    entries = [entry("1", "email:a", "phone:p"), entry("2", "email:a", "phone:p"), entry("3", "phone:p")]
    assert found(*entries) == {group("same_phone", "1", "2", "3")}


def test_an_address_that_cannot_be_read_is_an_address() -> None:
    """It may be somebody else's."""
    assert found(entry("1", "email:a", "phone:p"), entry("2", "phone:p", has_email=True)) == {
        group("shared_phone", "1", "2")
    }


def test_numbers_that_would_join_two_addresses_through_a_third_record_join_nobody() -> None:
    """Each alone looks harmless; together they would make one person of two."""
    entries = [entry("1", "email:a", "phone:p"), entry("2", "phone:p", "phone:q"), entry("3", "email:b", "phone:q")]
    assert found(*entries) == {group("phones_disagree", "1", "2", "3")}


def test_an_address_of_a_team_joins_nobody() -> None:
    """Neither by itself nor by the number of somebody who uses it."""
    entries = [entry("1", "role:i", "phone:p"), entry("2", "role:i"), entry("3", "phone:p")]
    assert found(*entries) == {group("role_address", "1", "2"), group("role_address", "1", "3")}


def test_what_too_many_share_joins_nobody() -> None:
    """A shop's own number stands on thousands of records."""
    entries = [entry(str(number), "phone:p") for number in range(1, 5)]
    assert found(*entries, most_sharing=3) == {group("shared_too_widely", "1", "2", "3", "4")}
    assert found(*entries, most_sharing=4) == {group("same_phone", "1", "2", "3", "4")}


@pytest.mark.parametrize(
    ("people", "extra", "percent"),
    [(0, 0, "0.00"), (3, 0, "0.00"), (100, 23, "23.00"), (3, 1, "33.33"), (7, 2, "28.57")],
)
def test_inflation_is_what_the_records_have_over_the_people(people: int, extra: int, percent: str) -> None:
    """(records - people) / people, exact to two digits."""
    entries = [entry(str(number), f"email:{number}") for number in range(people)]
    entries += [entry(f"copy-{number}", f"email:{number}") for number in range(extra)]
    findings = find_duplicates(lambda: entries)
    assert (findings.records, findings.people) == (people + extra, people)
    assert findings.inflation == Decimal(percent)


@given(ENTRIES, st.randoms(use_true_random=False), st.integers(1, 5))
def test_the_order_of_records_repeats_and_restarts_change_nothing(
    entries: list[Entry], shuffle: random.Random, most_sharing: int
) -> None:
    """A function of the set: pages in any order, some of them twice."""
    again = [*entries, *shuffle.sample(entries, shuffle.randint(0, len(entries)))]
    shuffle.shuffle(again)
    assert find_duplicates(lambda: again, most_sharing) == find_duplicates(lambda: entries, most_sharing)


@given(ENTRIES)
def test_names_of_records_mean_nothing(entries: list[Entry]) -> None:
    """Renaming every record renames the groups and changes nothing else."""

    def shapes(findings: Findings, *, back: bool) -> set[tuple[str, frozenset[str], tuple[str, ...]]]:
        return {
            (
                group.reason,
                frozenset(f"{100 - int(one.record)}" if back else one.record for one in group.entries),
                group.marks,
            )
            for group in findings.groups
        }

    unique = _one_state_each(entries)
    renamed = [one._replace(record=f"{100 - int(one.record)}") for one in unique]
    expected = shapes(find_duplicates(lambda: unique), back=False)
    assert shapes(find_duplicates(lambda: renamed), back=True) == expected


@given(ENTRIES, st.integers(1, 12))
def test_a_person_never_holds_two_addresses_that_nobody_shares(entries: list[Entry], most_sharing: int) -> None:
    """A phone number alone never makes one person of two named records; and nobody is two people."""
    unique = _one_state_each(entries)
    people = [group for group in find_duplicates(lambda: unique, most_sharing).groups if group.is_one_person]
    seen: set[str] = set()
    for person in people:
        records = {one.record for one in person.entries}
        assert len(records) > 1
        assert seen.isdisjoint(records)
        seen |= records
        named = [one for one in person.entries if one.has_email]
        assert _connected_by_address(named, person.entries), person
        assert not any(
            mark.startswith("role:") for one in person.entries for mark in one.marks if person.reason == "same_phone"
        )


@given(ENTRIES)
def test_a_line_of_the_spool_says_all(entries: list[Entry]) -> None:
    """Written and read again, an entry is the same."""
    assert [read_line(one.line().encode()) for one in entries] == entries


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:01Z", 1000),
        ("1970-01-01T01:00:00.5+01:00", 500),
        ("1970-01-01T00:00:01", None),
        ("soon", None),
        (None, None),
    ],
)
def test_times_are_read_with_their_zone(text: str | None, expected: int | None) -> None:
    """What has no zone says nothing."""
    assert milliseconds(text) == expected


def _one_state_each(entries: Sequence[Entry]) -> list[Entry]:
    return list({one.record: one for one in entries}.values())


def _connected_by_address(named: Sequence[Entry], everyone: Sequence[Entry]) -> bool:
    """Whether all named records reach each other over shared addresses."""
    if not named:
        return True
    reached, todo = {named[0].record}, [named[0]]
    while todo:
        addresses = {mark for mark in todo.pop().marks if mark.startswith("email:")}
        near = [one for one in everyone if one.record not in reached and addresses & set(one.marks)]
        reached |= {one.record for one in near}
        todo += near
    return {one.record for one in named} <= reached
