"""Conflicts are states: each has a code and a rule, and shows up in ``operations explain``."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from commerce_sync.contracts.identity_book import Identifier, Separation
from commerce_sync.identity.policy import is_email, is_phone, is_record
from commerce_sync.identity.units import Units

CONFLICTS: Final[Mapping[str, str]] = {
    "role_address": "A team reads this address, so it joins nobody: it is a profile of its own.",
    "shared_too_widely": "More identifiers than allowed were seen with this one, so it joins nobody.",
    "email_held_by_another": "A record was seen with this address, which somebody else's record holds: not joined.",
    "shared_phone": "People with different email addresses were seen with this phone: it joins nobody.",
    "phones_disagree": "These phones would join people with different email addresses through somebody without one.",
    "several_phones": "One person was seen with several phones. All are theirs; consent is each number's own.",
    "several_records": "One person has several records in one system: probably duplicates there.",
    "separated_but_joined": "An operator separated these, and other evidence joins them: look at the links.",
}
"""Each conflict's code and its rule, as ``operations explain`` says it."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A state that needs eyes: its code and whom it is about, what it turns on first."""

    code: str
    identifiers: tuple[Identifier, ...]


def of_profiles(profiles: Iterable[frozenset[Identifier]]) -> Iterable[Conflict]:
    """What is worth knowing about profiles as they came out."""
    for profile in sorted(profiles, key=min):
        phones = sorted(filter(is_phone, profile))
        if len(phones) > 1 and any(map(is_email, profile)):
            yield Conflict("several_phones", tuple(phones))
        yield from (Conflict("several_records", tuple(records)) for records in _alike(profile, is_record))


def _alike(profile: Iterable[Identifier], chosen: Callable[[Identifier], bool]) -> Iterable[list[Identifier]]:
    kinds: dict[str, list[Identifier]] = defaultdict(list)
    for identifier in sorted(filter(chosen, profile)):
        kinds[identifier[0]].append(identifier)
    return [alike for alike in kinds.values() if len(alike) > 1]


def rejoined(units: Units, separations: Iterable[Separation]) -> Iterable[Conflict]:
    """Whom an operator separated, and other evidence joins all the same."""
    told = set()
    for separation in separations:
        for at, group in enumerate(separation.groups):
            others = {units.of(one) for other in separation.groups[at + 1 :] for one in other if one in units}
            back = sorted(one for one in group if one in units and units.of(one) in others)
            told |= {Conflict("separated_but_joined", (one,)) for one in back}
    return sorted(told, key=lambda conflict: conflict.identifiers)
