"""Web events as Shopify's pixel and our snippet send them, invented here."""

from datetime import UTC, datetime, timedelta
from typing import Any

from commerce_sync.contracts import Store
from commerce_sync.intake import Translation, translate

from tests.unit.intake.bodies import assert_holds_contracts, encoded

PAGES = Store(source="web", id="us", currency="USD", country="US", shop="shopify:us")
OWN_PAGES = Store(source="web", id="wholesale", currency="USD", country="US", shop="own:wholesale")
RECEIVED = datetime(2026, 11, 21, 18, tzinfo=UTC)
JUST_NOW = (RECEIVED - timedelta(seconds=3)).isoformat()
TOKEN = "5f0e7c1d2b3a49588776655443322110"
ADA = {"id": "7700", "email": "ada@example.com"}

Body = dict[str, Any]


def variant(**changes: object) -> Body:
    """A mug at 14.95 USD."""
    return {
        "id": "4300",
        "sku": "MUG-B",
        "title": "<script>alert(1)</script>",
        "price": {"amount": 14.95, "currencyCode": "USD"},
        "product": {"id": "70", "title": "<script>alert(1)</script>", "url": "https://evil.example"},
        **changes,
    }


def pixel(name: str, told: Body, **changes: object) -> Body:
    """An event of the pixel."""
    head = {"id": "sh-0001", "name": name, "timestamp": JUST_NOW, "clientId": "c-1", "customer": ADA}
    return head | {"data": told, **changes}


def viewed(**changes: object) -> Body:
    """Somebody looked at a mug."""
    return pixel("product_viewed", {"productVariant": variant()}) | changes


def added(**changes: object) -> Body:
    """Two mugs for 29.90 less 2.00."""
    line = {"merchandise": variant(), "quantity": 2, "cost": {"totalAmount": {"amount": 27.9, "currencyCode": "USD"}}}
    return pixel("product_added_to_cart", {"cartLine": line}) | changes


def checkout(**changes: object) -> Body:
    """Two mugs for 29.90, less 3.00, with 4.95 shipping and 2.39 tax: 34.24."""
    return {
        "token": TOKEN,
        "currencyCode": "USD",
        "email": "typed@example.com",
        "buyerAcceptsEmailMarketing": True,
        "buyerAcceptsSmsMarketing": True,
        "order": {"id": "9001", "customer": {"id": "7700"}},
        "lineItems": [
            {"id": "L1", "quantity": 2, "variant": variant(), "discountAllocations": [{"amount": {"amount": 3}}]}
        ],
        "totalPrice": {"amount": 34.24, "currencyCode": "USD"},
        "totalTax": {"amount": 2.39, "currencyCode": "USD"},
        "discountsAmount": {"amount": 3.0, "currencyCode": "USD"},
        "shippingLine": {"price": {"amount": 4.95, "currencyCode": "USD"}},
        **changes,
    }


def started(**changes: object) -> Body:
    """That checkout was begun."""
    return pixel("checkout_started", {"checkout": checkout(**changes)})


def snippet(name: str = "viewed_product", **changes: object) -> Body:
    """An event of the snippet: two mugs, a spoon."""
    return {
        "id": "0001",
        "name": name,
        "timestamp": JUST_NOW,
        "customer": {"email": "ada@example.com"},
        "products": [
            {"product_id": "MUG", "sku": "MUG-B", "price": "14.95", "quantity": 2},
            {"product_id": 7, "price": 1.1},
        ],
        **changes,
    }


def browser(body: object, store: Store = PAGES, *, received_at: datetime | None = RECEIVED) -> Translation:
    """What a body says, held to its contracts."""
    translation = translate("web", "events", store, encoded(body), received_at=received_at)
    assert_holds_contracts(translation)
    return translation
