"""The steps by which the vendors are asked to forget, and asked afterwards whether they did.

A vendor that is not live is not written to: the step waits, and the request stays open, until it is live or an
operator says that it was done by hand. A record that is somebody else's too is left alone; the check then asks an
operator. While a deletion takes its time, the vendor is only read: it is asked again after a day.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase, Work
from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.privacy.needs import Places
from commerce_sync.privacy.noting import Progress
from commerce_sync.privacy.owning import Held, Owned, Whose, values_of
from commerce_sync.privacy.person import identifiers_in, marked

Vendor = TypeVar("Vendor")
ASK_AGAIN = timedelta(days=1)
NOT_THEIRS = (
    "{system} {records} holds an address that is not known as this person's, so it was left: correct it there and "
    "confirm, or decide about it there and say done_by_hand"
)


@dataclass(frozen=True)
class VendorSteps:
    """``returned`` says which identifiers a store has met again since: what a vendor knows of them is new."""

    places: Places
    returned: Callable[[PrivacyCase], Collection[Identifier]]
    look_again: float

    def erase_hubspot(self, case: PrivacyCase) -> Progress:
        """Delete for privacy every contact that is theirs, and every address (facts 11.4: purged within 30 days).

        The contacts are marked first, so that HubSpot's own word of their end is known for what it is.
        """
        hubspot, identifiers = _live(self.places.hubspot(), "hubspot"), identifiers_in(case)
        owned = self._whose(case).contacts(hubspot, identifiers)
        work, about = self._widened(case, owned)
        deleted = sum(hubspot.forget(one.record_id) for one in owned.theirs)
        strangers = {email for one in owned.others for email in one.emails}
        emails = [email for email in values_of(identifiers, "email") if email not in strangers]
        for email in emails:
            hubspot.forget_email(email)
        counts = {"contacts": deleted, "addresses": len(emails), "contacts_not_theirs": len(owned.others)}
        archived = self._whose(case).archived_contacts(hubspot)
        counts["contacts_in_archive"] = sum(not hubspot.forget(one.record_id) for one in archived.theirs)
        return Progress(counts, work=self._asked(work, "hubspot", owned.theirs), changes={"about": about})

    def erase_klaviyo(self, case: PrivacyCase) -> Progress:
        """Ask for a deletion by profile id, address and phone, where that names the person alone."""
        klaviyo, identifiers = _live(self.places.klaviyo(), "klaviyo"), identifiers_in(case)
        owned = self._whose(case).profiles(klaviyo, identifiers)
        strangers = {one.record_id for one in owned.others}
        profiles = [one for one in values_of(identifiers, "klaviyo") if one not in strangers]
        emails = values_of(identifiers, "email")
        phones = [phone for phone in values_of(identifiers, "phone") if phone not in owned.shared_phones]
        for profile in profiles:
            klaviyo.forget(profile_id=profile)
        for email in emails:
            klaviyo.forget(email=email)
        for phone in phones:
            klaviyo.forget(phone=phone)
        counts = {"deletions_asked": len(profiles) + len(emails) + len(phones)}
        counts |= {"phones_shared": len(owned.shared_phones), "profiles_not_theirs": len(owned.others)}
        return Progress(counts, work=self._asked(case.work or Work(), "klaviyo", owned.theirs))

    def check_hubspot(self, case: PrivacyCase) -> Progress:
        """Whether the contacts are gone; one that a late write made is deleted, and looked for again."""
        hubspot, back = _live(self.places.hubspot(), "hubspot"), self.returned(case)
        identifiers = [one for one in identifiers_in(case) if one not in back]
        owned = self._whose(case).contacts(hubspot, identifiers).but(values_of(back, "email"))
        if not owned.theirs:
            return _checked("hubspot contact", owned.others, {"contacts_left": 0}, back)
        work, about = self._widened(case, owned)
        for one in self._due(work, "hubspot", owned.theirs):
            hubspot.forget(one.record_id)
        return self._still("hubspot", self._asked(work, "hubspot", owned.theirs), about)

    def check_klaviyo(self, case: PrivacyCase) -> Progress:
        """Whether the profiles are gone: Klaviyo deletes later."""
        klaviyo, back = _live(self.places.klaviyo(), "klaviyo"), self.returned(case)
        identifiers = [one for one in identifiers_in(case) if one not in back]
        owned = self._whose(case).profiles(klaviyo, identifiers).but(values_of(back, "email"))
        if not owned.theirs:
            return _checked("klaviyo profile", owned.others, {"profiles_left": 0}, back)
        work = case.work or Work()
        for one in self._due(work, "klaviyo", owned.theirs):
            klaviyo.forget(profile_id=one.record_id)
        return self._still("klaviyo", self._asked(work, "klaviyo", owned.theirs), case.about)

    def _still(self, vendor: str, work: Work, about: tuple[str, ...]) -> Progress:
        waits_for = f"{vendor} still knows the person"
        return Progress(work=work, changes={"about": about}, waits_for=waits_for, wait=self.look_again)

    def _whose(self, case: PrivacyCase) -> Whose:
        return Whose(identifiers_in(case), self.places.address_of)

    def _widened(self, case: PrivacyCase, owned: Owned) -> tuple[Work, tuple[str, ...]]:
        """The work with contacts that only an address led to, marked."""
        work = case.work or Work()
        found = ((self.places.contact_kind, one.record_id) for one in owned.theirs)
        new = [one for one in found if one not in work.identifiers]
        if new:
            self.places.people.forget(new, marked(case))
        wider = work.model_copy(update={"identifiers": (*work.identifiers, *new)})
        return wider, (*case.about, *(self.places.keyed(one) for one in new))

    def _due(self, work: Work, vendor: str, records: Iterable[Held]) -> list[Held]:
        """Those that the vendor was not asked about within a day."""
        now = self.places.now()
        return [one for one in records if now - _asked_at(work, vendor, one, now - ASK_AGAIN) >= ASK_AGAIN]

    def _asked(self, work: Work, vendor: str, records: Iterable[Held]) -> Work:
        asked = {f"{vendor}:{one.record_id}": self.places.now() for one in self._due(work, vendor, records)}
        return work.model_copy(update={"asked": {**work.asked, **asked}})


def _live(client: Vendor | None, name: str) -> Vendor:
    if client is None:
        raise RetriableError(f"{name} is not live")
    return client


def _asked_at(work: Work, vendor: str, record: Held, never: datetime) -> datetime:
    return work.asked.get(f"{vendor}:{record.record_id}", never)


def _checked(what: str, others: Collection[Held], counts: dict[str, int], back: Collection[Identifier]) -> Progress:
    """Nothing of theirs is left.

    :raises PermanentError: what is left is somebody else's as well. The id is told while the request is open.
    """
    if others:
        records = ", ".join(sorted(one.record_id for one in others))
        raise PermanentError(NOT_THEIRS.format(system=what, records=records))
    return Progress(counts | ({"came_back": len(back)} if back else {}))
