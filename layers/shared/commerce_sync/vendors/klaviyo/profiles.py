"""Klaviyo profiles: written, read, joined and forgotten. Consent is only ever read here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from commerce_sync.errors import RefusedByVendorError, RetriableError
from commerce_sync.vendors.http import NOT_FOUND, Answer, VendorHttp
from commerce_sync.vendors.klaviyo.errors import DuplicateProfileError
from commerce_sync.vendors.klaviyo.in_order import by_change, read
from commerce_sync.vendors.klaviyo.reading import (
    LARGEST_PAGE,
    Page,
    in_filters,
    pages,
    quoted,
    resources,
)
from commerce_sync.vendors.klaviyo.rows import profile_row

PROFILES = "/api/profiles"
PAGE_SIZE = str(LARGEST_PAGE)
Profile = Mapping[str, Any]


class KlaviyoProfiles:
    """Profiles as JSON:API resources: ``{"type", "id", "attributes", ...}``.

    In writes omitted means unchanged and null means clear, so nothing unset is ever sent but to clear it.
    """

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def upsert(self, email: str, attributes: Mapping[str, str | None], properties: Mapping[str, object]) -> str:
        """Create or update the profile of an email address; returns its id. Repeating it changes nothing.

        ``attributes`` are Klaviyo's own (``first_name``, ``phone_number``, ``country``), ``properties`` custom ones.
        None clears.

        :raises DuplicateProfileError: the phone number is another profile's.
        """
        try:
            answer = self._http.call(
                "POST", "/api/profile-import", {"data": profile_row(email, attributes, properties)}
            )
        except RefusedByVendorError as refusal:
            if refusal.code == "duplicate_profile":
                raise DuplicateProfileError(refusal) from None
            raise
        return _written_id(answer)

    def phones(self, emails: Sequence[str]) -> dict[str, str]:
        """The phone numbers of those email addresses that Klaviyo knows, as they were given; empty where it has none.

        A hundred a call, or as many as an address holds.
        """
        given = {email.lower(): email for email in emails}
        found = {}
        for group in in_filters(list(given.values())):
            asked = {"filter": f"any(email,{quoted(group)})", "fields[profile]": "email,phone_number"}
            for profile in pages(self._http, PROFILES, {**asked, "page[size]": PAGE_SIZE}):
                attributes = profile.get("attributes") or {}
                if (email := given.get(str(attributes.get("email") or "").lower())) is not None:
                    found[email] = str(attributes.get("phone_number") or "")
        return found

    def page(self, cursor: str | None) -> tuple[list[Profile], str | None]:
        """A hundred profiles in the order of their ids, and the cursor of the next page, if there is one.

        Subscriptions are included. A cursor is Klaviyo's own link, followed verbatim, but only where it leads back to
        this endpoint.

        :raises PermanentError: the cursor leads elsewhere.
        """
        if cursor is None:
            params = {"sort": "id", "additional-fields[profile]": "subscriptions", "page[size]": PAGE_SIZE}
            return resources(self._http.call("GET", PROFILES, params=params))
        return resources(self._http.follow(cursor, PROFILES))

    def changed_since(self, moment: datetime, cursor: str | None) -> Page:
        """A hundred profiles that changed after a moment, the first change first; the next ones by a cursor."""
        return read(by_change({"page[size]": PAGE_SIZE}), self._http, moment, cursor)

    def find(
        self, *, email: str | None = None, phone: str | None = None, profile_id: str | None = None
    ) -> list[Profile]:
        """Whole profiles, subscriptions included, that any of these identifiers names; each once."""
        wanted = {"email": email, "phone_number": phone, "id": profile_id}
        filters = [f"equals({name},{quoted(value)})" for name, value in wanted.items() if value]
        found = [profile for text in filters for profile in self._matching(text)]
        return list({profile["id"]: profile for profile in found}.values())

    def merge(self, destination_id: str, source_id: str) -> bool:
        """Ask Klaviyo to join the source into the destination and delete it. Later, and never to be undone.

        A repeat is harmless: once the source is gone Klaviyo answers 404, which is fine as long as the destination
        is there and the source is not. That is False: whether it was merged or erased, Klaviyo does not say.
        """
        source = {"type": "profile", "id": source_id}
        body = {"type": "profile-merge", "id": destination_id, "relationships": {"profiles": {"data": [source]}}}
        try:
            self._http.call("POST", "/api/profile-merge", {"data": body})
        except RefusedByVendorError as refusal:
            if refusal.status != NOT_FOUND or self._existing(destination_id, source_id) != {destination_id}:
                raise
            return False
        return True

    def forget(self, *, profile_id: str | None = None, email: str | None = None, phone: str | None = None) -> None:
        """Ask for a privacy deletion by exactly one identifier; all matching profiles go, later.

        A repeat is harmless: it finds nobody. A later event or upsert makes the profile anew, which nothing at
        Klaviyo prevents.

        :raises ValueError: not exactly one identifier.
        """
        if sum(map(bool, (profile_id, email, phone))) != 1:
            raise ValueError("exactly one of profile_id, email and phone")
        given = {"email": email, "phone_number": phone}
        attributes = {name: value for name, value in given.items() if value}
        profile: dict[str, Any] = {"type": "profile", "attributes": attributes}
        if profile_id:
            profile["id"] = profile_id
        body = {"type": "data-privacy-deletion-job", "attributes": {"profile": {"data": profile}}}
        try:
            self._http.call("POST", "/api/data-privacy-deletion-jobs", {"data": body})
        except RefusedByVendorError as refusal:
            if refusal.status != NOT_FOUND:
                raise

    def _matching(self, text: str) -> list[Profile]:
        params = {"filter": text, "additional-fields[profile]": "subscriptions", "page[size]": PAGE_SIZE}
        found, cursor = resources(self._http.call("GET", PROFILES, params=params))
        while cursor is not None:
            more, cursor = resources(self._http.follow(cursor, PROFILES))
            found += more
        return found

    def _existing(self, *profile_ids: str) -> set[str]:
        """Which of these profiles are there."""
        params = {"filter": f"any(id,{quoted(list(profile_ids))})"}
        return {profile["id"] for profile in resources(self._http.call("GET", PROFILES, params=params))[0]}


def _written_id(answer: Answer) -> str:
    """The id in the answer to a write. Success without one came from something between us and Klaviyo."""
    data = (answer.json or {}).get("data") or {}
    if not data.get("id"):
        raise RetriableError("klaviyo did not say which profile it wrote")
    return str(data["id"])
