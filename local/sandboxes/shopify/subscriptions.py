"""Webhook subscriptions of the one app: created, changed and listed by GraphQL, told of changes by their topics.

Refusals are words without a code (``UserError``). One topic and address can be subscribed to once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from local.sandboxes.sending import is_here
from local.sandboxes.shopify.settings import Settings

GID = "gid://shopify/WebhookSubscription/"
MOST = 250
TAKEN = "Address for this topic has already been taken"
NO_HTTPS = "Address protocol http:// is not supported"
SCOPES = {
    "CUSTOMERS_MERGE": "read_customer_merge",
    "CUSTOMERS": "read_customers",
    "FULFILLMENT": "read_fulfillments",
    "SUBSCRIPTION": "read_own_subscription_contracts",
    **dict.fromkeys(("ORDERS", "CARTS", "CHECKOUTS", "REFUNDS"), "read_orders"),
}
"""By how a topic's name begins, the longest first: the scope without which it is refused."""


@dataclass(frozen=True)
class Subscription:
    """One subscription."""

    number: int
    topic: str
    uri: str
    created: datetime
    updated: datetime
    format: str = "JSON"
    fields: tuple[str, ...] = ()
    filter: str | None = None

    def resource(self, version: str) -> dict[str, Any]:
        """As GraphQL shows it."""
        return {
            "id": f"{GID}{self.number}",
            "topic": self.topic,
            "uri": self.uri,
            "format": self.format,
            "includeFields": list(self.fields),
            "filter": self.filter,
            "apiVersion": {"handle": version, "displayName": version, "supported": True},
            "createdAt": self.created,
            "updatedAt": self.updated,
        }


@dataclass
class Subscriptions:
    """All of them, by number."""

    by_number: dict[int, Subscription] = field(default_factory=dict)

    def addresses(self, topic: str) -> list[str]:
        """Where a topic (``orders/create``) is told to, as far as that is this machine."""
        name = topic.replace("/", "_").upper()
        return [one.uri for one in self.by_number.values() if one.topic == name and is_here(one.uri)]

    def listed(self, settings: Settings, **given: Any) -> dict[str, Any]:
        """A page, by number."""
        first, after = given.get("first") or MOST, int(given.get("after") or 0)
        wanted = given.get("topics")
        found = [
            one
            for number, one in sorted(self.by_number.items())
            if number > after and (not wanted or one.topic in wanted) and given.get("uri") in (None, one.uri)
        ]
        page = found[:first]
        return {
            "nodes": [one.resource(settings.webhook_version) for one in page],
            "edges": [{"cursor": str(one.number), "node": one.resource(settings.webhook_version)} for one in page],
            "pageInfo": {
                "hasNextPage": len(found) > len(page),
                "hasPreviousPage": after > 0,
                "startCursor": str(page[0].number) if page else None,
                "endCursor": str(page[-1].number) if page else None,
            },
        }

    def create(self, settings: Settings, now: datetime, topic: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """A new one, or the words that refuse it."""
        new = _with(Subscription(max(self.by_number, default=0) + 1, topic, "", now, now), given)
        return self._kept(settings, new)

    def update(self, settings: Settings, now: datetime, gid: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """One with what is given changed, or the words that refuse it."""
        number = gid.removeprefix(GID)
        known = self.by_number.get(int(number)) if number.isdecimal() else None
        if known is None:
            return _refused("Webhook subscription does not exist", "id")
        return self._kept(settings, replace(_with(known, given), updated=now))

    def _kept(self, settings: Settings, wanted: Subscription) -> dict[str, Any]:
        scope = next((scope for start, scope in SCOPES.items() if wanted.topic.startswith(start)), None)
        if scope in settings.missing_scopes:
            return _refused(
                f"You do not have permission to create or update webhooks with {wanted.topic} topic", "topic"
            )
        if wanted.topic in settings.protected_topics:
            words = "This app is not approved to subscribe to webhook topics containing protected customer data."
            return _refused(words, "webhookSubscription", "topic")
        if not (wanted.uri.startswith("https://") or is_here(wanted.uri)):
            return _refused(NO_HTTPS, "webhookSubscription", "uri")
        same = (one for one in self.by_number.values() if (one.topic, one.uri) == (wanted.topic, wanted.uri))
        if any(one.number != wanted.number for one in same):
            return _refused(TAKEN, "webhookSubscription", "uri")
        self.by_number[wanted.number] = wanted
        return {"webhookSubscription": wanted.resource(settings.webhook_version), "userErrors": []}


def _with(known: Subscription, given: Mapping[str, Any]) -> Subscription:
    return replace(
        known,
        uri=given.get("uri") or known.uri,
        format=given.get("format") or known.format,
        fields=tuple(given["includeFields"] or ()) if "includeFields" in given else known.fields,
        filter=(given["filter"] or None) if "filter" in given else known.filter,
    )


def _refused(message: str, *path: str) -> dict[str, Any]:
    return {"webhookSubscription": None, "userErrors": [{"field": list(path), "message": message}]}
