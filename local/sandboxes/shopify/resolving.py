"""What the GraphQL documents read and change."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from graphql import GraphQLError

from local.sandboxes.shopify import consents
from local.sandboxes.shopify.customers import GID, Channel, Customer, moment
from local.sandboxes.shopify.state import ShopifyState

MOST = 250
CONTRACT_GID = "gid://shopify/SubscriptionContract/"
SETTABLE = frozenset({"SUBSCRIBED", "UNSUBSCRIBED", "PENDING"})
TERM = re.compile(r'\s*([a-z_]+):(>=|<=|>|<|)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))\s*')
SEARCHED: Mapping[str, Channel] = {"email": "email", "phone": "sms"}
INPUTS: Mapping[Channel, str] = {"email": "emailMarketingConsent", "sms": "smsMarketingConsent"}
KEYS: Mapping[str, Callable[[Customer], Any]] = {
    "ID": lambda customer: customer.id,
    "CREATED_AT": lambda customer: customer.created,
    "UPDATED_AT": lambda customer: customer.updated,
}


class Resolving:
    """The fields of the query and the mutation root."""

    def __init__(self, state: ShopifyState) -> None:
        self._state = state

    def root(self) -> dict[str, Any]:
        """Resolvers by field."""
        return {
            "customer": lambda _info, **given: self._by_gid(given["id"]),
            "customers": self._customers,
            "ordersCount": self._orders_count,
            "webhookSubscriptions": lambda _info, **given: self._state.subscriptions.listed(
                self._state.settings, **given
            ),
            "webhookSubscriptionCreate": lambda _info, topic, **given: self._state.subscriptions.create(
                self._state.settings, self._state.clock.moment(), topic, given["webhookSubscription"]
            ),
            "webhookSubscriptionUpdate": lambda _info, **given: self._state.subscriptions.update(
                self._state.settings, self._state.clock.moment(), given["id"], given["webhookSubscription"]
            ),
            "subscriptionContract": lambda _info, **given: self._contract(given["id"]),
            "customerEmailMarketingConsentUpdate": lambda _info, **given: self._update("email", given["input"]),
            "customerSmsMarketingConsentUpdate": lambda _info, **given: self._update("sms", given["input"]),
        }

    def _by_gid(self, gid: str) -> dict[str, Any] | None:
        customer = self._customer(gid)
        return customer.resource() if customer else None

    def _customer(self, gid: str) -> Customer | None:
        number = gid.removeprefix(GID)
        return self._state.customers.by_id.get(int(number)) if gid.startswith(GID) and number.isdecimal() else None

    def _contract(self, gid: str) -> dict[str, Any] | None:
        contract = self._state.contracts.get(gid.removeprefix(CONTRACT_GID)) if gid.startswith(CONTRACT_GID) else None
        if contract is None:
            return None
        order = contract.get("origin_order_id")
        return {
            "id": gid,
            "customer": self._by_gid(f"{GID}{contract['customer_id']}"),
            "originOrder": {"id": f"gid://shopify/Order/{order}"} if order else None,
        }

    def _customers(self, _info: Any, **given: Any) -> dict[str, Any]:
        first, sort_key = given.get("first"), given["sortKey"]
        if first is None or not 1 <= first <= MOST:
            raise GraphQLError(f"first must be between 1 and {MOST}", extensions={"code": "BAD_REQUEST"})
        if sort_key not in KEYS:
            raise GraphQLError(f"the sandbox does not sort by {sort_key}", extensions={"code": "BAD_REQUEST"})
        found = [one for one in self._state.customers.ordered() if self._matches(one, given.get("query") or "")]
        found.sort(key=lambda one: (KEYS[sort_key](one), one.id), reverse=given["reverse"])
        start = _offset(found, given.get("after"))
        shown = found[start : start + first]
        return {
            "nodes": [one.resource() for one in shown],
            "edges": [{"cursor": _cursor(one), "node": one.resource()} for one in shown],
            "pageInfo": {
                "hasNextPage": start + first < len(found),
                "hasPreviousPage": start > 0,
                "startCursor": _cursor(shown[0]) if shown else None,
                "endCursor": _cursor(shown[-1]) if shown else None,
            },
        }

    def _orders_count(self, _info: Any, **given: Any) -> dict[str, Any]:
        """Orders whatever their status, by the one search that we make."""
        terms = _terms(given.get("query") or "")
        if any((name, operator) != ("updated_at", ">=") for name, operator, _ in terms):
            raise GraphQLError("the sandbox counts by updated_at:>= alone", extensions={"code": "BAD_REQUEST"})
        since = moment(terms[0][2]) if terms else None
        found, limit = len(self._state.changed_since(since, 0, closed=True)), given["limit"]
        if limit is None or found < limit:
            return {"count": found, "precision": "EXACT"}
        return {"count": limit, "precision": "AT_LEAST"}

    def _matches(self, customer: Customer, query: str) -> bool:
        """Search finds by beginnings, and customers only once its index has them."""
        lag = timedelta(seconds=self._state.settings.search_lag)
        if query and customer.created > self._state.clock.moment() - lag:
            return False
        return all(_fits(customer, *term) for term in _terms(query))

    def _update(self, channel: Channel, given: Mapping[str, Any]) -> dict[str, Any]:
        consent = given[INPUTS[channel]]
        state = consent["marketingState"]
        if state not in SETTABLE:
            raise GraphQLError(f"Cannot specify {state} as a marketing state input", extensions={"code": "INVALID"})
        customer = self._customer(given["customerId"])
        if customer is None:
            return _wrong("INVALID", "Customer not found", "input", "customerId")
        problem = self._problem(customer, channel, consent)
        if problem:
            return {"customer": None, "userErrors": [problem]}
        before = customer.consent(channel)
        level = consent.get("marketingOptInLevel")
        kept = replace(
            before,
            state=state.lower(),
            level=level.lower() if level else before.level,
            at=consent.get("consentUpdatedAt") or self._state.clock.moment().replace(microsecond=0),
            collected_from="OTHER",
        )
        consents.apply(self._state, customer, channel, kept)
        return {"customer": customer.resource(), "userErrors": []}

    def _problem(self, customer: Customer, channel: Channel, consent: Mapping[str, Any]) -> dict[str, Any] | None:
        """What is wrong with an update, as it was seen in use; shopify.dev says less."""
        name, level = INPUTS[channel], consent.get("marketingOptInLevel")
        at = consent.get("consentUpdatedAt")
        if channel not in customer.addresses:
            noun = "An email address" if channel == "email" else "A phone number"
            return _error("INVALID", f"{noun} is required to set the consent state.", "input", name)
        if consent["marketingState"] == "SUBSCRIBED" and level is None:
            return _error("MISSING_ARGUMENT", "Marketing opt in level must exist", "input", name, "marketingOptInLevel")
        if at and at > self._state.clock.moment():
            message = "Consent updated at must not be in the future"
            return _error("INVALID", message, "input", name, "consentUpdatedAt")
        if consent["marketingState"] == "PENDING" and level != "CONFIRMED_OPT_IN":
            message = "Marketing opt in level must be confirmed opt-in for pending consent state"
            return _error("INVALID", message, "input", name, "marketingOptInLevel")
        return None


def _terms(query: str) -> list[tuple[str, str, str]]:
    terms, position = [], 0
    while position < len(query):
        match = TERM.match(query, position)
        if match is None or match.group(1) not in {*SEARCHED, "updated_at", "id"}:
            raise GraphQLError("the sandbox does not understand that search", extensions={"code": "BAD_REQUEST"})
        name, operator, quoted, bare = match.groups()
        terms.append((name, operator, re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare))
        position = match.end()
    return terms


def _fits(customer: Customer, name: str, operator: str, value: str) -> bool:
    if name in SEARCHED:
        return customer.addresses.get(SEARCHED[name], "").lower().startswith(value.lower())
    if name == "id":
        return str(customer.id) == value
    at = moment(value)
    assert at is not None  # noqa: S101 # a term has a value
    compare = {">=": customer.updated >= at, ">": customer.updated > at, "<=": customer.updated <= at}
    return compare.get(operator, customer.updated < at)


def _offset(found: list[Customer], after: str | None) -> int:
    """Where a page begins: behind the customer that the cursor names."""
    if after is None:
        return 0
    try:
        number = int(base64.b64decode(after, validate=True))
        return next(position for position, one in enumerate(found, start=1) if one.id == number)
    except (ValueError, StopIteration):
        raise GraphQLError("Invalid cursor for current pagination sort.", extensions={"code": "BAD_REQUEST"}) from None


def _cursor(customer: Customer) -> str:
    return base64.b64encode(str(customer.id).encode()).decode("ascii")


def _error(code: str, message: str, *field: str) -> dict[str, Any]:
    return {"code": code, "message": message, "field": list(field)}


def _wrong(code: str, message: str, *field: str) -> dict[str, Any]:
    return {"customer": None, "userErrors": [_error(code, message, *field)]}
