"""What is observed of people, with who they are and the vendors that are told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commerce_sync.aws.observed import ObservedTable
from commerce_sync.composing.identity import IdentitySettings, keys_of, people_of
from commerce_sync.config.advanced import advanced_properties
from commerce_sync.config.identity import identity_rules
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts import CanonicalEvent
from commerce_sync.contracts.advanced import AdvancedProperty, Destination
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.observed import Values
from commerce_sync.errors import PausedError, PermanentError, RetriableError
from commerce_sync.identity.facts import is_about_erased
from commerce_sync.identity.people import People
from commerce_sync.identity.persons import identifiers_of, observed
from commerce_sync.identity.policy import EMAIL, Policy, policy_of
from commerce_sync.profiles.observed import as_json, as_text
from commerce_sync.profiles.observing import Observing, Tell
from commerce_sync.vendors.hubspot import HubSpotConsentProperties
from commerce_sync.vendors.klaviyo import KlaviyoProfiles


class ObservingSettings(IdentitySettings, Protocol):
    """Where identity stands, and who is told."""

    @property
    def klaviyo_mode(self) -> str: ...  # noqa: D102
    @property
    def hubspot_mode(self) -> str: ...  # noqa: D102


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


def observing_of(
    settings: ObservingSettings,
    klaviyo: Callable[[], KlaviyoProfiles],
    hubspot: Callable[[], HubSpotConsentProperties],
    now: datetime,
) -> Observing:
    """One batch. The clients are made only where there is something to tell."""
    known = advanced_properties()
    live: dict[Destination, Tell] = {}
    if settings.klaviyo_mode == "live":
        live["klaviyo"] = lambda values: _tell_klaviyo(klaviyo(), values, known)
    if settings.hubspot_mode == "live":
        live["hubspot"] = lambda values: _tell_hubspot(hubspot(), values)
    people = ObservedPeople(people_of(settings), policy_of(identity_rules()))
    return Observing(known, ObservedTable(settings.identity_table, keys_of(settings)), people, live, now)


def _tell_klaviyo(
    profiles: KlaviyoProfiles, values: Mapping[str, Values], known: Sequence[AdvancedProperty]
) -> dict[str, PermanentError | RetriableError | None]:
    """One profile after the other; once Klaviyo asks us to wait, nobody else is told."""
    told: dict[str, PermanentError | RetriableError | None] = {}
    stopped: PausedError | None = None
    for email, theirs in values.items():
        try:
            if stopped is None:
                profiles.upsert(email, {}, as_json(theirs, known))
            told[email] = stopped
        except PausedError as error:
            told[email] = stopped = error
        except (PermanentError, RetriableError) as error:
            told[email] = error
    return told


def _tell_hubspot(
    contacts: HubSpotConsentProperties, values: Mapping[str, Values]
) -> dict[str, PermanentError | RetriableError | None]:
    """The contacts that have these as their primary address, all in one call. Others are not known there."""
    verdicts = contacts.write_by_email({email: as_text(theirs) for email, theirs in values.items()})
    return {one.address: one.refused or one.retriable for one in verdicts if not one.skipped}
