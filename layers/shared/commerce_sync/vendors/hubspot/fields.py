"""The fields of HubSpot's contacts: looked up by email address, written by record id, never an upsert by address."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.vendors.hubspot.client import MOST_INPUTS, TRACE, HubSpot, read_results
from commerce_sync.vendors.hubspot.contacts import ADDRESSES, is_conflict
from commerce_sync.vendors.hubspot.merging import CONTACTS

Failure = PermanentError | RetriableError


class HubSpotFields:
    """Fits :class:`commerce_sync.profiles.at_hubspot.Contacts`."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    def holding(self, emails: Sequence[str], properties: Sequence[str]) -> list[Mapping[str, Any]]:
        """The contacts that have these as primary or additional email addresses, each once, with both and more."""
        found: dict[str, Mapping[str, Any]] = {}
        for batch in _hundreds(sorted(set(emails))):
            body = {
                "idProperty": "email",
                "inputs": [{"id": email} for email in batch],
                "properties": [*ADDRESSES, *properties],
                "propertiesWithHistory": [],
            }
            answer = self._hubspot.call("POST", f"{CONTACTS}/batch/read", body, {"archived": "false"})
            found |= {str(contact["id"]): contact for contact in read_results(answer)}
        return list(found.values())

    def update(self, values: Mapping[str, Mapping[str, str]]) -> Mapping[str, Failure]:
        """Write properties by contact id; why not, of those that were not written. Repeating it changes nothing."""
        errors: dict[str, Failure] = {}
        for ids in _hundreds(list(values)):
            inputs = [{"id": one, TRACE: f"fields:{one}", "properties": dict(values[one])} for one in ids]
            found = self._hubspot.write_batch(f"{CONTACTS}/batch/update", inputs).errors
            errors |= {trace.partition(":")[2]: error for trace, error in found.items()}
        return errors

    def create(self, people: Mapping[str, Mapping[str, str]]) -> Mapping[str, Failure]:
        """Make contacts by email address; why not, of those that were not made.

        Somebody who became a contact meanwhile is found the next time. So is whose contact was made by a call that
        had no answer: repeating it makes no second one.
        """
        errors: dict[str, Failure] = {}
        for emails in _hundreds(list(people)):
            inputs = [
                {TRACE: f"contact:{at}", "properties": dict(people[email]), "associations": []}
                for at, email in enumerate(emails)
            ]
            found = self._hubspot.write_batch(f"{CONTACTS}/batch/create", inputs).errors
            errors |= {emails[int(trace.partition(":")[2])]: _made_meanwhile(error) for trace, error in found.items()}
        return errors

    def stages(self) -> Sequence[str]:
        """The lifecycle stages, in the account's own order; asked for once for each client."""
        return self._stages

    @cached_property
    def _stages(self) -> list[str]:
        options = self._hubspot.call("GET", "/crm/properties/{V}/contacts/lifecyclestage").json["options"]
        return [str(one["value"]) for one in sorted(options, key=lambda one: int(one.get("displayOrder") or 0))]


def _made_meanwhile(error: Failure) -> Failure:
    return RetriableError("hubspot: somebody made that contact meanwhile") if is_conflict(error) else error


def _hundreds(values: Sequence[str]) -> list[Sequence[str]]:
    return [values[start : start + MOST_INPUTS] for start in range(0, len(values), MOST_INPUTS)]
