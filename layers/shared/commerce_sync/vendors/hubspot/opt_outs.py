"""Which contacts opted out of which kinds of email, by HubSpot's read-only ``hs_email_optout*`` properties.

They carry no time of their own: for the baseline it is read from their history, and else from the statuses of
:mod:`commerce_sync.vendors.hubspot.statuses`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.contacts import HubSpotContacts
from commerce_sync.vendors.hubspot.searching import CONTACTS, HubSpotSearch, changed_since, fits
from commerce_sync.vendors.hubspot.statuses import moment_of

OPT_OUT = "hs_email_optout"
ALL_KINDS = "*"
ALWAYS = ("email", "hs_additional_emails", "lastmodifieddate")
OURS = {"email": "sync_email_consent", "sms": "sync_sms_consent"}
"""By channel, the property by which we say what the ledger says (:mod:`.consent_properties`)."""
PHONES = ("phone", "mobilephone")


@dataclass(frozen=True, slots=True)
class ContactOptOuts:
    """A contact's opt-outs: ids of subscriptions, or ``*`` for every kind.

    ``since`` gives the times that are known, by the same names. ``untold`` are the channels of which our properties say
    nothing: the contact is younger than what we told, or was never told of. Only :meth:`HubSpotOptOuts.changed` reads
    them, with the phone numbers by the properties that hold them. Which of a contact's several addresses said so,
    HubSpot does not tell here: the statuses of each do.
    """

    contact_id: str
    email: str
    additional_emails: tuple[str, ...]
    modified_at: datetime | None
    opted_out: frozenset[str]
    since: Mapping[str, datetime] = field(default_factory=dict)
    phones: Mapping[str, str] = field(default_factory=dict)
    country: str = ""
    untold: frozenset[str] = frozenset()


class HubSpotOptOuts:
    """Reads them; a page may be read again at any time."""

    def __init__(self, hubspot: HubSpot, subscription_ids: Sequence[str]) -> None:
        self._search = HubSpotSearch(hubspot)
        self._contacts = HubSpotContacts(hubspot)
        self._names = [OPT_OUT, *(f"{OPT_OUT}_{one}" for one in subscription_ids)]

    def changed(self, start: datetime, last_id: str | None) -> tuple[list[ContactOptOuts], str | None]:
        """Contacts modified at ``start`` or after it, and the id to go on behind, or None at the end.

        The index lags: windows must overlap.
        """
        changed = changed_since(CONTACTS, start)
        wanted = [*ALWAYS, *self._names, *OURS.values(), *PHONES, "country"]
        at_once = fits(changed, wanted)
        results, following = self._search.behind(CONTACTS, changed, last_id, wanted if at_once else ["email"])
        contacts = results if at_once else self._contacts.read([str(one["id"]) for one in results], wanted)
        return [self._opt_outs(contact) for contact in contacts], following

    def page(self, after: str | None) -> tuple[list[ContactOptOuts], str | None]:
        """A page of all contacts in the order of their ids, opt-outs dated by their history, and the next cursor."""
        contacts, following = self._contacts.page(after, ALWAYS, history=self._names)
        return [self._opt_outs(contact) for contact in contacts], following

    def dated(self, contact_ids: Sequence[str]) -> list[ContactOptOuts]:
        """These contacts with their opt-outs dated by their history; those that are gone are absent."""
        contacts = self._contacts.read(contact_ids, [*ALWAYS, *self._names], history=self._names)
        return [self._opt_outs(contact) for contact in contacts]

    def _opt_outs(self, contact: Mapping[str, Any]) -> ContactOptOuts:
        properties = contact["properties"]
        histories = contact.get("propertiesWithHistory") or {}
        since = {
            _kind(name): moment
            for name in self._names
            if (moment := opted_out_since(histories.get(name) or [])) is not None
        }
        shown = {name: _current(histories.get(name) or [], properties.get(name)) for name in self._names}
        return ContactOptOuts(
            contact_id=str(contact["id"]),
            email=str(properties.get("email") or ""),
            additional_emails=tuple(filter(None, str(properties.get("hs_additional_emails") or "").split(";"))),
            modified_at=moment_of(properties.get("lastmodifieddate")),
            opted_out=frozenset(_kind(name) for name, value in shown.items() if value == "true"),
            since=since,
            phones={name: str(value) for name in PHONES if (value := properties.get(name))},
            country=str(properties.get("country") or ""),
            untold=frozenset(channel for channel, name in OURS.items() if not properties.get(name)),
        )


def opted_out_since(history: Sequence[Mapping[str, Any]]) -> datetime | None:
    """When a property last became true, by its versions (the newest first); None where it is not true, or undated."""
    since = None
    for version in _newest_first(history):
        if str(version.get("value")) != "true":
            break
        since = moment_of(version.get("timestamp"))
    return since


def _current(history: Sequence[Mapping[str, Any]], shown: Any) -> str:
    """A property's value: HubSpot shows it beside its history, or only there."""
    newest = next(_newest_first(history), None)
    return str(shown if shown is not None else (newest or {}).get("value") or "")


def _newest_first(history: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    earliest = datetime.min.replace(tzinfo=UTC)
    return iter(sorted(history, key=lambda one: moment_of(one.get("timestamp")) or earliest, reverse=True))


def _kind(name: str) -> str:
    return name.removeprefix(OPT_OUT).removeprefix("_") or ALL_KINDS
