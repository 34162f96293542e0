"""Other people's implementations sign; ours believes. Two programs rarely share a mistake."""

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

from hubspot.utils.signature import Signature
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from tests.unit.webhooks.vectors import (
    BIGCOMMERCE,
    BIGCOMMERCE_SECRET,
    HUBSPOT,
    HUBSPOT_SECRET,
    HUBSPOT_URL,
    OWN,
    OWN_SECRET_A,
    T,
    verify,
    with_headers,
)

IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1, max_size=40)
TIMES = st.integers(T - 300, T + 300)


@given(body=st.text(), webhook_id=IDS, time=TIMES, key=st.binary(min_size=24, max_size=64))
def test_what_standardwebhooks_signs_is_believed(body: str, webhook_id: str, time: int, key: bytes) -> None:
    """The reference package of Standard Webhooks, over any body, id, time and key."""
    secret = f"whsec_{b64encode(key).decode()}"
    signature = Webhook(secret).sign(webhook_id, datetime.fromtimestamp(time, UTC), body)
    headers = {"webhook-id": webhook_id, "webhook-timestamp": str(time), "webhook-signature": signature}

    verify(replace(OWN, headers=headers, body=body.encode()), secret, now=float(T))


@given(body=st.text(), time=TIMES, secret=st.text("abcdefghijklmnop0123456789_-=&", min_size=1, max_size=80))
def test_what_standardwebhooks_signs_with_bigcommerces_secret_is_believed(body: str, time: int, secret: str) -> None:
    """BigCommerce hands the package its client secret in base64: the key is the secret's own bytes."""
    signature = Webhook(b64encode(secret.encode()).decode()).sign("m", datetime.fromtimestamp(time, UTC), body)
    headers = {"webhook-id": "m", "webhook-timestamp": str(time), "webhook-signature": signature}

    verify(replace(BIGCOMMERCE, headers=headers, body=body.encode()), secret, now=float(T))


def test_standardwebhooks_makes_bigcommerces_published_signature() -> None:
    """The reference package and the vector agree."""
    package = Webhook(b64encode(BIGCOMMERCE_SECRET.encode()).decode())
    signature = package.sign("msg_test_1", datetime.fromtimestamp(T, UTC), BIGCOMMERCE.body.decode())

    assert signature == BIGCOMMERCE.headers["webhook-signature"]


def test_standardwebhooks_makes_the_published_signature() -> None:
    """The reference package and the vector agree, so either may judge us."""
    signature = Webhook(OWN_SECRET_A).sign("evt_0001", datetime.fromtimestamp(T, UTC), OWN.body.decode())

    assert signature == OWN.headers["webhook-signature"]


@given(
    body=st.text(), time=TIMES, secret=st.text("abcdef0123456789-", min_size=1), method=st.sampled_from(["POST", "GET"])
)
def test_what_hubspots_client_signs_is_believed(body: str, time: int, secret: str, method: str) -> None:
    """HubSpot's own package, over any body, time, secret and method."""
    timestamp = str(time * 1000)
    signature = Signature.get_signature(secret, body, "v3", HUBSPOT_URL, method, timestamp)
    signed = with_headers(HUBSPOT, x_hubspot_signature_v3=signature, x_hubspot_request_timestamp=timestamp)

    verify(replace(signed, body=body.encode(), method=method), secret, now=float(T))


def test_hubspots_client_makes_the_published_signature() -> None:
    """The package and the vector agree."""
    timestamp = HUBSPOT.headers["x-hubspot-request-timestamp"]
    signature = Signature.get_signature(HUBSPOT_SECRET, HUBSPOT.body.decode(), "v3", HUBSPOT_URL, "POST", timestamp)

    assert signature == HUBSPOT.headers["x-hubspot-signature-v3"]
