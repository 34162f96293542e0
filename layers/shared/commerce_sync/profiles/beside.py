"""What stands beside a contact as sources of the field map: its owner, its open deals and tickets, its lists."""

from collections.abc import Collection, Iterable, Mapping

from commerce_sync.contracts.crm import Owner, Ticket
from commerce_sync.contracts.fields import FieldValues, HubSpotList, Known
from commerce_sync.contracts.told import ON_IT

OWNER_ID = "hubspot_owner_id"
OPTED_OUT = "hs_email_optout"
"""Whether a contact opted out of all email: of what HubSpot was told, too."""
Memberships = Mapping[str, bool]
"""By a selected list's id, whether a contact is on it. A list that was not read yet is absent."""


def owner_known(owner_id: str | None, owners: Mapping[str, Owner]) -> Known:
    """A contact's owner. Nobody is known to be nobody; an id that no owner has is not known."""
    if not owner_id:
        return {"owner.name": None, "owner.email": None}
    owner = owners.get(owner_id)
    return {"owner.name": owner.name, "owner.email": owner.email} if owner else {}


def deals_known(open_deals: int) -> Known:
    """How many are open."""
    return {"deals.open": str(open_deals), "deals.has_open": _boolean(open_deals > 0)}


def tickets_known(tickets: Iterable[Ticket], complaints: Collection[str]) -> Known:
    """How many are open, and whether one of those is a complaint."""
    still = [one for one in tickets if one.is_open]
    return {
        "tickets.open": str(len(still)),
        "tickets.has_open": _boolean(bool(still)),
        "tickets.has_complaint": _boolean(any(one.category in complaints for one in still)),
    }


def lists_known(member_of: Memberships, lists: Collection[HubSpotList]) -> Known:
    """The selected lists that a contact is on, by the names that the map gives them; unless one was not read yet."""
    if any(one.hubspot not in member_of for one in lists):
        return {}
    return {"lists.names": ";".join(sorted(one.name for one in lists if member_of[one.hubspot]))}


def lists_at_klaviyo(member_of: Memberships, lists: Iterable[HubSpotList], *, opted_out: bool = False) -> FieldValues:
    """By id, the lists of Klaviyo's that a contact shall be on and not be on, of those that were read.

    Who opted out of all email shall be on none: Klaviyo may not have heard of it yet, and to join may start a flow.
    """
    read = (one for one in lists if one.klaviyo and one.hubspot in member_of)
    return {one.klaviyo or "": ON_IT if member_of[one.hubspot] and not opted_out else None for one in read}


def _boolean(value: bool) -> str:  # noqa: FBT001 # a value, not a switch
    return "true" if value else "false"
