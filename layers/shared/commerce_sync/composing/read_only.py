"""The sources that speak of people, for whoever only looks, whatever the modes: nothing is learnt or promised."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commerce_sync.aws.observed import ObservedTable
from commerce_sync.composing.identity import keys_of, people_of, resolver_of
from commerce_sync.composing.observing import ObservedPeople
from commerce_sync.composing.order_totals import TotalsSettings, TotalsSource, person_totals
from commerce_sync.composing.telling import AN_ORDER, clock, portal
from commerce_sync.config.advanced import advanced_properties
from commerce_sync.config.identity import identity_rules
from commerce_sync.contracts.advanced import DESTINATIONS
from commerce_sync.identity.contacts import PROPERTIES
from commerce_sync.identity.contacts_as_known import ContactsAsKnown
from commerce_sync.identity.policy import policy_of
from commerce_sync.profiles.contacts import Contacts, ContactSource, Reading
from commerce_sync.profiles.looks import CONTACT, OBSERVED
from commerce_sync.profiles.observing import ObservedSource
from commerce_sync.profiles.syncing import Source


class LookingSettings(TotalsSettings, Protocol):
    """Where people, their orders and the rates are, and how long an order without one waits (seconds)."""

    @property
    def longest_retry(self) -> float: ...  # noqa: D102


@dataclass(frozen=True)
class ReadOnlySources:
    """Looks at people as profile_sync does."""

    settings: LookingSettings

    def sources(
        self, now: datetime, contacts: Callable[[], Contacts], reading: Callable[[], Reading]
    ) -> dict[str, Source]:
        """By how their subjects begin; for one batch."""
        observed = ObservedTable(self.settings.identity_table, keys_of(self.settings))
        people = ObservedPeople(people_of(self.settings), policy_of(identity_rules()))
        totals = person_totals(self.settings, now)
        return {
            CONTACT: ContactSource(
                live=True,
                contacts=contacts,
                reading=reading,
                identities=ContactsAsKnown(resolver_of(self.settings), portal()),
                identity_properties=PROPERTIES,
                clock=clock,
            ),
            OBSERVED: ObservedSource(advanced_properties(), observed, people, DESTINATIONS, now),
            AN_ORDER: TotalsSource(totals, DESTINATIONS, clock, self.settings.longest_retry),
        }
