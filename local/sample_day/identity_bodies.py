"""Bodies that say who is who, or that somebody wants to be forgotten. About invented people."""

from datetime import datetime
from typing import Any

from local.sample_day.people import Someone

Body = dict[str, Any]

SHOP = {"shop_id": 954889, "shop_domain": "sample.myshopify.com"}


def merged_customers(kept: Someone, deleted: Someone) -> Body:
    """Shopify's customers/merge, once it is done."""
    return {
        "admin_graphql_api_customer_kept_id": _global_id(kept),
        "admin_graphql_api_customer_deleted_id": _global_id(deleted),
        "admin_graphql_api_job_id": None,
        "status": "completed",
        "errors": [],
    }


def deleted_customer(person: Someone) -> Body:
    """Shopify's customers/delete."""
    return {"id": person.customer_id, "tax_exemptions": [], "admin_graphql_api_id": _global_id(person)}


def erasure(person: Someone, orders: list[int]) -> Body:
    """Shopify's customers/redact."""
    return SHOP | {"customer": _customer(person), "orders_to_redact": orders}


def data_request(person: Someone, orders: list[int]) -> Body:
    """Shopify's customers/data_request."""
    return SHOP | {"customer": _customer(person), "orders_requested": orders, "data_request": {"id": 9999}}


def contact_changes(at: datetime) -> list[Body]:
    """HubSpot's staff merged two contacts; the one that stayed has the other's address as well."""
    merge = {"primaryObjectId": 501, "mergedObjectIds": [502], "newObjectId": None, "numberOfPropertiesMoved": 16}
    addresses = {"propertyName": "hs_additional_emails", "propertyValue": "ada.other@example.com"}
    moved = {"propertyName": "email", "propertyValue": "ada.new@example.com"}
    return [
        _change(at, "contact.merge", 501, **merge),
        _change(at, "contact.propertyChange", 501, **addresses),
        _change(at, "contact.propertyChange", 503, **moved),
    ]


def forgotten_contact(at: datetime) -> list[Body]:
    """HubSpot erased a contact for good, which it tells as a deletion too, and archived another."""
    return [
        _change(at, "contact.deletion", 504),
        _change(at, "contact.privacyDeletion", 504),
        _change(at, "contact.deletion", 505),
    ]


def _change(at: datetime, kind: str, contact: int, **said: Any) -> Body:
    head = {"eventId": 1002, "subscriptionId": 78, "portalId": 4242, "appId": 9001, "attemptNumber": 0}
    moment = {"occurredAt": int(at.timestamp() * 1000), "subscriptionType": kind, "objectId": contact}
    return head | moment | said | {"changeSource": "CRM_UI", "sourceId": "userId:12"}


def _customer(person: Someone) -> Body:
    return {"id": person.customer_id, "email": person.email, "phone": person.phone}


def _global_id(person: Someone) -> str:
    return f"gid://shopify/Customer/{person.customer_id}"
