"""HubSpot contacts: read, then create what is missing; merged, forgotten.

Never an upsert by email, which is not partial.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from commerce_sync.errors import PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.http import NOT_FOUND
from commerce_sync.vendors.hubspot.client import MOST_INPUTS, TRACE, HubSpot, read_results
from commerce_sync.vendors.hubspot.merging import CONTACTS, current, merge_contacts

MOST_WITH_HISTORY = 50
ADDRESSES = ("email", "hs_additional_emails")


class HubSpotContacts:
    """Contacts as HubSpot's records: ``{"id", "properties", ...}``, a hundred at a time."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    def ids_by_email(self, emails: Iterable[str]) -> dict[str, str]:
        """The contact ids of those email addresses, primary or additional, that HubSpot knows."""
        found: dict[str, str] = {}
        for inputs in _hundreds(sorted(set(emails))):
            for contact in self._read("email", inputs, ADDRESSES):
                found |= {email.lower(): contact["id"] for email in _addresses(contact)}
        return found

    def primary_ids(self, emails: Iterable[str]) -> dict[str, str]:
        """The contact ids of those email addresses that are a contact's primary one."""
        found: dict[str, str] = {}
        for inputs in _hundreds(sorted(set(emails))):
            given = {email.lower(): email for email in inputs}
            for contact in self._read("email", inputs, ADDRESSES[:1]):
                email = given.get(str(contact["properties"].get("email") or "").lower())
                if email is not None:
                    found[email] = str(contact["id"])
        return found

    def addressed(self, contact_id: str) -> tuple[str, Sequence[str]] | None:
        """Which contact an id leads to now, and all its addresses; None where HubSpot knows nobody.

        An id that a merge left behind leads to the survivor, who may be somebody else: so nothing is done to a
        contact for good before this was asked.
        """
        contact = current(self._hubspot, contact_id, ADDRESSES)
        return None if contact is None else (str(contact["id"]), _addresses(contact))

    def archived(self, contact_ids: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
        """Which of these contacts lie in HubSpot's archive, where they stay for 90 days, with their addresses."""
        found = (one for ids in _hundreds(contact_ids) for one in self._read("", ids, ADDRESSES, archived=True))
        return [(str(contact["id"]), _addresses(contact)) for contact in found]

    def read(
        self, contact_ids: Sequence[str], properties: Sequence[str], *, history: Sequence[str] = ()
    ) -> list[Mapping[str, Any]]:
        """Contacts by id with the named properties, and the versions of some; those that are gone are absent."""
        size = MOST_WITH_HISTORY if history else MOST_INPUTS
        groups = (contact_ids[start : start + size] for start in range(0, len(contact_ids), size))
        return [contact for ids in groups for contact in self._read("", ids, properties, history=history)]

    def page(
        self, after: str | None, properties: Sequence[str], *, history: Sequence[str] = ()
    ) -> tuple[list[Mapping[str, Any]], str | None]:
        """A hundred contacts with the named properties, in the order of their ids, and the next page's cursor.

        Fifty where the versions of some properties (``history``) are wanted too: more is refused. The names travel in
        the address, so a few dozen at most. Archived contacts are left out.
        """
        size = MOST_WITH_HISTORY if history else MOST_INPUTS
        asked = {"limit": str(size), "archived": "false", "properties": ",".join([*properties, *history])}
        if history:
            asked["propertiesWithHistory"] = ",".join(history)
        answer = self._hubspot.call("GET", CONTACTS, None, asked | ({"after": after} if after else {}))
        body = answer.json or {}
        if "results" not in body:
            raise RetriableError("hubspot answered without a page")
        following = ((body.get("paging") or {}).get("next") or {}).get("after")
        return list(body["results"]), str(following) if following else None

    def whole(self, contact_id: str) -> Mapping[str, Any] | None:
        """A contact with every property that holds a value; None where HubSpot knows nobody.

        By a batch read of one, since hundreds of names are too long for an address. Properties that HubSpot calls
        sensitive are not listed, and so not read. The names are asked for once for each client.
        """
        contact = current(self._hubspot, contact_id)
        if contact is None:
            return None
        read = self.read([str(contact["id"])], self._property_names)
        if not read:
            raise RetriableError("hubspot lost a contact between two reads")
        held = {name: value for name, value in read[0]["properties"].items() if value not in (None, "")}
        return {**read[0], "properties": held}

    @cached_property
    def _property_names(self) -> Sequence[str]:
        definitions = self._hubspot.call("GET", "/crm/properties/{V}/contacts").json["results"]
        return [definition["name"] for definition in definitions]

    def create(
        self, people: Mapping[str, Mapping[str, str]]
    ) -> tuple[dict[str, str], dict[str, PermanentError | RetriableError]]:
        """Create a contact for each email address; returns ids and errors by email address.

        A contact that someone else created meanwhile is not an error: its id is taken.
        """
        ids: dict[str, str] = {}
        errors: dict[str, PermanentError | RetriableError] = {}
        for emails in _hundreds(list(people)):
            inputs = [
                {TRACE: f"contact:{position}", "properties": dict(people[email]), "associations": []}
                for position, email in enumerate(emails)
            ]
            answer = self._hubspot.write_batch(f"{CONTACTS}/batch/create", inputs)
            by_trace = {f"contact:{position}": email for position, email in enumerate(emails)}
            ids |= {by_trace[trace]: record["id"] for trace, record in answer.records.items()}
            errors |= {by_trace[trace]: error for trace, error in answer.errors.items()}
        taken = [email for email, error in errors.items() if is_conflict(error)]
        if taken:
            found = self.ids_by_email(taken)
            ids |= found
            errors = {email: error for email, error in errors.items() if email not in found}
        return ids, errors

    def merge(self, primary_id: str, other_id: str) -> str:
        """Merge the other contact into the primary one; returns the id of what is left. A repeat is harmless."""
        return merge_contacts(self._hubspot, primary_id, other_id)

    def forget(self, contact_id: str) -> bool:
        """Delete exactly this contact for privacy, within 30 days and for good; False where HubSpot knows nobody.

        An id that a merge left behind is not followed: what it leads to may be somebody else. A repeat is harmless:
        it finds nobody.
        """
        return self._forget({"objectId": contact_id})

    def forget_email(self, email: str) -> None:
        """The same by email address, also one that HubSpot does not know: it goes to a block list of HubSpot's.

        The API may create a contact with that address again all the same.
        """
        self._forget({"objectId": email, "idProperty": "email"})

    def _forget(self, body: Mapping[str, str]) -> bool:
        try:
            self._hubspot.call("POST", f"{CONTACTS}/gdpr-delete", dict(body))
        except RefusedByVendorError as refusal:
            if refusal.status == NOT_FOUND:
                return False
            raise
        return True

    def _read(
        self,
        key: str,
        ids: Sequence[str],
        properties: Sequence[str],
        *,
        history: Sequence[str] = (),
        archived: bool = False,
    ) -> list[Mapping[str, Any]]:
        body: dict[str, Any] = {
            "inputs": [{"id": value} for value in ids],
            "properties": list(properties),
            "propertiesWithHistory": list(history),
        }
        if key:
            body["idProperty"] = key
        answer = self._hubspot.call("POST", f"{CONTACTS}/batch/read", body, {"archived": str(archived).lower()})
        return read_results(answer)


def _addresses(contact: Mapping[str, Any]) -> list[str]:
    properties = contact["properties"]
    known = [properties.get("email"), *(properties.get("hs_additional_emails") or "").split(";")]
    return [email.strip() for email in known if email and email.strip()]


def is_conflict(error: Exception) -> bool:
    """Whether a contact of that address is there already (409, "Existing ID")."""
    return isinstance(error, RefusedByVendorError) and (error.status == 409 or "CONFLICT" in error.code)  # noqa: PLR2004 # taken


def _hundreds(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[start : start + MOST_INPUTS] for start in range(0, len(values), MOST_INPUTS))
