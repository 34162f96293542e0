"""Who contacts are, for those who only look: nothing is learnt of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from commerce_sync.contracts.identity_book import Identifier, Pointer
from commerce_sync.identity.contacts import ContactPeople
from commerce_sync.identity.emails import normalize_email
from commerce_sync.identity.policy import EMAIL

A_STRANGER: Final = Pointer("would be learnt")
"""Whom nobody has met, and a list may name."""


@dataclass(frozen=True)
class ContactsAsKnown(ContactPeople):
    """Answers as :class:`ContactPeople` would, by what is known already.

    A contact that was never looked at, whose further addresses make it a buyer, is a stranger here.
    """

    def klaviyo_is(self, profile_id: str, email: str) -> None:
        """Nothing is learnt."""

    def _learn(self, contacts: Sequence[Mapping[str, Any]]) -> Mapping[Identifier, Pointer]:
        emails = (normalize_email(contact["properties"].get("email") or "") for contact in contacts)
        named: list[Identifier] = [(EMAIL, email) for email in emails if email]
        return dict.fromkeys(named, A_STRANGER) | self.resolver.look_up(named)
