"""What stands beside a contact as sources of the field map: its owner, its open deals and tickets, its lists."""

from collections.abc import Collection, Iterable, Mapping

from commerce_sync.contracts.crm import Owner, Ticket
from commerce_sync.contracts.fields import HubSpotList, Known

OWNER_ID = "hubspot_owner_id"


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


def lists_known(member_of: Collection[str], lists: Iterable[HubSpotList]) -> Known:
    """The selected lists that a contact is on, by the names that the map gives them. ``member_of``: ids."""
    return {"lists.names": ";".join(sorted(one.name for one in lists if one.hubspot in member_of))}


def _boolean(value: bool) -> str:  # noqa: FBT001 # a value, not a switch
    return "true" if value else "false"
