"""A store's customers that changed, in the shape of the webhook ``customers/update``, with what they say of marketing.

That webhook carries no consent since 2025-01; the bodies of before did, and their words are read still. So whoever left
while the consent webhooks were lost is found as well.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from commerce_sync.errors import RetriableError
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.shopify.client import Shopify
from commerce_sync.vendors.shopify.customers import CustomerConsent, ShopConsent, customer_of, instant
from commerce_sync.vendors.shopify.documents import PEOPLE

PAGE: Final = 100


class ShopifyPeople:
    """Customers of one store, a hundred at a time. Scope: ``read_customers``."""

    def __init__(self, shopify: Shopify) -> None:
        self._shopify = shopify

    def modified_since(self, moment: datetime, cursor: str | None) -> tuple[list[ChangedRecord], str | None]:
        """A page of customers that changed at or after a moment, by id, and the next cursor.

        By id and not by time: an id never moves, so one that changes meanwhile hides no other. The index lags.
        """
        given = {
            "first": PAGE,
            "after": cursor,
            "query": f'updated_at:>="{instant(moment)}"',
            "sortKey": "ID",
        }
        variables = {name: value for name, value in given.items() if value is not None}
        connection = self._shopify.ask(PEOPLE, variables).get("customers") or {}
        if "nodes" not in connection:
            raise RetriableError("shopify answered without a page")
        info = connection.get("pageInfo") or {}
        following = str(info["endCursor"]) if info.get("hasNextPage") else None
        return [_changed(node) for node in connection["nodes"]], following


def _changed(node: Mapping[str, Any]) -> ChangedRecord:
    customer = customer_of(node)
    at = customer.updated_at.astimezone(UTC) if customer.updated_at else None
    return ChangedRecord(customer.customer_id.rpartition("/")[2], at, _body(node, customer))


def _body(node: Mapping[str, Any], customer: CustomerConsent) -> Mapping[str, Any]:
    """The webhook's names. What a customer has not is null, as there."""
    number = customer.customer_id.rpartition("/")[2]
    body = {
        "id": int(number) if number.isdecimal() else number,
        "updated_at": node.get("updatedAt"),
        "email": customer.email.address if customer.email else None,
        "phone": customer.sms.address if customer.sms else None,
        "first_name": node.get("firstName"),
        "last_name": node.get("lastName"),
    }
    consents = {"email_marketing_consent": customer.email, "sms_marketing_consent": customer.sms}
    return body | {name: _consent(shown) for name, shown in consents.items() if shown}


def _consent(shown: ShopConsent) -> Mapping[str, Any]:
    return {
        "state": shown.state.lower(),
        "opt_in_level": shown.opt_in_level.lower() or None,
        "consent_updated_at": shown.updated_at.isoformat() if shown.updated_at else None,
        "consent_collected_from": shown.collected_from or None,
    }
