"""Whom observations are about, and who they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts import CanonicalEvent
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.identity.facts import is_about_erased
from commerce_sync.identity.people import People
from commerce_sync.identity.persons import identifiers_of, observed
from commerce_sync.identity.policy import EMAIL, Policy


@dataclass(frozen=True)
class ObservedPeople:
    """Fits :class:`commerce_sync.profiles.observing.Observed`."""

    people: People
    policy: Policy

    def subject_of(self, event: CanonicalEvent) -> Identifier | None:
        """Whom an event is about; None where they asked to be forgotten since, or are nobody."""
        store = configured_stores()[event.source, event.store]
        identifiers = identifiers_of(event.person, store, self.policy) if event.person else ()
        if not identifiers:
            return None
        fact = observed(identifiers, event.occurred_at, f"{event.source}:{event.store}")
        pointers = self.people.resolver.look_up(identifiers)
        return None if is_about_erased(fact, pointers, self.policy) else identifiers[0]

    def person_of(self, identifier: Identifier) -> tuple[Sequence[Identifier], Sequence[str]]:
        """Every identifier of the person, and those of their email addresses that a store has met."""
        found = self.people.identifiers_of_person([identifier])
        emails = [one for one in found if one[0] == EMAIL]
        pointers = self.people.resolver.look_up(emails)
        return found, [value for kind, value in emails if (at := pointers.get((kind, value))) and at.met]
