"""What is read of HubSpot, which tells of no consent by webhook: contacts that changed and have opted out.

A contact changes for many reasons and stays opted out for years, so the history of its opt-outs decides which are new;
only those are asked for their statuses, one address at a time, because only statuses say which address said it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from commerce_sync.aws.control import Control
from commerce_sync.config.consent import consent_policy
from commerce_sync.consent.hubspot_facts import of_contact, of_statuses
from commerce_sync.consent.naming import is_ignored, named_by
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.errors import NotAllowedError
from commerce_sync.polling.cursors import Rule, Sighting, Window
from commerce_sync.vendors.hubspot import HubSpot, HubSpotOptOuts, HubSpotStatuses
from commerce_sync.vendors.hubspot.opt_outs import ContactOptOuts

KINDS: Final = "cursor#hubspot#kinds"
KINDS_LAST: Final = timedelta(days=1)
LAG: Final = timedelta(minutes=2)
"""How late HubSpot's search may show a change (facts: at least two minutes)."""
NEW: Final = timedelta(days=1)
"""An opt-out that is older than this before a window's start was heard of before, or by the baseline."""
MOST_ASKED: Final = 20
"""Contacts whose statuses are asked for before the cursor moves: a page of hundreds would outlast the function."""


@dataclass(frozen=True)
class OptOutSource:
    """Contacts that changed, by id within a window of time."""

    name: str
    rule: Rule
    opt_outs: HubSpotOptOuts
    statuses: HubSpotStatuses
    named: Callable[[str], str]
    tell: Callable[[Sequence[ConsentStatement]], None]

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """Those whose opt-outs are new, a few at a time; the page is the id to go on behind."""
        contacts, following = self.opt_outs.changed(window.start, window.end, window.page)
        opted_out = [one.contact_id for one in contacts if one.opted_out]
        new = [one for one in self.opt_outs.dated(opted_out) if _is_new(one, window)] if opted_out else []
        new.sort(key=lambda one: int(one.contact_id))
        if len(new) > MOST_ASKED:
            new = new[:MOST_ASKED]
            following = new[-1].contact_id
        return [Sighting(_seen_as(one), one.modified_at or window.start, one) for one in new], following

    def say(self, fresh: Sequence[Sighting]) -> None:
        """What each address of the contacts said; by the contact's properties where statuses may not be read."""
        said: list[ConsentStatement] = []
        for sighting in fresh:
            contact: ContactOptOuts = sighting.what
            for address in dict.fromkeys(filter(None, (contact.email, *contact.additional_emails))):
                said += self._said(contact, address)
        self.tell(said)

    def _said(self, contact: ContactOptOuts, address: str) -> Iterator[ConsentStatement]:
        try:
            wide = self.statuses.wide_status(address)
            statuses = [*([wide] if wide else []), *self.statuses.statuses(address)]
        except NotAllowedError:
            yield from of_contact(contact, address, self.named)
            return
        yield from of_statuses(contact.contact_id, address, statuses, contact.modified_at, self.named)


def hubspot_source(
    client: HubSpot,
    control: Control,
    overlap: timedelta,
    now: datetime,
    tell: Callable[[Sequence[ConsentStatement]], None],
) -> OptOutSource:
    """The one source of HubSpot's."""
    statuses = HubSpotStatuses(client)
    names = _kinds(statuses, control, now)
    return OptOutSource(
        name="hubspot#contacts",
        rule=Rule(overlap, lag=LAG),
        opt_outs=HubSpotOptOuts(client, sorted(names)),
        statuses=statuses,
        named=named_by(consent_policy(), "hubspot", names),
        tell=tell,
    )


def kinds_of(statuses: HubSpotStatuses) -> dict[str, str]:
    """The names of the kinds of email by their ids, without those that are none of our business.

    None where the scope to read them is missing: then only opt-outs of everything are known.
    """
    policy = consent_policy()
    try:
        known = statuses.definitions()
    except NotAllowedError:
        return {}
    return {one.subscription_id: one.name for one in known if not is_ignored(policy, one.subscription_id, one.name)}


def _kinds(statuses: HubSpotStatuses, control: Control, now: datetime) -> Mapping[str, str]:
    known, revision = control.read(KINDS)
    if known and now - datetime.fromisoformat(known["looked_at"]) < KINDS_LAST:
        names: Mapping[str, str] = known["names"]
        return names
    found: dict[str, Any] = {"names": kinds_of(statuses), "looked_at": now.isoformat()}
    control.write(KINDS, found, revision)
    return dict(found["names"])


def _is_new(contact: ContactOptOuts, window: Window) -> bool:
    """Whether one of its opt-outs began lately, or nobody says when."""
    return any(contact.since.get(kind, window.end) >= window.start - NEW for kind in contact.opted_out)


def _seen_as(contact: ContactOptOuts) -> str:
    moments = sorted(f"{kind}={at.isoformat()}" for kind, at in contact.since.items())
    return f"{contact.contact_id}:{','.join(sorted(contact.opted_out))}:{';'.join(moments)}"
