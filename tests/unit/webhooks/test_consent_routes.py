"""The routes about consent: each speaks for its own source, signs by Standard Webhooks, and goes ahead."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from commerce_sync.webhooks.envelope import wrap
from commerce_sync.webhooks.refusals import UnverifiedError
from commerce_sync.webhooks.request import Delivery, read_delivery
from commerce_sync.webhooks.routing import goes_ahead
from commerce_sync.webhooks.schemes import scheme_of

from tests.unit.webhooks.vectors import OWN_SECRET_A, OWN_SECRET_B, T, with_headers

SOURCES = ("preferences", "staff", "sms", "support")
BODY = b'{"id":"1","email":"ada@example.com","choice":"unsubscribe"}'


def signed(source: str, *, secret: str = OWN_SECRET_A, at: int = T, body: bytes = BODY) -> Delivery:
    """A delivery signed by a plain hash of the recipe."""
    mac = hmac.digest(b64decode(secret.removeprefix("whsec_")), f"act-1.{at}.".encode() + body, "sha256")
    headers = {
        "webhook-id": "act-1",
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{b64encode(mac).decode()}",
    }
    return Delivery(source, "main", "", "POST", "", headers, body, float(T))


def verify(given: Delivery, *secrets: str) -> None:
    """Verify by the source's scheme."""
    scheme_of(given.source).verify(given, list(secrets or (OWN_SECRET_A,)), now=float(T), tolerance=300.0)


def request(route: str, parameters: dict[str, str], **changes: Any) -> Delivery:
    """A delivery as API Gateway hands it over."""
    event = {
        "routeKey": route,
        "requestContext": {"domainName": "x.example", "http": {"method": "POST"}, "timeEpoch": 1793491200123},
        "pathParameters": parameters,
        "headers": {},
        "body": "{}",
        **changes,
    }
    return read_delivery(event, public_base_url="", max_body_bytes=1024)


@pytest.mark.parametrize("source", SOURCES)
def test_a_route_names_its_source_itself(source: str) -> None:
    """The path has the store alone."""
    read = request(f"POST /consent/{source}/{{store}}", {"store": "main"})
    assert (read.source, read.store, read.url) == (source, "main", f"https://x.example/consent/{source}/main")


@pytest.mark.parametrize("source", SOURCES)
def test_a_route_is_not_talked_into_another_source(source: str) -> None:
    """What stands in the request's own parameters does not count there."""
    read = request(f"POST /consent/{source}/{{store}}", {"store": "main", "source": "shopify"})
    assert read.source == source


@pytest.mark.parametrize(
    "route", ["POST /webhooks/{source}/{store}", "", "POST /consent/other/{store}", "GET /consent/staff/{store}"]
)
def test_any_other_route_takes_its_source_from_the_path(route: str) -> None:
    """As before."""
    assert request(route, {"source": "staff", "store": "main"}).source == "staff"


@pytest.mark.parametrize("source", SOURCES)
def test_a_signed_delivery_is_believed_with_either_secret(source: str) -> None:
    """Rotation."""
    verify(signed(source))
    verify(signed(source, secret=OWN_SECRET_B), OWN_SECRET_A, OWN_SECRET_B)


def forgeries(source: str) -> Iterator[tuple[str, Delivery]]:
    """Deliveries that must not be believed."""
    good = signed(source)
    signature = good.headers["webhook-signature"]
    yield "another body", replace(good, body=BODY.replace(b"unsubscribe", b"subscribe"))
    yield "no body", replace(good, body=b"")
    yield "another id", with_headers(good, webhook_id="act-2")
    yield "another secret", signed(source, secret=OWN_SECRET_B)
    yield "an hour ago", signed(source, at=T - 3600)
    yield "in an hour", signed(source, at=T + 3600)
    yield "no signature", with_headers(good, webhook_signature=None)
    yield "no time", with_headers(good, webhook_timestamp=None)
    yield "no id", with_headers(good, webhook_id=None)
    yield "another version", with_headers(good, webhook_signature=signature.replace("v1,", "v2,"))
    yield "cut", with_headers(good, webhook_signature=signature[:-4])
    yield "not base64", with_headers(good, webhook_signature="v1,!!!")


FORGERIES = [(f"{source}: {label}", forged) for source in SOURCES for label, forged in forgeries(source)]


@pytest.mark.parametrize("forged", [one for _, one in FORGERIES], ids=[label for label, _ in FORGERIES])
def test_a_forgery_is_unverified(forged: Delivery) -> None:
    """Nobody is opted in or out by a stranger."""
    with pytest.raises(UnverifiedError):
        verify(forged)


def envelope(source: str, topic: str = "", body: bytes = b"{}") -> dict[str, Any]:
    """A wrapped delivery."""
    return wrap(replace(signed("staff"), source=source, body=body), topic, "d-1")


@pytest.mark.parametrize(
    ("source", "topic", "body"),
    [
        *((source, "", b"{}") for source in SOURCES),
        ("shopify", "customers_email_marketing_consent/update", b"{}"),
        ("shopify", "customers_marketing_consent/update", b"{}"),
        ("shopify", "customers/redact", b"{}"),
        ("own", "", b'{"type":"com.example.consent.withdrawn"}'),
        ("own", "", b'{"type":"Com.Example.Consent.Withdrawn"}'),
        ("own", "consent", b"{}"),
        ("hubspot", "events", b'[{"propertyName":"hs_email_optout_77"}]'),
        ("klaviyo", "events", b'{"data":[{"topic":"event:klaviyo.unsubscribed_from_sms_marketing"}]}'),
        ("klaviyo", "events", b'{"data":[{"topic":"event:klaviyo.marked_email_as_spam"}]}'),
        ("klaviyo", "events", b'{"data":[{"topic":"event:klaviyo.manually_suppressed_from_email_marketing"}]}'),
    ],
)
def test_whatever_is_about_consent_goes_ahead(source: str, topic: str, body: bytes) -> None:
    """On the queue that no backfill uses."""
    assert goes_ahead(envelope(source, topic, body))


@pytest.mark.parametrize(
    ("source", "topic", "body"),
    [
        ("shopify", "orders/create", b'{"note":"hs_email_optout consent. unsubscribed"}'),
        ("own", "", b'{"type":"com.example.order.completed"}'),
        ("hubspot", "events", b'[{"propertyName":"lifecyclestage"}]'),
        ("klaviyo", "events", b'{"data":[{"topic":"event:klaviyo.clicked_email"}]}'),
        ("own", "", b"\xff\xfe"),
    ],
)
def test_nothing_else_goes_ahead(source: str, topic: str, body: bytes) -> None:
    """A day of orders and clicks must not fill it."""
    assert not goes_ahead(envelope(source, topic, body))
