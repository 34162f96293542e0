"""The steps by which the vendors are asked to forget, and asked afterwards whether they did.

A vendor that is not live is not written to: the step waits, and the request stays open, until it is live or an
operator says that it was done by hand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from commerce_sync.contracts.privacy import PrivacyCase
from commerce_sync.errors import RetriableError
from commerce_sync.privacy.needs import Klaviyo, Places
from commerce_sync.privacy.person import values_of
from commerce_sync.privacy.working import Progress

Vendor = TypeVar("Vendor")


@dataclass(frozen=True)
class VendorSteps:
    """``came_back`` says whether the person has been met again since: then what a vendor knows is new."""

    places: Places
    came_back: Callable[[PrivacyCase], bool]
    ask_again: float

    def erase_hubspot(self, case: PrivacyCase) -> Progress:
        """Delete for privacy by every contact id and every address (facts 11.4: purged within 30 days)."""
        hubspot = _live(self.places.hubspot(), "hubspot")
        emails = _values(case, "email")
        contacts = {*_contacts(case), *hubspot.ids_by_email(emails).values()}
        deleted = sum(hubspot.forget(contact) for contact in sorted(contacts))
        for email in emails:
            hubspot.forget_email(email)
        return Progress({"contacts": deleted, "addresses": len(emails)})

    def erase_klaviyo(self, case: PrivacyCase) -> Progress:
        """Ask for a deletion by profile id, address and phone; not by a phone that a stranger's profile holds."""
        klaviyo = _live(self.places.klaviyo(), "klaviyo")
        emails, phones, profiles = _values(case, "email"), _values(case, "phone"), _values(case, "klaviyo")
        own = [phone for phone in phones if not _strangers(klaviyo, phone, emails)]
        for profile in profiles:
            klaviyo.forget(profile_id=profile)
        for email in emails:
            klaviyo.forget(email=email)
        for phone in own:
            klaviyo.forget(phone=phone)
        asked = len(profiles) + len(emails) + len(own)
        return Progress({"deletions_asked": asked, "phones_shared": len(phones) - len(own)})

    def check_hubspot(self, case: PrivacyCase) -> Progress:
        """Whether the contacts are gone; one that a late write made is deleted, and looked for again."""
        hubspot = _live(self.places.hubspot(), "hubspot")
        if self.came_back(case):
            return Progress({"came_back": 1})
        by_email = hubspot.ids_by_email(_values(case, "email"))
        left = [contact for contact in _contacts(case) if hubspot.whole(contact) is not None]
        if not left and not by_email:
            return Progress({"contacts_left": 0})
        self.erase_hubspot(case)
        raise RetriableError("hubspot still knows the person", retry_after=self.ask_again)

    def check_klaviyo(self, case: PrivacyCase) -> Progress:
        """Whether the profiles are gone: Klaviyo deletes later."""
        klaviyo = _live(self.places.klaviyo(), "klaviyo")
        if self.came_back(case):
            return Progress({"came_back": 1})
        emails = _values(case, "email")
        left = [one for profile in _values(case, "klaviyo") for one in klaviyo.find(profile_id=profile)]
        left += [one for email in emails for one in klaviyo.find(email=email)]
        phones = [phone for phone in _values(case, "phone") if not _strangers(klaviyo, phone, emails)]
        left += [one for phone in phones for one in klaviyo.find(phone=phone)]
        if not left:
            return Progress({"profiles_left": 0})
        self.erase_klaviyo(case)
        raise RetriableError("klaviyo still knows the person", retry_after=self.ask_again)


def _live(client: Vendor | None, name: str) -> Vendor:
    if client is None:
        raise RetriableError(f"{name} is not live")
    return client


def _strangers(klaviyo: Klaviyo, phone: str, emails: list[str]) -> bool:
    """Whether a profile with this phone has another person's address."""
    return any((email := _email(profile)) and email not in emails for profile in klaviyo.find(phone=phone))


def _email(profile: Mapping[str, Any]) -> str:
    return str((profile.get("attributes") or {}).get("email") or "").lower()


def _contacts(case: PrivacyCase) -> list[str]:
    identifiers = case.work.identifiers if case.work else ()
    return [value for kind, value in identifiers if kind.startswith("hubspot:")]


def _values(case: PrivacyCase, wanted: str) -> list[str]:
    return values_of(case.work.identifiers if case.work else (), wanted)
