"""The door for browsers: origins, preflights, a limit per client, and no other way in."""

from typing import Any

import pytest
from commerce_sync.webhooks.refusals import RefusedError
from commerce_sync.webhooks.request import read_delivery
from commerce_sync.webhooks.storefront import (
    MOST_CLIENTS,
    Doorkeeper,
    access_headers,
    is_preflight,
    is_storefront,
)
from commerce_sync.webhooks.stores import origins_of

SHOP = "https://shop.example.com"


def request(origin: str | None = SHOP, store: str = "us", client: str = "192.0.2.1", method: str = "POST") -> Any:
    """A request as API Gateway hands it over."""
    return {
        "routeKey": f"{method} /web/{{store}}",
        "rawQueryString": "token=t%2Bt",
        "pathParameters": {"store": store},
        "headers": {} if origin is None else {"Origin": origin},
        "requestContext": {
            "domainName": "x.example",
            "http": {"method": method, "sourceIp": client},
            "timeEpoch": 1793491200123,
        },
        "body": "{}",
    }


def refusal(door: Doorkeeper, event: Any, now: float = 0.0) -> tuple[int, str]:
    """How a request is turned away."""
    with pytest.raises(RefusedError) as refused:
        door.admit(event, now=now)
    return refused.value.status, refused.value.reason


def test_the_route_names_its_source_and_keeps_the_query() -> None:
    """The token stands there."""
    read = read_delivery(request(), public_base_url="", max_body_bytes=100)
    assert (read.source, read.store, read.url) == ("web", "us", "https://x.example/web/us?token=t%2Bt")
    assert is_storefront(request())


def test_no_other_route_leads_to_the_pages() -> None:
    """There, nobody would look at origins, sizes and clients."""
    event = request() | {
        "routeKey": "POST /webhooks/{source}/{store}",
        "pathParameters": {"source": "web", "store": "us"},
    }
    assert not is_storefront(event)
    with pytest.raises(RefusedError) as refused:
        read_delivery(event, public_base_url="", max_body_bytes=100)
    assert (refused.value.status, refused.value.reason) == (404, "unknown_source")


@pytest.mark.parametrize("origin", sorted(origins_of("us")))
def test_a_configured_origin_is_told_that_it_may_send(origin: str) -> None:
    """It alone, and without cookies."""
    told = access_headers(request(origin))
    assert (told["access-control-allow-origin"], told["vary"]) == (origin, "origin")
    assert "access-control-allow-credentials" not in told
    assert is_preflight(request(method="OPTIONS"))
    Doorkeeper(1, 1).admit(request(origin), now=0)


def test_a_sandbox_without_an_origin_is_an_opaque_one() -> None:
    """Shopify's pixels send none, or null."""
    assert access_headers(request(None))["access-control-allow-origin"] == "null"
    Doorkeeper(1, 1).admit(request(None), now=0)
    assert refusal(Doorkeeper(1, 1), request(None, "wholesale")) == (403, "origin_not_allowed")


@pytest.mark.parametrize(
    ("origin", "store"),
    [
        ("https://evil.example", "us"),
        ("https://shop.example.com.evil.example", "us"),
        ("http://shop.example.com", "us"),
        ("https://shop.example.com/", "us"),
        (SHOP, "wholesale"),
        (SHOP, "nobody"),
        ("*", "us"),
    ],
)
def test_any_other_origin_is_told_nothing_and_refused(origin: str, store: str) -> None:
    """Other people's pages, and other shops'."""
    assert access_headers(request(origin, store)) == {"vary": "origin"}
    assert refusal(Doorkeeper(1, 1), request(origin, store)) == (403, "origin_not_allowed")


def test_a_client_sends_in_bursts_and_then_as_fast_as_is_allowed() -> None:
    """Three at once, then two a second; whoever waits may again."""
    door = Doorkeeper(burst=3, per_second=2)
    for _ in range(3):
        door.admit(request(), now=100.0)
    assert refusal(door, request(), 100.1) == (429, "too_many_requests")
    door.admit(request(), now=100.5)
    assert refusal(door, request(), 100.5) == (429, "too_many_requests")
    for _ in range(3):
        door.admit(request(), now=200.0)
    assert refusal(door, request(), 200.0) == (429, "too_many_requests")


def test_being_refused_does_not_make_the_wait_longer() -> None:
    """A script that knocks all the time still gets its rate."""
    door = Doorkeeper(burst=1, per_second=1)
    door.admit(request(), now=0.0)
    for tenth in range(1, 10):
        refusal(door, request(), tenth / 10)
    door.admit(request(), now=1.0001)


def test_one_client_does_not_use_up_anothers() -> None:
    """Nor the same client's of another shop."""
    door = Doorkeeper(burst=1, per_second=1)
    door.admit(request(), now=0)
    door.admit(request(client="192.0.2.2"), now=0)
    door.admit(request("https://wholesale.example.com", "wholesale"), now=0)
    refusal(door, request())


def test_the_memory_of_clients_is_bounded() -> None:
    """Whoever has more addresses than that is stopped by the route's own throttle."""
    door = Doorkeeper(burst=1, per_second=1)
    for number in range(MOST_CLIENTS + 50):
        door.admit(request(client=str(number)), now=0)
    assert len(door.clients) == MOST_CLIENTS
