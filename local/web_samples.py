"""Sample web events: what a shop's pages send for invented visitors, and the request that carries it."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from local.sample_day.people import Someone

Bodies = dict[str, tuple[str, list[dict[str, Any]]]]
"""By sample name: the web store, and the events of one request."""
ORIGINS = {"us": "https://shop.example.com", "wholesale": "https://wholesale.example.com"}


def web_bodies(person: Someone, at: datetime) -> Bodies:
    """A visit as Shopify's pixel tells it, and one as the snippet does."""
    customer = {"id": str(person.customer_id), "email": person.email}
    moments = [(at - timedelta(seconds=ago)).isoformat(timespec="milliseconds") for ago in (9, 5, 1)]
    variant = {
        "id": "43000000000001",
        "sku": "MUG-B",
        "title": "Blue",
        "price": {"amount": 14.95, "currencyCode": "USD"},
        "product": {"id": "7000000001", "title": "Mug", "vendor": "Example", "type": "Mugs", "url": "/products/mug"},
    }
    line = {"merchandise": variant, "quantity": 2, "cost": {"totalAmount": {"amount": 29.9, "currencyCode": "USD"}}}
    checkout = {
        "token": "5f0e7c1d2b3a49588776655443322110",
        "currencyCode": "USD",
        "email": person.email,
        "lineItems": [{"id": "43000000000001", "quantity": 2, "discountAllocations": [], "variant": variant}],
        "totalPrice": {"amount": 37.24, "currencyCode": "USD"},
        "totalTax": {"amount": 2.39, "currencyCode": "USD"},
        "shippingLine": {"price": {"amount": 4.95, "currencyCode": "USD"}},
    }
    acts = (
        ("product_viewed", {"productVariant": variant}),
        ("product_added_to_cart", {"cartLine": line}),
        ("checkout_started", {"checkout": checkout}),
    )
    pixel = [
        {
            "id": f"sh-00000000-0000-4000-8000-00000000000{number}",
            "name": name,
            "timestamp": moment,
            "clientId": "00000000-0000-4000-8000-0000000000cc",
            "customer": customer,
            "data": data,
        }
        for number, ((name, data), moment) in enumerate(zip(acts, moments, strict=True))
    ]
    snippet = {
        "id": "00000000-0000-4000-8000-00000000000a",
        "name": "viewed_product",
        "timestamp": moments[0],
        "customer": {"email": person.email},
        "products": [{"product_id": "MUG-B", "sku": "MUG-B", "price": 14.95}],
    }
    return {"web_pixel_visit": ("us", pixel), "web_snippet_view": ("wholesale", [snippet])}


def web_event(base_url: str, store: str, token: str, body: bytes, *, at: datetime) -> dict[str, Any]:
    """The request as API Gateway hands it over: text, because a browser calls it ``text/plain``."""
    path = f"/web/{store}"
    return {
        "version": "2.0",
        "routeKey": "POST /web/{store}",
        "rawPath": path,
        "rawQueryString": urlencode({"token": token}),
        "headers": {"content-type": "text/plain;charset=UTF-8", "origin": ORIGINS[store]},
        "queryStringParameters": {"token": token},
        "pathParameters": {"store": store},
        "requestContext": {
            "domainName": base_url.removeprefix("https://"),
            "http": {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
            "requestId": "sample",
            "stage": "$default",
            "timeEpoch": int(at.timestamp() * 1000),
        },
        "isBase64Encoded": False,
        "body": body.decode(),
    }
