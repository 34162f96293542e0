"""Tells who is who after the day: so many people, who was joined and why, and what keeps others apart."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from local.sample_day.expected_people import unusable_phones
from local.sample_day.outcome import Outcome
from local.sample_day.people_checks import Profile, profiles_of
from local.sample_day.story import Story
from local.sample_day.wording import line, several

SHOPS = ("shopify:", "own:")
CRM = "hubspot:"


def who_is_who(story: Story, outcome: Outcome) -> list[str]:
    """The section of that name. Every number but the last is counted in what ``explain`` answered."""
    profiles = list(profiles_of(outcome).values())
    people = [one for one in profiles if _has(one, "email#", *SHOPS, CRM)]
    emails, phones = (sum(_count(one, kind) for one in people) for kind in ("email#", "phone#"))
    records, contacts = (sum(_count(one, *kinds) for one in people) for kinds in (SHOPS, (CRM,)))
    by = (
        several(emails, "email address", "email addresses"),
        several(phones, "phone of their own", "phones of their own"),
        several(records, "customer record of a shop", "customer records of shops"),
        several(contacts, "contact id of HubSpot", "contact ids of HubSpot (a merged contact keeps both)"),
    )
    return [
        "",
        f"WHO IS WHO: {several(len(people), 'person', 'people')}",
        f"  known by {', '.join(by)}",
        "  Who was joined, and why",
        *_joined(people, outcome),
        "  What keeps people apart, or wants a look: how many people, and the rule as operations explain gives it",
        *_conflicts(profiles),
        "  What joins nobody",
        line(unusable_phones(story), "phone numbers that cannot exist (area code 555): kept as written, as not valid"),
    ]


def _joined(people: Collection[Profile], outcome: Outcome) -> Iterator[str]:
    shoppers = [one for one in people if _has(one, *SHOPS)]
    with_crm = sum(_has(one, CRM) for one in shoppers)
    abroad = sum(len({_kind(text) for text in one["identifiers"] if text.startswith(SHOPS)}) > 1 for one in shoppers)
    stated = sum(_was_merged_by(one, CRM, "stated") for one in people)
    yield line(with_crm, "in a shop and in HubSpot: one email address, so both records are one person's")
    yield line(abroad, "in two shops, with a customer number in each: again one email address")
    yield line(stated, "twice in HubSpot, by two addresses: its staff merged the contacts, and HubSpot's word counts")
    undone = len(outcome.undone.before)
    yield line(undone, "merged by an operator by mistake, who undid it: two people again, as before")


def _conflicts(profiles: Iterable[Profile]) -> Iterator[str]:
    """Each conflict once, with how many people it is about."""
    found: dict[tuple[str, str], set[str]] = {}
    for profile in profiles:
        for conflict in profile["conflicts"]:
            touched = found.setdefault((conflict["code"], conflict["rule"]), set())
            touched |= {profile["profile_id"]} if _has(profile, "email#", *SHOPS, CRM) else set()
    for (code, rule), touched in sorted(found.items()):
        yield line(len(touched), f"{code}: {rule}")


def _was_merged_by(profile: Profile, by: str, why: str) -> bool:
    return any(
        change["kind"] == "merged" and change["by"].startswith(by) and change["why"] == why
        for change in profile["history"]
    )


def _has(profile: Mapping[str, Collection[str]], *kinds: str) -> bool:
    return _count(profile, *kinds) > 0


def _count(profile: Mapping[str, Collection[str]], *kinds: str) -> int:
    return sum(text.startswith(kinds) for text in profile["identifiers"])


def _kind(identifier: str) -> str:
    return identifier.partition("#")[0]
