"""The systems that the duplicates audit reads, and merges in them that identity is told of."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, Protocol

from commerce_sync.aws.audits import MergeNotes
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.clients import AccountSettings, hubspot, klaviyo
from commerce_sync.composing.identity import IdentitySettings, keys_of, resolver_of
from commerce_sync.config.identity import identity_rules
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts import SamePerson, Store
from commerce_sync.contracts.duplicates import PlannedMerge
from commerce_sync.duplicates.entries import Marking
from commerce_sync.duplicates.hubspot_refusals import refusal_properties
from commerce_sync.duplicates.merging import Merger
from commerce_sync.duplicates.sides import HubSpotSide, KlaviyoSide
from commerce_sync.errors import PausedError
from commerce_sync.identity import normalize_country, normalize_email, normalize_phone
from commerce_sync.identity.contacts import PROPERTIES, ContactPeople
from commerce_sync.identity.persons import stated
from commerce_sync.identity.policy import policy_of
from commerce_sync.observability import count
from commerce_sync.vendors.hubspot import HubSpotContacts, HubSpotProperties
from commerce_sync.vendors.klaviyo import KlaviyoProfiles

NO_TOKEN_WAIT = 300.0
TIME_TO_MERGE = 200.0
"""Seconds after which no further merge is begun."""


class MergeSettings(AccountSettings, IdentitySettings, Protocol):
    """Where identity, the vendors, their tokens and the notes of merges are."""

    @property
    def vendor_tokens_id(self) -> str: ...  # noqa: D102
    @property
    def archive_bucket(self) -> str: ...  # noqa: D102


@dataclass(frozen=True)
class TellingContacts:
    """HubSpot's contacts, of whose merges identity hears as their pages go by: what a webhook missed is found."""

    contacts: HubSpotContacts
    people: ContactPeople

    def page(self, after: str | None, properties: Sequence[str]) -> tuple[list[Mapping[str, Any]], str | None]:
        """A page, and the next one's cursor."""
        page, following = self.contacts.page(after, list(dict.fromkeys((*properties, *PROPERTIES))))
        self.people.learn_merged(page)
        return page, following

    def whole(self, contact_id: str) -> Mapping[str, Any] | None:
        """A contact with every property that holds a value."""
        return self.contacts.whole(contact_id)

    def merge(self, primary_id: str, other_id: str) -> str:
        """Merge; returns the id of what is left."""
        return self.contacts.merge(primary_id, other_id)


def side_of(system: str, settings: MergeSettings) -> HubSpotSide | KlaviyoSide:
    """A system as the audit reads it and as merges change it.

    :raises PausedError: there is no token for it.
    """
    tokens = cached_secret(settings.vendor_tokens_id).value()
    if not tokens.get(system):
        raise PausedError(f"{system} has no token", retry_after=NO_TOKEN_WAIT)
    if system == "hubspot":
        client = hubspot(settings, tokens)
        may_refuse = cache(lambda: refusal_properties(HubSpotProperties(client).names("contacts")))
        contacts = TellingContacts(
            HubSpotContacts(client),
            ContactPeople(resolver_of(settings), _account(system), partial(count, "RefusedMerges", source="hubspot")),
        )
        return HubSpotSide(contacts, _marking(system, settings), may_refuse)
    return KlaviyoSide(KlaviyoProfiles(klaviyo(settings, tokens)), _marking(system, settings))


def apply_merges(system: str, planned: Sequence[PlannedMerge], settings: MergeSettings) -> dict[str, Any]:
    """Merge in a system, and tell identity who became one there."""
    deadline = time.monotonic() + TIME_TO_MERGE

    def remember(records: Sequence[str]) -> None:
        store = _account(system)
        same = SamePerson(
            source=store.source,
            store=store.id,
            records=tuple(records),
            said_by="hubspot_merge" if system == "hubspot" else "klaviyo_merge",
            stated_at=datetime.now(UTC),
        )
        resolver_of(settings).learn(stated(same, store))

    merger = Merger(side_of(system, settings), MergeNotes(settings.archive_bucket, system), remember)
    return merger.apply(planned, lambda: time.monotonic() < deadline)


def _account(system: str) -> Store:
    """The system as a store: HubSpot's portal as it is configured; Klaviyo is one account and needs no entry."""
    portals = (store for (source, _), store in configured_stores().items() if source == system)
    return next(portals, Store(source=system, id="main"))


def _marking(system: str, settings: MergeSettings) -> Marking:
    return Marking(
        normalize_email=normalize_email,
        normalize_phone=normalize_phone,
        normalize_country=normalize_country,
        key=keys_of(settings).key,
        is_role=policy_of(identity_rules()).is_role,
        regions=tuple(dict.fromkeys(store.country for key, store in configured_stores().items() if key[0] == system)),
    )
