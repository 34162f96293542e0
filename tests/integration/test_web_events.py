"""A browser's request through both functions: what it needs, what it becomes, and what it can never do."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.contracts import DeliveredFacts

from local.in_process import InProcessBundle
from local.sample_day.deliveries import Delivery
from local.web_samples import ORIGINS, web_event
from tests.fakes import bundle as b
from tests.unit.intake import bodies
from tests.unit.intake.web_bodies import TOKEN, Body, started, viewed

NOW = datetime.now(UTC).replace(microsecond=0)
US, BEFORE = b.SECRETS["web"]["us"]


def sent(*events: Body, token: str = US, body: bytes | None = None, **changes: Any) -> dict[str, Any]:
    """A request of the shop's pages, of now."""
    said = [event | {"timestamp": NOW.isoformat()} for event in events]
    return web_event(b.BASE_URL, "us", token, json.dumps(said).encode() if body is None else body, at=NOW) | changes


def facts_of(bundle: InProcessBundle) -> list[DeliveredFacts]:
    """What identity_normalization makes of what waits."""
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    return [DeliveredFacts.parse(body) for body in b.waiting(bundle, "EventsQueue")]


def profiles(bundle: InProcessBundle) -> set[str]:
    """Every profile there is."""
    return {item["profile_id"]["S"] for item in b.items(bundle, "IdentityTable") if "profile_id" in item}


@pytest.mark.parametrize("token", [US, BEFORE])
def test_a_visit_becomes_events_about_a_profile(token: str) -> None:
    """Of the shop, whichever of its two tokens came with it."""
    with b.ready_bundle() as bundle:
        answer = b.post(bundle, sent(viewed(), started(email=None), token=token))
        assert answer["statusCode"] == 200
        assert answer["headers"]["access-control-allow-origin"] == ORIGINS["us"]
        (facts,) = facts_of(bundle)
        assert [event.name for event in facts.events] == ["viewed_product", "started_checkout"]
        assert {(event.source, event.store, event.occurred_at) for event in facts.events} == {("shopify", "us", NOW)}
        assert {event.profile_id for event in facts.events} == profiles(bundle)
        assert len(profiles(bundle)) == 1


@pytest.mark.parametrize(
    ("event", "status", "reason"),
    [
        (sent(viewed(), token="a-token-of-nobody"), 401, "token_mismatch"),
        (sent(viewed(), token=b.SECRETS["web"]["wholesale"][0]), 401, "token_mismatch"),
        (sent(viewed(), rawQueryString=""), 401, "token_missing"),
        (sent(viewed(), headers={"origin": "https://evil.example"}), 403, "origin_not_allowed"),
        (sent(viewed(), pathParameters={"store": "nowhere"}), 403, "origin_not_allowed"),
        (sent(body=b"[" + b" " * 10_000_000 + b"]"), 413, "body_too_large"),
        (sent(body=b"[" * 8_000 + b"]" * 8_000), 400, "too_deep"),
        (sent(body=b'[{"value": NaN}]'), 400, "not_json"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused_leaves_nothing(event: dict[str, Any], status: int, reason: str) -> None:
    """No message, no object, no row: a flood costs its answers."""
    with b.ready_bundle() as bundle:
        answer = b.post(bundle, event)
        assert (answer["statusCode"], answer["body"]) == (status, reason)
        assert b.waiting(bundle, "InboundQueue") == b.waiting(bundle, "ConsentInboundQueue") == []
        assert "Contents" not in b.aws_client("s3").list_objects_v2(Bucket=bundle.names["Archive"])


def test_a_preflight_is_answered_for_configured_origins_alone() -> None:
    """Nothing is kept of it."""
    with b.ready_bundle() as bundle:
        asked = sent(viewed(), routeKey="OPTIONS /web/{store}")
        asked["requestContext"]["http"]["method"] = "OPTIONS"
        answer = b.post(bundle, asked)
        assert (answer["statusCode"], answer["headers"]["access-control-allow-methods"]) == (204, "POST")
        stranger = b.post(bundle, asked | {"headers": {"origin": "https://evil.example"}})
        assert stranger == {"statusCode": 204, "headers": {"vary": "origin"}}
        assert b.waiting(bundle, "InboundQueue") == []


def test_one_client_is_slowed_down() -> None:
    """In one running copy of the function."""
    with (
        b.ready_bundle() as bundle,
        bundle.function("webhook_intake", {"WEB_BURST": "2", "WEB_PER_SECOND": "0"}) as app,
    ):
        answers = [app.handler(sent(viewed(id=str(number))), None)["statusCode"] for number in range(3)]
        assert answers == [200, 200, 429]


def test_the_browser_and_the_shops_webhook_tell_one_checkout() -> None:
    """In either order it is one event, about one person."""
    told = bodies.checkout(token=TOKEN, currency="USD", email="typed@example.com")
    headers = {"X-Shopify-Topic": "checkouts/create"}
    webhook = b.api_event(
        Delivery("shopify", "us", "checkouts/create", json.dumps(told).encode(), "d-1", headers=headers)
    )
    with b.ready_bundle() as bundle:
        assert [b.post(bundle, one)["statusCode"] for one in (webhook, sent(started()))] == [200, 200]
        events = [event for facts in facts_of(bundle) for event in facts.events]
        assert len(events) == 2
        assert len({(event.event_id, event.profile_id) for event in events}) == 1


def test_a_browser_joins_nobody() -> None:
    """An address and an account in one body, which anybody can write, stay two people; and there is no consent."""
    victim = {"id": "7700", "email": "victim@example.com"}
    with b.ready_bundle() as bundle:
        b.post(bundle, sent(viewed(id="a", customer={"id": "7700"}), viewed(id="b", customer=victim), started()))
        (facts,) = facts_of(bundle)
        by_account, by_address, typed = (event.profile_id for event in facts.events)
        assert len({by_account, by_address, typed}) == 3
        assert b.waiting(bundle, "OptOutsQueue") == b.waiting(bundle, "OptInsQueue") == []


def test_who_is_not_known_is_settled_with_a_reason() -> None:
    """Nothing is kept of a browser alone but the delivery itself, as long as any delivery."""
    with b.ready_bundle() as bundle:
        assert b.post(bundle, sent(viewed(customer=None)))["statusCode"] == 200
        assert facts_of(bundle) == []
        (entry,) = b.items(bundle, "QuarantineTable")
        assert entry["code"]["S"] == "nobody_named"
        assert profiles(bundle) == set()
