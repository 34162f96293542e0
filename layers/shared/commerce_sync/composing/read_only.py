"""The sources that speak of people, for whoever only looks, whatever the modes: nothing is learnt or promised."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commerce_sync.aws.observed import ObservedTable
from commerce_sync.aws.traces import ORDERED, Traces
from commerce_sync.composing.identity import keys_of, people_of, resolver_of
from commerce_sync.composing.observing import ObservedPeople
from commerce_sync.composing.order_totals import TotalsSettings, TotalsSource, person_totals
from commerce_sync.composing.telling import AN_ORDER, clock, portal
from commerce_sync.config.advanced import advanced_properties
from commerce_sync.config.identity import identity_rules
from commerce_sync.contracts.advanced import DESTINATIONS
from commerce_sync.identity.contacts import PROPERTIES
from commerce_sync.identity.contacts_as_known import ContactsAsKnown
from commerce_sync.identity.policy import EMAIL, policy_of
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

    def subjects(self, people: Mapping[str, str | None]) -> dict[str, list[str]]:
        """By email address all that a look at the person may be about: the contact (its id, where there is one), what
        is observed under each identifier, each order.
        """
        keys = keys_of(self.settings)
        whose = {email: people_of(self.settings).identifiers_of_person([(EMAIL, email)]) for email in people}
        items = ObservedTable(self.settings.identity_table, keys).known(
            [one for some in whose.values() for one in some]
        )
        kept = {(str(item["kind"]), str(item["whose"])) for item in items}
        traces = Traces(self.settings.traces_table, keys)
        found: dict[str, list[str]] = {}
        for email, identifiers in whose.items():
            orders = (trace.removeprefix(ORDERED) for trace in traces.of(identifiers) if trace.startswith(ORDERED))
            found[email] = [
                *([f"{CONTACT}{people[email]}"] if people[email] else []),
                *(f"{OBSERVED}{keys.keys(one)[0]}" for one in identifiers if one in kept),
                *orders,
            ]
        return found


def kind_of(subject: str) -> str:
    """Which source a subject is one of."""
    return next((prefix for prefix in (CONTACT, OBSERVED) if subject.startswith(prefix)), AN_ORDER)


def enough(subjects: Iterable[str]) -> list[str]:
    """One subject of each source: any of a person's orders leads to all of them, as what is observed does."""
    first: dict[str, str] = {}
    for subject in subjects:
        first.setdefault(kind_of(subject), subject)
    return list(first.values())
