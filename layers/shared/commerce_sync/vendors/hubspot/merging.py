"""Two HubSpot contacts made one. HubSpot cannot take it back, and may give the survivor a new id."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from commerce_sync.errors import RefusedByVendorError, RetriableError
from commerce_sync.vendors.http import NOT_FOUND
from commerce_sync.vendors.hubspot.client import HubSpot

CONTACTS = "/crm/objects/{V}/contacts"


def merge_contacts(hubspot: HubSpot, primary_id: str, other_id: str) -> str:
    """Merge the other contact into the primary one; returns the id of what is left.

    A repeat is harmless: where HubSpot refuses, both ids are read, and a merged id shows the survivor. Both showing
    the same contact, it is done; one that leads to another id is tried once more under that.

    :raises RefusedByVendorError: HubSpot refuses these two for another reason, or one of them is gone.
    """
    try:
        return _merge(hubspot, primary_id, other_id)
    except RefusedByVendorError:
        primary, other = current(hubspot, primary_id), current(hubspot, other_id)
        if primary is None or other is None:
            raise
        now = (str(primary["id"]), str(other["id"]))
        if now[0] == now[1]:
            return now[0]
        if now == (primary_id, other_id):
            raise
    return _merge(hubspot, *now)


def current(hubspot: HubSpot, contact_id: str, properties: Sequence[str] = ()) -> Mapping[str, Any] | None:
    """A contact by its id, or by one that it had before a merge; None where HubSpot knows nobody."""
    asked = {"properties": ",".join(properties)} if properties else None
    try:
        answer = hubspot.call("GET", f"{CONTACTS}/{quote(contact_id, safe='')}", None, asked)
    except RefusedByVendorError as refusal:
        if refusal.status == NOT_FOUND:
            return None
        raise
    contact: Mapping[str, Any] = answer.json or {}
    if not contact.get("id"):
        raise RetriableError("hubspot did not say which contact it read")
    return contact


def _merge(hubspot: HubSpot, primary_id: str, other_id: str) -> str:
    body = {"primaryObjectId": primary_id, "objectIdToMerge": other_id}
    answer = hubspot.call("POST", f"{CONTACTS}/merge", body)
    if not (answer.json or {}).get("id"):
        raise RetriableError("hubspot did not say which contact is left")
    return str(answer.json["id"])
