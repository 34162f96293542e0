"""What of stored data may be told to a person: theirs, and nobody else's. Pure."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from commerce_sync.contracts import Envelope
from commerce_sync.contracts.identity_book import Identifier, identifier_of, text_of
from commerce_sync.privacy.owning import AddressOf, contacts_of, values_of
from commerce_sync.privacy.searching import emails_in

TOGETHER = "hubspot"
"""HubSpot tells up to a hundred changes of anybody's in one delivery; other senders tell of one person each."""
LEFT_OUT = "left out: not an address of this person"
NAMING = ("objectId", "primaryObjectId", "newObjectId")


def told_of(envelope: Envelope, identifiers: Collection[Identifier], address_of: AddressOf) -> dict[str, Any] | None:
    """A delivery as its person may see it; None where nothing in it is theirs."""
    told = envelope.model_dump(mode="json")
    if envelope.source != TOGETHER:
        return told
    try:
        changes = json.loads(envelope.body_bytes() or b"")
    except (ValueError, RecursionError):
        return None
    own = [part for change in _listed(changes) if (part := _told(change, identifiers, address_of))]
    return told | {"body": json.dumps(own, ensure_ascii=False), "body_encoding": "utf-8"} if own else None


def _told(change: Any, identifiers: Collection[Identifier], address_of: AddressOf) -> Mapping[str, Any] | None:
    """A change of one of their contacts, or to one of their addresses; without anybody else's address or record."""
    if not isinstance(change, dict):
        return None
    contacts, emails = set(contacts_of(identifiers)), set(values_of(identifiers, "email"))
    named = {str(change[name]) for name in NAMING if change.get(name) is not None}
    named |= {str(one) for one in change.get("mergedObjectIds") or ()}
    value = change.get("propertyValue")
    said = set(emails_in(value, address_of)) if isinstance(value, str) else set()
    if named and named <= contacts:
        return change if said <= emails else change | {"propertyValue": LEFT_OUT}
    if said and said <= emails:
        return {name: part for name, part in change.items() if name not in {*NAMING, "mergedObjectIds"}}
    return None


def own_identity(described: Mapping[str, Any], identifiers: Iterable[Identifier]) -> dict[str, Any]:
    """What the identity book knows of a person, as ``explain`` tells it, without anybody else's identifiers.

    Whom they are kept apart from, and why, is about others: it is left out. Another's end of a link is its kind.
    """
    own = {text_of(one) for one in identifiers}
    return {"profiles": [_own_profile(profile, own) for profile in described.get("profiles", ())]}


def _own_profile(profile: Mapping[str, Any], own: Collection[str]) -> dict[str, Any]:
    links = [link for link in profile.get("links", ()) if set(link["identifiers"]) & set(own)]
    return {
        "profile_id": profile["profile_id"],
        "identifiers": [one for one in profile["identifiers"] if one in own],
        "links": [
            {
                "identifiers": [one if one in own else identifier_of(one)[0] for one in link["identifiers"]],
                "basis": link["basis"],
                "at": link["at"],
            }
            for link in links
        ],
        "history": [{"kind": change["kind"], "at": change["at"]} for change in profile.get("history", ())],
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
