"""Operations ``get_accounts`` and ``get_account``: the start-up check of a key."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from local.sandboxes.klaviyo import rendering
from local.sandboxes.klaviyo.errors import not_found
from local.sandboxes.klaviyo.paging import allow
from local.sandboxes.klaviyo.rates import XS
from local.sandboxes.klaviyo.routes import Route

ACCOUNT_ID = "AbC123"


class Accounts:
    """The key's one account."""

    def routes(self) -> list[Route]:
        """The operations."""
        return [
            Route("GET", "/api/accounts", self.read_many, XS),
            Route("GET", "/api/accounts/<account_id>", self.read, XS),
        ]

    def read_many(self) -> ResponseReturnValue:
        """The account, as a list of one."""
        allow()
        return jsonify({"data": [_account()], "links": {"self": request.url, "next": None, "prev": None}})

    def read(self, account_id: str) -> ResponseReturnValue:
        """The account, if the id is its own."""
        allow()
        if account_id != ACCOUNT_ID:
            raise not_found("account", account_id)
        return jsonify({"data": _account(), "links": {"self": request.url}})


def _account() -> dict[str, Any]:
    attributes = {
        "test_account": True,
        "contact_information": {
            "default_sender_name": "Sandbox",
            "default_sender_email": "shop@example.com",
            "website_url": "https://shop.example.com",
            "organization_name": "Sandbox",
            "street_address": dict.fromkeys(("address1", "address2", "city", "region", "country", "zip"), ""),
        },
        "industry": "Ecommerce",
        "timezone": "Europe/Madrid",
        "preferred_currency": "EUR",
        "public_api_key": ACCOUNT_ID,
        "locale": "en-US",
    }
    return rendering.resource("account", ACCOUNT_ID, attributes)
