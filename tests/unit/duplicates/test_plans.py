"""Plans: who stays, and who is never planned for a merge."""

import pytest
from commerce_sync.duplicates.entries import Entry
from commerce_sync.duplicates.reporting import plan
from commerce_sync.duplicates.survivors import age_order, why_not

from tests.fakes.duplicates import entry
from tests.unit.duplicates.accounts import ANA, COPY, reported


def test_the_survivor_has_an_address_then_is_the_oldest_then_has_the_smallest_id() -> None:
    """Ids that are numbers are compared as numbers; an unknown age is the youngest."""
    order = [
        entry("9", has_email=True),
        entry("10", has_email=True),
        entry("1", has_email=True, created=2),
        entry("2", has_email=True, created=None),
        entry("3", created=0),
    ]
    assert sorted(set(order), key=age_order) == order


@pytest.mark.parametrize(
    ("survivor", "other", "refusal"),
    [
        (ANA, COPY, None),
        (ANA, COPY._replace(opt_outs="all"), "consent_differs"),
        (ANA._replace(opt_outs="77"), COPY._replace(opt_outs="all"), "consent_differs"),
        (ANA._replace(opt_outs="all"), COPY._replace(opt_outs="all"), None),
        (ANA, COPY._replace(opt_outs=None), "consent_unknown"),
        (ANA._replace(opt_outs=None), COPY._replace(opt_outs=None), "consent_unknown"),
        (ANA, COPY._replace(has_email=True), "only_through_others"),
        (ANA._replace(marks=("phone:p", "role:i")), COPY, "only_through_others"),
        (ANA, COPY._replace(marks=("phone:q",)), "only_through_others"),
        (ANA, COPY._replace(marks=("email:a",), has_email=True), None),
    ],
)
def test_two_records_are_merged_only_when_both_refused_the_same(
    survivor: Entry, other: Entry, refusal: str | None
) -> None:
    """And share what makes them one person, directly."""
    assert why_not(survivor, other) == refusal


def test_a_report_says_who_would_stay_and_why() -> None:
    """And which merges that makes, and which are refused."""
    told = reported(ANA, COPY, entry("800", "phone:p", opt_outs="all"), entry("900", "email:z"))
    (group,) = told["groups"]
    assert (told["records"], told["people"], told["inflation_percent"], told["merges"]) == (4, 2, "100.00", 1)
    assert (group["reason"], group["survivor"], group["why"]) == ("same_phone", "501", "only_with_email")
    assert (group["merges"], group["refused"]) == (["777"], {"800": "consent_differs"})
    assert told["date"] == "2026-11-22T03:17:00+00:00"


def test_what_is_only_listed_is_never_planned() -> None:
    """Families, teams, what too many share, and numbers that disagree."""
    family = [ANA, COPY._replace(has_email=True)]
    team = [entry("1", "role:i"), entry("2", "role:i")]
    wide = [entry(f"w{number}", "phone:w") for number in range(11)]
    told = reported(*family, *team, *wide)
    assert {group["reason"] for group in told["groups"]} == {"shared_phone", "role_address", "shared_too_widely"}
    assert (plan(told["groups"], 100), told["merges"]) == ([], 0)


def test_a_plan_has_at_most_as_many_merges_as_it_may() -> None:
    """In the report's order; or those of one group."""
    entries = [entry(f"{number}", f"email:{number % 3}", created=number) for number in range(9)]
    told = reported(*entries)
    assert [one.other for one in plan(told["groups"], 3)] == ["3", "6", "4"]
    last = told["groups"][-1]["group"]
    assert {one.group for one in plan(told["groups"], 100, last)} == {last}
