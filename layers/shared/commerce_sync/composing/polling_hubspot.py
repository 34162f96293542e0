"""What is read of HubSpot, which tells of no consent by webhook: contacts that changed and have opted out.

A contact changes for many reasons and stays opted out for years, so the history of its opt-outs decides which are new;
only those are asked for their statuses, one address at a time, because only statuses say which address said it. What
they do not say, or not yet, the contact's own properties say.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from commerce_sync.aws.control import Control
from commerce_sync.config.consent import consent_policy
from commerce_sync.consent.hubspot_facts import of_contact, of_statuses, shown_open, unconfirmed
from commerce_sync.consent.naming import is_ignored, named_by
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.contracts.consent_policy import ConsentPolicy
from commerce_sync.errors import NotAllowedError, RetriableError
from commerce_sync.polling.cursors import Rule, Sighting, Window
from commerce_sync.polling.kinds import Kinds, Late, looked
from commerce_sync.polling.walking import is_through
from commerce_sync.vendors.hubspot import HubSpot, HubSpotOptOuts, HubSpotStatuses
from commerce_sync.vendors.hubspot.opt_outs import ContactOptOuts
from commerce_sync.vendors.hubspot.statuses import EmailStatus, SubscriptionType

KINDS: Final = "cursor#hubspot#kinds"
LAG: Final = timedelta(minutes=2)
"""How late HubSpot's search may show a change (facts: at least two minutes)."""
NEW: Final = timedelta(days=1)
"""An opt-out that is older than this before a window's start was heard of before, or by the baseline."""
MOST_ASKED: Final = 20
"""Contacts whose statuses are asked for before the cursor moves: a page of hundreds would outlast the function."""
Tell = Callable[[Sequence[ConsentStatement]], None]


@dataclass(frozen=True, slots=True)
class _Untold:
    """A contact to which we have not said how an address of its stands."""

    contact: ContactOptOuts


@dataclass(frozen=True)
class OptOutSource:
    """Contacts that changed, by id within a window of time. ``kind``: only those who opted out of this one."""

    name: str
    rule: Rule
    opt_outs: HubSpotOptOuts
    statuses: HubSpotStatuses
    named: Callable[[str], str]
    tell: Tell
    kind: str | None = None

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """Those whose opt-outs are new, a few at a time; the page is the id to go on behind."""
        contacts, following = self.opt_outs.changed(window.start, window.page)
        opted_out = [one.contact_id for one in contacts if one.opted_out and self.kind in {None, *one.opted_out}]
        new = [one for one in self.opt_outs.dated(opted_out) if _is_new(one, window)] if opted_out else []
        new.sort(key=lambda one: int(one.contact_id))
        if len(new) > MOST_ASKED:
            new = new[:MOST_ASKED]
            following = new[-1].contact_id
        untold = [one for one in contacts if one.untold and self.kind is None and _is_within(one, following)]
        return [
            *(Sighting(_seen_as(one), one.modified_at or window.start, one) for one in new),
            *(
                Sighting(f"{one.contact_id}@{at.isoformat()}", at, _Untold(one))
                for one in untold
                if (at := one.modified_at)
            ),
        ], following

    def say(self, fresh: Sequence[Sighting]) -> None:
        """What each address of the contacts said, and what the contacts' properties say where statuses do not.

        And who became a contact, or got a phone number, after the ledger was told of them.
        """
        shown = [one.what.contact for one in fresh if isinstance(one.what, _Untold)]
        said = [said for one in fresh if not isinstance(one.what, _Untold) for said in self._said(one.what)]
        self.tell([*said, *(one for contact in shown for one in _open(contact))])

    def _said(self, contact: ContactOptOuts) -> Iterator[ConsentStatement]:
        addresses = dict.fromkeys(filter(None, (contact.email, *contact.additional_emails)))
        try:
            read = {address: self._statuses_of(address) for address in addresses}
        except NotAllowedError:
            read = {}
        for address, statuses in read.items():
            yield from of_statuses(contact.contact_id, address, statuses, contact.modified_at, self.named)
        confirmed_by = [status for statuses in read.values() for status in statuses]
        if left := unconfirmed(contact.opted_out, confirmed_by):
            for address in addresses:
                yield from of_contact(replace(contact, opted_out=left), address, self.named, contact.modified_at)

    def _statuses_of(self, address: str) -> list[EmailStatus]:
        wide = self.statuses.wide_status(address)
        return [*([wide] if wide else []), *self.statuses.statuses(address)]


def hubspot_sources(
    client: HubSpot, control: Control, overlap: timedelta, now: datetime, tell: Tell, *, policy: ConsentPolicy
) -> Iterator[tuple[OptOutSource, datetime | None]]:
    """HubSpot's contacts, and once more those who opted out of a kind that is late, each with where it begins."""
    statuses = HubSpotStatuses(client)
    kinds = _kinds(statuses, control, now, policy)
    named = named_by(policy, "hubspot", kinds.names)
    rule = Rule(overlap, lag=LAG)
    yield (
        OptOutSource("hubspot#contacts", rule, HubSpotOptOuts(client, sorted(kinds.names)), statuses, named, tell),
        None,
    )
    for late in kinds.late:
        opt_outs = HubSpotOptOuts(client, [late.kind])
        yield OptOutSource(_source_of(late), rule, opt_outs, statuses, named, tell, late.kind), late.since


def kinds_of(statuses: HubSpotStatuses) -> dict[str, str]:
    """The names of the kinds of email by their ids, without those that are none of our business.

    None where the scope to read them is missing: then only opt-outs of everything are known.
    """
    try:
        return _asked_for(statuses.definitions(), consent_policy())
    except NotAllowedError:
        return {}


def _asked_for(defined: Sequence[SubscriptionType], policy: ConsentPolicy) -> dict[str, str]:
    return {one.subscription_id: one.name for one in defined if not is_ignored(policy, one.subscription_id, one.name)}


def _kinds(statuses: HubSpotStatuses, control: Control, now: datetime, policy: ConsentPolicy) -> Kinds:
    """The kinds of email, looked up each time, with what is late; as they were known where HubSpot does not tell."""
    document, revision = control.read(KINDS)
    before = Kinds.from_document(document) if document else None
    try:
        defined = statuses.definitions()
    except NotAllowedError:
        found = before or Kinds(now, {}, {}, None)
    except RetriableError:
        if before is None:
            raise
        found = before
    else:
        names = _asked_for(defined, policy)
        named = named_by(policy, "hubspot", names)
        meanings = {kind: _meaning(policy, named(kind)) for kind in names}
        found = Kinds(now, names, meanings, frozenset(one.subscription_id for one in defined))
    finished = {
        late.name for late in (before.late if before else ()) if is_through(control, _source_of(late), late.since)
    }
    known = looked(before, found, finished)
    control.write(KINDS, known.to_document(), revision)
    return known


def _meaning(policy: ConsentPolicy, called: str) -> str:
    return " ".join(sorted(one.id for one in policy.purposes if called in one.hubspot))


def _source_of(late: Late) -> str:
    return f"hubspot#kind#{late.name}"


def _is_new(contact: ContactOptOuts, window: Window) -> bool:
    """Whether one of its opt-outs began lately, or nobody says when."""
    return any(contact.since.get(kind, window.end) >= window.start - NEW for kind in contact.opted_out)


def _is_within(contact: ContactOptOuts, following: str | None) -> bool:
    """Whether the next page does not show it again."""
    return following is None or int(contact.contact_id) <= int(following)


def _open(contact: ContactOptOuts) -> Iterator[ConsentStatement]:
    reached = [("email", "email", contact.email), *(("sms", *one) for one in contact.phones.items())]
    for channel, name, address in reached:
        if address and channel in contact.untold and contact.modified_at:
            yield shown_open(contact.contact_id, name, address, contact.modified_at, contact.country)


def _seen_as(contact: ContactOptOuts) -> str:
    moments = sorted(f"{kind}={at.isoformat()}" for kind, at in contact.since.items())
    return f"{contact.contact_id}:{','.join(sorted(contact.opted_out))}:{';'.join(moments)}"
