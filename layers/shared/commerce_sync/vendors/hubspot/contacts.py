"""HubSpot contacts by email: read, then create what is missing. Never an upsert by email, which is not partial."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from commerce_sync.errors import PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.hubspot.client import MOST_INPUTS, TRACE, HubSpot

CONTACTS = "/crm/objects/{V}/contacts"


class HubSpotContacts:
    """Reads and creates contacts a hundred at a time."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    def ids_by_email(self, emails: Iterable[str]) -> dict[str, str]:
        """The contact ids of those email addresses, primary or additional, that HubSpot knows."""
        found: dict[str, str] = {}
        for inputs in _hundreds(sorted(set(emails))):
            for contact in self._read("email", inputs, ("email", "hs_additional_emails")):
                properties = contact["properties"]
                known = [properties.get("email"), *(properties.get("hs_additional_emails") or "").split(";")]
                found |= {email.lower(): contact["id"] for email in known if email}
        return found

    def read(self, contact_ids: Sequence[str], properties: Sequence[str]) -> list[Mapping[str, Any]]:
        """Contacts by id with the named properties; those that are gone are absent."""
        return [contact for ids in _hundreds(contact_ids) for contact in self._read("", ids, properties)]

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
        taken = [email for email, error in errors.items() if _is_conflict(error)]
        if taken:
            found = self.ids_by_email(taken)
            ids |= found
            errors = {email: error for email, error in errors.items() if email not in found}
        return ids, errors

    def _read(self, key: str, ids: Sequence[str], properties: Sequence[str]) -> list[Mapping[str, Any]]:
        body: dict[str, Any] = {
            "inputs": [{"id": value} for value in ids],
            "properties": list(properties),
            "propertiesWithHistory": [],
        }
        if key:
            body["idProperty"] = key
        answer = self._hubspot.call("POST", f"{CONTACTS}/batch/read", body, {"archived": "false"})
        results: list[Mapping[str, Any]] = (answer.json or {}).get("results", [])
        return results


def _is_conflict(error: Exception) -> bool:
    return isinstance(error, RefusedByVendorError) and (error.status == 409 or "CONFLICT" in error.code)  # noqa: PLR2004 # taken


def _hundreds(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[start : start + MOST_INPUTS] for start in range(0, len(values), MOST_INPUTS))
