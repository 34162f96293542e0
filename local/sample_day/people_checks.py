"""Compares who is who by ``operations explain`` with who is who in the story."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.sample_day.asking import OPERATOR, Explained
from local.sample_day.cast import ABROAD, IN_TWO_STORES, MET_TWICE
from local.sample_day.expected_people import (
    Group,
    address_of,
    expected_people,
    family_addresses,
    record_of,
    shared_phone,
)
from local.sample_day.outcome import Check, Outcome
from local.sample_day.story import Story

VENDORS = ("hubspot:", "klaviyo")
Profile = Mapping[str, Any]


def people_checks(story: Story, outcome: Outcome) -> Iterator[Check]:
    """Everything that must hold about people."""
    yield Check("everybody is one person: nobody is two, no two are one", _groups(story, outcome))
    yield Check("who buys in two stores with one email address is one person everywhere", _two_stores(story, outcome))
    yield Check("two people with one phone stay two, and the conflict says why", _shared(outcome))
    yield Check("two contacts merged in HubSpot are one person, and the history says who said so", _met_twice(outcome))
    yield Check("an operator's merge by mistake is undone: both are who they were", _undone(outcome))


def profiles_of(outcome: Outcome) -> dict[str, Profile]:
    """Every profile that ``explain`` named, by its id."""
    return {one["profile_id"]: one for answer in outcome.people.values() for one in answer["profiles"]}


def _groups(story: Story, outcome: Outcome) -> list[str]:
    """The vendors' own records are left out: the story does not know their ids."""
    expected = expected_people(story)
    found = {_without_vendors(profile) for profile in profiles_of(outcome).values()}
    unknown = [f"unknown: {one}" for one, answer in outcome.people.items() if not answer["profiles"]]
    missing = [f"not one person: {', '.join(sorted(group))}" for group in expected - found]
    return [*unknown, *missing, *(f"one person: {', '.join(sorted(group))}" for group in found - expected)]


def _without_vendors(profile: Profile) -> Group:
    return frozenset(one for one in profile["identifiers"] if not one.startswith(VENDORS))


def _with(outcome: Outcome, identifier: str) -> Profile:
    """The profile that holds an identifier; an empty one where none does."""
    nobody: Profile = {"profile_id": "", "identifiers": [], "conflicts": [], "history": []}
    return next((one for one in profiles_of(outcome).values() if identifier in one["identifiers"]), nobody)


def _two_stores(story: Story, outcome: Outcome) -> list[str]:
    records = {record_of("shopify:us", IN_TWO_STORES), record_of("shopify:eu", ABROAD)}
    held = set(_with(outcome, address_of(IN_TWO_STORES))["identifiers"])
    orders = {order.key for someone in (IN_TWO_STORES, ABROAD) for order in story.bought_by(someone)}
    bought = {one["profile_id"]: one["unique_id"] for one in outcome.klaviyo["events"] if one["unique_id"] in orders}
    wrong = [] if records <= held else [f"records of somebody else: {', '.join(sorted(records - held))}"]
    return wrong + ([] if len(bought) == 1 else [f"the orders of {len(bought)} profiles in Klaviyo"])


def _shared(outcome: Outcome) -> list[str]:
    three = {one: _with(outcome, one) for one in (*family_addresses(), shared_phone())}
    profiles = len({profile["profile_id"] for profile in three.values()})
    silent = [one for one, profile in three.items() if "shared_phone" not in _codes(profile)]
    wrong = [] if profiles == len(three) else [f"{profiles} profiles for two people and their phone"]
    return wrong + [f"no conflict told of {one}" for one in silent]


def _codes(profile: Profile) -> set[str]:
    return {conflict["code"] for conflict in profile["conflicts"]}


def _met_twice(outcome: Outcome) -> list[str]:
    emails = {f"email#{one.email}" for one in MET_TWICE}
    told = [
        change
        for change in _with(outcome, min(emails))["history"]
        if change["kind"] == "merged"
        and (change["by"].partition(":")[0], change["why"]) == ("hubspot", "stated")
        and sorted(len(emails & set(side["identifiers"])) for side in change["before"]) == [1, 1]
        and emails <= set(change["after"][0]["identifiers"])
    ]
    return [] if told else ["the history tells of no merge by HubSpot that joined the two addresses"]


def _undone(outcome: Outcome) -> list[str]:
    undone = outcome.undone
    wrong = [] if len(set(map(_who, undone.merged.values()))) == 1 else ["the merge did not make them one"]
    for identifier, before in undone.before.items():
        after = undone.after[identifier]
        if _who(after) != _who(before):
            wrong.append(f"not as before: {identifier}")
        told = {(change["kind"], change["by"]) for one in after["profiles"] for change in one["history"]}
        if not {("merged", OPERATOR), ("split", OPERATOR)} <= told:
            wrong.append(f"the history does not tell of it: {identifier}")
    return wrong + (["they were one before"] if len(set(map(_who, undone.before.values()))) == 1 else [])


def _who(answer: Explained) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((one["profile_id"], tuple(one["identifiers"])) for one in answer["profiles"])
