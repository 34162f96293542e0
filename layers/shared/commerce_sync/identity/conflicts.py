"""Conflicts are states: each has a code and a rule, and shows up in ``operations explain``."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.identity.policy import is_email, is_phone, is_record

CONFLICTS: Final[Mapping[str, str]] = {
    "role_address": "A team reads this address, so it joins nobody: it is a profile of its own.",
    "shared_too_widely": "More identifiers than allowed were seen with this one, so it joins nobody.",
    "email_held_by_another": "Somebody else's record had this address before this record was seen with it: not joined.",
    "shared_phone": "People with different email addresses were seen with this phone: it joins nobody.",
    "phones_disagree": "These phones would join people with different email addresses through somebody without one.",
    "several_phones": "One person was seen with several phones. All are theirs; consent is each number's own.",
    "several_records": "One person has several records in one system: probably duplicates there.",
    "separated": "An operator separated these; evidence would join them, and is cut between them.",
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
