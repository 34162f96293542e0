"""The account: its details, its use, its currencies, its owners, its pipelines, its lists."""

from typing import Any

from flask import request

from local.sandboxes.hubspot.errors import not_found
from local.sandboxes.hubspot.events import PORTAL_ID
from local.sandboxes.hubspot.gate import Route
from local.sandboxes.hubspot.pipelines import pipelines_payload
from local.sandboxes.hubspot.reading import after_id, limit
from local.sandboxes.hubspot.state import HubSpotState

CREATED = "2026-01-01T00:00:00Z"
OWNERS_PAGE = 100
MEMBERS_PAGE = 250


def account_routes(state: HubSpotState) -> list[Route]:
    """The endpoints about the account itself."""
    api, currencies = Account(state), "/settings/currencies/{V}"
    return [
        ("GET", "/account-info/{V}/details", api.details),
        ("GET", "/account-info/{V}/api-usage/daily/private-apps", api.usage),
        ("GET", f"{currencies}/company-currency", api.company_currency),
        ("GET", f"{currencies}/codes", api.codes),
        ("GET", f"{currencies}/exchange-rates/current", api.rates),
        ("GET", "/crm/owners/{V}", api.owners),
        ("GET", "/crm/owners/{V}/<owner_id>", api.owner),
        ("GET", "/crm/lists/{V}/<list_id>/memberships", api.members),
        ("GET", "/crm/pipelines/{V}/<object_type>", api.pipelines),
    ]


class Account:
    """The endpoints about the account itself. The first currency of the settings is the company's."""

    def __init__(self, state: HubSpotState) -> None:
        self._state = state

    def details(self) -> tuple[Any, int]:
        """Who and where the account is."""
        company, *others = self._state.settings.currencies
        return {
            "portalId": PORTAL_ID,
            "accountType": "STANDARD",
            "timeZone": "UTC",
            "utcOffset": "+00:00",
            "utcOffsetMilliseconds": 0,
            "companyCurrency": company,
            "additionalCurrencies": others,
            "dataHostingLocation": "na1",
            "uiDomain": "app.hubspot.com",
        }, 200

    def usage(self) -> tuple[Any, int]:
        """The day's calls."""
        midnight = self._state.clock.moment().replace(hour=0, minute=0, second=0, microsecond=0)
        row = {
            "name": "private-apps-api-calls-daily",
            "usageLimit": self._state.settings.daily_limit,
            "currentUsage": self._state.limits.used_today,
            "collectedAt": self._state.clock.moment().isoformat(),
            "fetchStatus": "SUCCESS",
            "resetsAt": midnight.isoformat(),
        }
        return {"results": [row]}, 200

    def company_currency(self) -> tuple[Any, int]:
        """The company's currency."""
        return {"id": self._state.settings.currencies[0], "createdAt": CREATED}, 200

    def codes(self) -> tuple[Any, int]:
        """The account's currencies."""
        codes = self._state.settings.currencies
        return {"results": [{"currencyCode": code, "currencyName": code} for code in codes]}, 200

    def rates(self) -> tuple[Any, int]:
        """Rates from the additional currencies to the company's."""
        company, *others = self._state.settings.currencies
        rates = [
            {
                "id": str(number),
                "fromCurrencyCode": code,
                "toCurrencyCode": company,
                "conversionRate": 1.25,
                "effectiveAt": CREATED,
                "visibleInUI": True,
            }
            for number, code in enumerate(others, start=1)
        ]
        return {"results": rates}, 200

    def owners(self) -> tuple[Any, int]:
        """Owners at work, or those who left with ``archived=true``; never both."""
        size, start = limit(request.args.get("limit"), OWNERS_PAGE, OWNERS_PAGE), after_id(request.args.get("after"))
        archived = request.args.get("archived") == "true"
        email = request.args.get("email")
        living = [owner for owner in self._state.owners if owner.archived == archived]
        found = [owner.payload() for owner in living if not email or owner.email == email]
        return {"results": found[start : start + size], **following(len(found), start + size)}, 200

    def members(self, list_id: str) -> tuple[Any, int]:
        """A page of a list's members."""
        size, start = limit(request.args.get("limit"), MEMBERS_PAGE, MEMBERS_PAGE), after_id(request.args.get("after"))
        members = self._state.settings.lists.get(list_id)
        if members is None:
            raise not_found()
        results = [{"recordId": one, "membershipTimestamp": CREATED} for one in members[start : start + size]]
        return {"results": results, **following(len(members), start + size)}, 200

    def owner(self, owner_id: str) -> tuple[Any, int]:
        """One owner by id, or by user id where asked."""
        by_user = request.args.get("idProperty") == "userId"
        archived = request.args.get("archived") == "true"
        for owner in self._state.owners:
            if (str(owner.user_id) if by_user else owner.id) == owner_id and owner.archived == archived:
                return owner.payload(), 200
        raise not_found()

    def pipelines(self, object_type: str) -> tuple[Any, int]:
        """Pipelines with their stages."""
        return {"results": pipelines_payload(self._state.object_type(object_type))}, 200


def following(total: int, end: int) -> dict[str, Any]:
    """The cursor of the next page, where there is one."""
    return {"paging": {"next": {"after": str(end)}}} if end < total else {}
