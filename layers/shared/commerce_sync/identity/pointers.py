"""Pointers: each can be told from its neighbourhood, so none is ever half known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commerce_sync.contracts.identity_book import Identifier, Link, Neighbourhood, Pointer, identifier_of, text_of
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.identity.policy import Policy

MOVING = "moving"
"""The policy of a pointer that stands under an older pepper: whatever is learnt of it is written under the newer."""


@dataclass(frozen=True)
class Pointers:
    """Makes pointers under keys and a policy."""

    keys: IdentifierKeys
    policy: Policy

    def of(self, neighbourhood: Neighbourhood) -> dict[str, Pointer]:
        """Every member's pointer, by its text. Where a store has named one of a profile, it has met that profile."""
        wide = set(neighbourhood.wide)
        named = set(neighbourhood.met)
        met = {neighbourhood.members[text] for text in named}
        links: dict[str, dict[str, str]] = {text: {} for text in neighbourhood.members}
        for link in neighbourhood.links:
            holder = text_of(self.holder(link, wide))
            if holder in links:
                links[holder][self.name(link)] = link.at.isoformat()
        return {
            text: Pointer(
                profile_id=profile,
                neighbourhood_id=neighbourhood.neighbourhood_id,
                wide=identifier_of(text) in wide,
                met=profile in met,
                named=text in named,
                policy=neighbourhood.policy,
                links=links[text],
                erased_at=neighbourhood.erased.get(text),
            )
            for text, profile in neighbourhood.members.items()
        }

    def changed(self, read: Sequence[Neighbourhood], after: Sequence[Neighbourhood]) -> dict[str, Pointer]:
        """The pointers that are not what they were, by the key to write them under."""
        known = {text: pointer for one in read for text, pointer in self.of(one).items()}
        now = {text: pointer for one in after for text, pointer in self.of(one).items()}
        changed = {text: pointer for text, pointer in now.items() if known.get(text) != pointer}
        return {self.keys.key(identifier_of(text)): pointer for text, pointer in changed.items()}

    def holder(self, link: Link, wide: Iterable[Identifier]) -> Identifier:
        """Which end answers for a link: its center, or the other where the center is not passed through."""
        return link.other if link.basis != "decided" and self.is_barred(link.center, wide) else link.center

    def is_barred(self, identifier: Identifier, wide: Iterable[Identifier]) -> bool:
        """Whether links do not go through this one."""
        return identifier in wide or self.policy.is_role(identifier)

    def name(self, link: Link) -> str:
        """A link's name on the pointer that answers for it."""
        return f"{link.basis}#{self.keys.key(link.center)}#{self.keys.key(link.other)}"
