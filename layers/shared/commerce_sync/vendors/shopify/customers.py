"""A store's customers and their marketing consent, read by Shopify's GraphQL Admin API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from commerce_sync.contracts.consent import Channel
from commerce_sync.errors import RetriableError
from commerce_sync.vendors.shopify.client import Shopify
from commerce_sync.vendors.shopify.documents import CUSTOMERS

PAGE = 100
FOUND = 10
"""The first page of a search: Shopify charges for what a page could hold, and few customers share an address."""
SEARCHED: Mapping[Channel, str] = {"email": "email", "sms": "phone"}
SHOWN: Mapping[Channel, str] = {"email": "defaultEmailAddress", "sms": "defaultPhoneNumber"}
ADDRESS: Mapping[Channel, str] = {"email": "emailAddress", "sms": "phoneNumber"}


@dataclass(frozen=True, slots=True)
class ShopConsent:
    """Marketing consent to one address of a customer.

    ``state`` is Shopify's word (NOT_SUBSCRIBED, PENDING, SUBSCRIBED, UNSUBSCRIBED, INVALID, REDACTED), also one that
    nobody knows. ``updated_at`` is when consent was given or withdrawn, None where it never was.
    """

    address: str
    state: str
    opt_in_level: str
    updated_at: datetime | None
    collected_from: str = ""


@dataclass(frozen=True, slots=True)
class CustomerConsent:
    """A customer (``gid://shopify/Customer/1``) with the consent to each address it has."""

    customer_id: str
    updated_at: datetime | None
    email: ShopConsent | None
    sms: ShopConsent | None

    def on(self, channel: Channel) -> ShopConsent | None:
        """The consent on a channel; None where the customer has no such address."""
        return self.email if channel == "email" else self.sms


class ShopifyCustomers:
    """Customers of one store."""

    def __init__(self, shopify: Shopify) -> None:
        self._shopify = shopify

    def find(self, channel: Channel, address: str) -> list[CustomerConsent]:
        """Every customer whose own address on a channel this is.

        Shopify's search finds more than asked for, so each is compared. Its index lags: who has just been created may
        be missing.
        """
        found: list[CustomerConsent] = []
        cursor: str | None = None
        query = f"{SEARCHED[channel]}:{_quoted(address)}"
        while True:
            customers, cursor = self._page(cursor, query, "ID", FOUND)
            found += [one for one in customers if (shown := one.on(channel)) and _same(shown.address, address)]
            if cursor is None:
                return found

    def page(self, cursor: str | None) -> tuple[list[CustomerConsent], str | None]:
        """A hundred of all customers in the order of their ids, and the next cursor."""
        return self._page(cursor, None, "ID")

    def updated_since(self, moment: datetime, cursor: str | None) -> tuple[list[CustomerConsent], str | None]:
        """A hundred customers that changed at a moment or after it, the first change first, and the next cursor.

        Whether a change of consent alone counts as an update is unverified.
        """
        return self._page(cursor, f"updated_at:>={_quoted(instant(moment))}", "UPDATED_AT")

    def _page(
        self, cursor: str | None, query: str | None, sort_key: str, most: int = PAGE
    ) -> tuple[list[CustomerConsent], str | None]:
        given = {"first": most, "after": cursor, "query": query, "sortKey": sort_key}
        variables = {name: value for name, value in given.items() if value is not None}
        connection = self._shopify.ask(CUSTOMERS, variables).get("customers") or {}
        if "nodes" not in connection:
            raise RetriableError("shopify answered without a page")
        info = connection.get("pageInfo") or {}
        following = str(info["endCursor"]) if info.get("hasNextPage") else None
        return [customer_of(node) for node in connection["nodes"]], following


def customer_of(node: Mapping[str, Any]) -> CustomerConsent:
    """A customer as Shopify answered it."""
    return CustomerConsent(
        str(node["id"]), _moment(node.get("updatedAt")), _consent(node, "email"), _consent(node, "sms")
    )


def _consent(node: Mapping[str, Any], channel: Channel) -> ShopConsent | None:
    shown = node.get(SHOWN[channel])
    if not shown or not shown.get(ADDRESS[channel]):
        return None
    return ShopConsent(
        address=str(shown[ADDRESS[channel]]),
        state=str(shown.get("marketingState") or ""),
        opt_in_level=str(shown.get("marketingOptInLevel") or ""),
        updated_at=_moment(shown.get("marketingUpdatedAt")),
        collected_from=str(shown.get("marketingCollectedFrom") or ""),
    )


def _quoted(text: str) -> str:
    """A value in Shopify's search syntax: in double quotes, its own and backslashes escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _same(one: str, other: str) -> bool:
    return one.strip().lower() == other.strip().lower()


def instant(moment: datetime) -> str:
    """A time as Shopify takes it, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
