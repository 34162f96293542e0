"""``plan``: the sources and destinations of profile_sync, of which nothing is written."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from commerce_sync.aws.secrets import cached_secret
from commerce_sync.aws.told import ToldTable
from commerce_sync.budgets.pacing import seconds_of
from commerce_sync.composing.clients import hubspot, klaviyo
from commerce_sync.composing.contact_values import contact_reading
from commerce_sync.composing.identity import keys_of
from commerce_sync.composing.joining import unready_of
from commerce_sync.composing.looking import enough, subjects_of
from commerce_sync.composing.read_only import ReadOnlySources
from commerce_sync.composing.telling import lines_of
from commerce_sync.config.fields import field_map
from commerce_sync.config.limits import vendor_limits
from commerce_sync.contracts.advanced import DESTINATIONS, Destination
from commerce_sync.contracts.budgets import Lane
from commerce_sync.contracts.plans import Rehearsed
from commerce_sync.contracts.told import LISTS
from commerce_sync.errors import RetriableError
from commerce_sync.identity.emails import normalize_email
from commerce_sync.operating.planning import Chosen, Stretch, chosen, report
from commerce_sync.profiles.at_hubspot import LIFECYCLE, HubSpotPlace
from commerce_sync.profiles.at_klaviyo import KlaviyoPlace
from commerce_sync.profiles.at_lists import ListsPlace
from commerce_sync.profiles.destinations import Place
from commerce_sync.profiles.looks import CONTACT
from commerce_sync.profiles.rehearsing import HubSpotRehearsal, KlaviyoRehearsal, ListsRehearsal, ReadOnlyBook
from commerce_sync.profiles.syncing import ProfileSync
from commerce_sync.profiles.telling import Telling
from commerce_sync.settings.operations import OperationsSettings
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.hubspot import HubSpot, HubSpotContacts
from commerce_sync.vendors.hubspot.contacts import ADDRESSES
from commerce_sync.vendors.hubspot.fields import HubSpotFields
from commerce_sync.vendors.klaviyo import KlaviyoProfiles
from commerce_sync.vendors.klaviyo.imports import KlaviyoImports
from commerce_sync.vendors.klaviyo.lists import KlaviyoLists
from commerce_sync.vendors.klaviyo.standing import standing

MayGoOn = Callable[[], bool]


def plan(settings: OperationsSettings, arguments: Mapping[str, Any], may_go_on: MayGoOn) -> dict[str, Any]:
    """What telling would change, whatever the modes say; ``next`` where there is more. Writes nothing anywhere."""
    wanted = chosen(arguments)
    planner = Planner(settings, may_go_on, "live" if wanted.emails or wanted.contacts else "backfill")
    found = planner.look(wanted)
    seconds = {to: seconds_of(made, vendor_limits()[to]) for to, made in found.rehearsed.calls.items()}
    return report(found, found.standing, seconds)


@dataclass
class Planner:
    """One command. People are looked at a hundred at a time, as a stream of hints would have them.

    Everybody is read in history's ``lane``: a plan keeps no live work waiting.
    """

    settings: OperationsSettings
    may_go_on: MayGoOn
    lane: Lane

    def look(self, wanted: Chosen) -> Stretch:
        """Everybody who is meant, or as many as time allows. A page counts once all of it is known."""
        stretch = Stretch()
        if wanted.emails:
            emails = [address for email in wanted.emails if (address := normalize_email(email))]
            ids = HubSpotContacts(self.hubspot).primary_ids(emails)
            self._rehearse({email: ids.get(email) for email in emails}, (), stretch)
        elif wanted.contacts:
            self._of_contacts(HubSpotContacts(self.hubspot).read(wanted.contacts, ADDRESSES[:1]), stretch)
        else:
            stretch.next = wanted.after
            while self.may_go_on() and stretch.people < wanted.most:
                try:
                    stretch.take(self._page(stretch.next))
                except RetriableError as error:
                    stretch.stopped = str(error)
                    break
                if stretch.next is None:
                    break
        return stretch

    def _page(self, after: str | None) -> Stretch:
        page = Stretch()
        contacts, page.next = HubSpotContacts(self.hubspot).page(after, ADDRESSES[:1])
        self._of_contacts(contacts, page)
        return page

    def standing(self, rehearsed: Rehearsed) -> dict[Destination, dict[str, Mapping[str, object]]]:
        """What stands where something would be written."""
        to_klaviyo = [write.record for write in rehearsed.writes if write.destination == "klaviyo"]
        to_hubspot = [write for write in rehearsed.writes if write.destination == "hubspot"]
        names = list(dict.fromkeys(name for write in to_hubspot for name in write.values))
        ids = [one.record for one in to_hubspot if one.record]
        read = HubSpotContacts(self.hubspot).read(ids, names) if ids else []
        found = standing(self.klaviyo, list(dict.fromkeys(to_klaviyo))) if to_klaviyo else {}
        return {"klaviyo": dict(found), "hubspot": {str(one["id"]): one["properties"] for one in read}}

    @cached_property
    def hubspot(self) -> HubSpot:
        """HubSpot, read only."""
        return hubspot(self.settings, cached_secret(self.settings.vendor_tokens_id).value(), self.lane)

    @cached_property
    def klaviyo(self) -> VendorHttp:
        """Klaviyo, read only."""
        return klaviyo(self.settings, cached_secret(self.settings.vendor_tokens_id).value(), self.lane)

    def _of_contacts(self, contacts: Sequence[Mapping[str, Any]], stretch: Stretch) -> None:
        emails = {str(one["id"]): normalize_email(one["properties"].get("email") or "") for one in contacts}
        people = {email: contact_id for contact_id, email in emails.items() if email}
        self._rehearse(people, [one for one, email in emails.items() if not email], stretch)

    def _rehearse(self, people: Mapping[str, str | None], unreachable: Sequence[str], stretch: Stretch) -> None:
        """A hundred people, by email address, with their contacts where HubSpot has them."""
        theirs = subjects_of(self.settings, people)
        subjects = [subject for some in theirs.values() for subject in enough(some)]
        sync = self._sync(stretch.rehearsed)
        outcome = sync.run(subjects)
        stretch.people += len(people) + len(unreachable)
        stretch.waiting += Counter(str(error) for error in outcome.waiting.values())
        stretch.refused += Counter(outcome.refused.values())
        stretch.standing = self.standing(stretch.rehearsed)
        passed = outcome.due.keys() | outcome.waiting.keys() | outcome.refused.keys()
        stretch.skipped += len(unreachable) + sum(subject.startswith(CONTACT) for subject in {*subjects} - passed)

    def _sync(self, rehearsed: Rehearsed) -> ProfileSync:
        book, now = ReadOnlyBook(ToldTable(self.settings.identity_table, keys_of(self.settings))), datetime.now(UTC)
        desk = KlaviyoRehearsal(KlaviyoProfiles(self.klaviyo), KlaviyoImports(self.klaviyo), rehearsed)
        hubspot_fields = HubSpotRehearsal(HubSpotFields(self.hubspot), rehearsed)
        places: dict[Destination, Place] = {
            "klaviyo": KlaviyoPlace(
                profiles=desk,
                imports=desk,
                jobs=desk,
                lines=lines_of("klaviyo"),
                bulk_from=self.settings.bulk_from,
                learnt=_nobody_learns,
                may_go_on=self.may_go_on,
            ),
            "hubspot": HubSpotPlace(hubspot_fields, LIFECYCLE in lines_of("hubspot"), field_map().creates_contact),
        }
        tellings = [self._telling(to, book, places[to]) for to in DESTINATIONS]
        selected = field_map().lists
        if any(one.klaviyo for one in selected):
            tellings.append(Telling(LISTS, book, lambda: self._lists(desk, rehearsed), self.may_go_on))
        sources = ReadOnlySources(self.settings).sources(
            now,
            lambda: HubSpotContacts(self.hubspot),
            lambda: contact_reading(self.hubspot, self.settings.control_table, selected),
        )
        return ProfileSync(sources, tellings, self.may_go_on)

    def _telling(self, to: Destination, book: ReadOnlyBook, place: Place) -> Telling:
        once = frozenset(key for key, line in lines_of(to).items() if line.send == "once")
        return Telling(to, book, lambda: place, self.may_go_on, once)

    def _lists(self, desk: KlaviyoRehearsal, rehearsed: Rehearsed) -> Place:
        lists = ListsRehearsal(KlaviyoLists(self.klaviyo), rehearsed)
        return ListsPlace(lists, desk, unready_of(self.klaviyo, field_map().lists), _nobody_learns, self.may_go_on)


def _nobody_learns(_profile_id: str, _email: str) -> None:
    """A plan teaches identity nothing."""
