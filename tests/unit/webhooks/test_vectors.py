"""Genuine deliveries are believed: the published vectors, the window's edges, rotation."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from commerce_sync.webhooks.refusals import NothingToKeepError, RefusedError, UnverifiedError
from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes import scheme_of
from commerce_sync.webhooks.schemes.woocommerce import decoded

from tests.unit.webhooks.vectors import (
    BIGCOMMERCE,
    BIGCOMMERCE_BODY,
    BIGCOMMERCE_SECRET,
    BIGCOMMERCE_SIGNATURE,
    GENUINE,
    HUBSPOT,
    HUBSPOT_BODY,
    HUBSPOT_ESCAPED_URL,
    HUBSPOT_ESCAPED_V3,
    HUBSPOT_SECRET,
    HUBSPOT_UNICODE_BODY,
    HUBSPOT_UNICODE_V3,
    OWN,
    OWN_BODY,
    OWN_SECRET_A,
    OWN_SECRET_B,
    OWN_SIGNATURE_A,
    OWN_SIGNATURE_B,
    SDK_BODY,
    SDK_SECRET,
    SDK_TIMESTAMP,
    SDK_URL,
    SDK_V3,
    SECRETS,
    SHOPIFY,
    SHOPIFY_BODY,
    SHOPIFY_SECRET,
    SHOPIFY_SIGNATURE_DUMPED_AGAIN,
    SHOPIFY_SIGNATURE_WITH_A_SPACE,
    WOOCOMMERCE,
    WOOCOMMERCE_BODY,
    WOOCOMMERCE_DECODED_SIGNATURE,
    WOOCOMMERCE_SECRET,
    WOOCOMMERCE_STORED_SECRET,
    WOOCOMMERCE_UNDECODED_SIGNATURE,
    T,
    delivery,
    signed_bigcommerce,
    signed_hubspot,
    signed_own,
    verify,
    with_headers,
)

HUBSPOT_UNICODE = with_headers(replace(HUBSPOT, body=HUBSPOT_UNICODE_BODY), x_hubspot_signature_v3=HUBSPOT_UNICODE_V3)
HUBSPOT_ESCAPED = with_headers(
    replace(HUBSPOT_UNICODE, url=HUBSPOT_ESCAPED_URL), x_hubspot_signature_v3=HUBSPOT_ESCAPED_V3
)
SOURCES = pytest.mark.parametrize("genuine", GENUINE, ids=[one.source for one in GENUINE])


def test_the_vectors_are_the_published_bytes() -> None:
    """A vector whose body was mistyped would prove nothing."""
    bodies = (SHOPIFY_BODY, OWN_BODY, HUBSPOT_BODY, BIGCOMMERCE_BODY, WOOCOMMERCE_BODY)
    assert [len(body) for body in bodies] == [73, 204, 277, 183, 88]
    assert sha256(BIGCOMMERCE_BODY).hexdigest() == "449c12627a4fdd301274ebb6949637bc1f8697694fd1ea1ffc6cd0ee0809859c"
    assert sha256(WOOCOMMERCE_BODY).hexdigest() == "28abb2d6227cc004aff39d8eceea2e8b626654fb1514a912b7dda7c9ecb6fd19"
    assert sha256(SHOPIFY_BODY).hexdigest() == "46233b093340eb7380f9761ae007e6e86df496bf466f86ed23df6ca5cbe788b3"
    assert sha256(OWN_BODY).hexdigest() == "b93ee3253dbd8d24e88040cad5ee28387c7e8882067c5303b9e536c90f4b1a94"


@SOURCES
def test_a_genuine_delivery_is_believed(genuine: Delivery) -> None:
    """The published signature of each source verifies."""
    verify(genuine, SECRETS[genuine.source])


def test_a_body_with_one_more_space_has_another_signature() -> None:
    """The raw bytes are signed, to the last one."""
    longer = replace(SHOPIFY, body=SHOPIFY_BODY + b" ")

    with pytest.raises(UnverifiedError):
        verify(longer, SHOPIFY_SECRET)
    verify(with_headers(longer, x_shopify_hmac_sha256=SHOPIFY_SIGNATURE_WITH_A_SPACE), SHOPIFY_SECRET)


def test_a_body_that_was_parsed_and_dumped_has_another_signature() -> None:
    """What JSON calls equal is not what was signed."""
    dumped = replace(SHOPIFY, body=json.dumps(json.loads(SHOPIFY_BODY)).encode())

    with pytest.raises(UnverifiedError):
        verify(dumped, SHOPIFY_SECRET)
    verify(with_headers(dumped, x_shopify_hmac_sha256=SHOPIFY_SIGNATURE_DUMPED_AGAIN), SHOPIFY_SECRET)


def test_hubspot_signs_bodies_beyond_ascii() -> None:
    """The body is UTF-8 bytes, never text."""
    verify(HUBSPOT_UNICODE, HUBSPOT_SECRET)


def test_hubspot_signs_a_url_whose_escapes_it_decoded() -> None:
    """``%3A`` and ``%2F`` arrive escaped and are signed plain."""
    verify(HUBSPOT_ESCAPED, HUBSPOT_SECRET)


def test_hubspot_escapes_are_decoded_in_either_case() -> None:
    """``%3a`` is ``%3A``."""
    lower = HUBSPOT_ESCAPED_URL.replace("%3A", "%3a").replace("%2F", "%2f")

    verify(replace(HUBSPOT_ESCAPED, url=lower), HUBSPOT_SECRET)


@pytest.mark.parametrize("escape", ["%20", "%25", "%26", "%3D", "%2B", "%23"])
def test_hubspot_leaves_other_escapes_as_they_are(escape: str) -> None:
    """Decoding more than HubSpot does would let two URLs share a signature."""
    decoded = chr(int(escape[1:], 16))
    plain = signed_hubspot(str(T * 1000))

    with pytest.raises(UnverifiedError):
        verify(replace(plain, url=plain.url.replace("/webhooks", f"/{escape}")), HUBSPOT_SECRET, now=T)
    assert decoded not in plain.url


def test_hubspots_own_sdk_vector_is_believed() -> None:
    """The value in the test suite of HubSpot's client."""
    sample = delivery(
        "hubspot", SDK_BODY, SDK_URL, x_hubspot_signature_v3=SDK_V3, x_hubspot_request_timestamp=SDK_TIMESTAMP
    )

    verify(sample, SDK_SECRET, now=int(SDK_TIMESTAMP) / 1000)


@pytest.mark.parametrize("secret", [OWN_SECRET_A, OWN_SECRET_B], ids="AB")
def test_a_header_with_two_signatures_passes_with_either_secret(secret: str) -> None:
    """The sender rotates: both signatures travel, and a receiver needs one of the secrets."""
    verify(with_headers(OWN, webhook_signature=f"{OWN_SIGNATURE_A} {OWN_SIGNATURE_B}"), secret)


@pytest.mark.parametrize("signature", [OWN_SIGNATURE_A, OWN_SIGNATURE_B], ids="AB")
def test_a_receiver_with_two_secrets_believes_either_signature(signature: str) -> None:
    """The receiver rotates: a store's current and previous secret are both valid."""
    verify(with_headers(OWN, webhook_signature=signature), OWN_SECRET_A, OWN_SECRET_B)


@SOURCES
@pytest.mark.parametrize("order", [1, -1], ids=["current first", "previous first"])
def test_every_source_can_rotate_its_secret(genuine: Delivery, order: int) -> None:
    """Wherever the right one stands, another secret beside it changes nothing."""
    other = OWN_SECRET_B if genuine.source == "own" else "another-secret"

    verify(genuine, *[SECRETS[genuine.source], other][::order])


def test_an_unknown_signature_version_beside_a_known_one_is_passed_over() -> None:
    """Standard Webhooks reserves ``v1a`` for asymmetric keys; its presence refuses nobody."""
    verify(with_headers(OWN, webhook_signature=f"v1a,AAAA {OWN_SIGNATURE_A}"), OWN_SECRET_A)


@pytest.mark.parametrize("seconds", [-300, -1, 0, 1, 300])
@pytest.mark.parametrize(
    "signed", [signed_own, signed_hubspot, signed_bigcommerce], ids=["own", "hubspot", "bigcommerce"]
)
def test_a_time_inside_the_window_is_believed(signed: Callable[[str], Delivery], seconds: int) -> None:
    """Five minutes either way, the edges included: clocks differ."""
    unit = 1000 if signed is signed_hubspot else 1
    given = signed(str((T + seconds) * unit))

    verify(given, SECRETS[given.source], now=float(T))


def test_bigcommerces_window_may_be_widened_to_its_retries() -> None:
    """Two days, where its retries turn out to carry the first signature; a replay is then harmless by its ids alone."""
    old = signed_bigcommerce(str(T - 172_800))

    scheme_of("bigcommerce").verify(old, [BIGCOMMERCE_SECRET], now=float(T), tolerance=172_800.0)


def test_bigcommerce_may_rotate_its_secret_in_one_header() -> None:
    """Several signatures, one of which is enough."""
    verify(with_headers(BIGCOMMERCE, webhook_signature=f"v1,AAAA v2,x {BIGCOMMERCE_SIGNATURE}"), BIGCOMMERCE_SECRET)


def test_woocommerces_secret_is_decoded_as_wordpress_does() -> None:
    """The shop signs with ``a&b'c"d`` where ``a&amp;b&#039;c&quot;d`` is stored."""
    signed = with_headers(WOOCOMMERCE, x_wc_webhook_signature=WOOCOMMERCE_DECODED_SIGNATURE)
    undecoded = with_headers(WOOCOMMERCE, x_wc_webhook_signature=WOOCOMMERCE_UNDECODED_SIGNATURE)

    verify(signed, WOOCOMMERCE_STORED_SECRET)
    verify(signed, "a&b'c\"d")
    with pytest.raises(UnverifiedError):
        verify(undecoded, WOOCOMMERCE_STORED_SECRET)


@pytest.mark.parametrize(
    ("stored", "key"),
    [
        ("letters-and-digits-1", "letters-and-digits-1"),
        ("&amp;amp;", "&amp;"),
        ("&#38;lt;", "&lt;"),
        ("&#039;&#39;&#x27;&#X0027;", "'" * 4),
        ("&#034;&#34;&#x22;&quot;", '"' * 4),
        ("&lt;&#060;&#60;&gt;&#062;", "<<<>>"),
        ("&#x26;&#038;", "&&"),
        ("&#x3c;&#x3e;&apos;&nbsp;&eacute;&AMP;&amp", "&#x3c;&#x3e;&apos;&nbsp;&eacute;&AMP;&amp"),
        ("&#391;&#139;", "&#391;&#139;"),
    ],
)
def test_woocommerces_secret_is_decoded_once_and_no_more_than_wordpress_decodes(stored: str, key: str) -> None:
    """A general decoder of HTML knows more entities, and would make another key."""
    assert decoded(stored) == key


@pytest.mark.parametrize("body", [b"webhook_id=1", b"webhook_id=7270"])
def test_woocommerces_unsigned_ping_is_answered_200_and_says_nothing(body: bytes) -> None:
    """A new webhook whose address answers anything else is not created."""
    ping = replace(with_headers(WOOCOMMERCE, x_wc_webhook_signature=None), body=body)

    with pytest.raises(NothingToKeepError) as kept:
        verify(ping, WOOCOMMERCE_SECRET)
    assert (kept.value.status, kept.value.metric) == (200, "Pings")


@pytest.mark.parametrize(
    ("body", "topic"),
    [
        (BIGCOMMERCE_BODY, "store/order/created"),
        (b'{"scope":"store/subscriber/updated"}', "store/subscriber/updated"),
        (b'{"scope":7}', ""),
        (b'{"scope":"\xc3\xa9"}', ""),
        (b"[]", ""),
        (b"<html>", ""),
        (b'"\xff"', ""),
        (b"[" * 100_000, ""),
    ],
    ids=["an order", "a subscriber", "a number", "beyond ASCII", "a list", "not JSON", "not text", "deep"],
)
def test_bigcommerce_names_its_topic_in_the_body(body: bytes, topic: str) -> None:
    """Whatever a verified body is, describing it raises nothing."""
    assert scheme_of("bigcommerce").describe(signed_bigcommerce(str(T), body=body)) == (topic, "msg_test_1")


def test_woocommerce_names_its_topic_and_delivery_in_headers() -> None:
    """The headers say what the body does not."""
    named = with_headers(WOOCOMMERCE, x_wc_webhook_topic="order.created", x_wc_webhook_delivery_id="d-1")

    assert scheme_of("woocommerce").describe(named) == ("order.created", "d-1")


def test_an_unknown_source_is_not_found() -> None:
    """Nothing is imported by a name that a stranger chose."""
    with pytest.raises(RefusedError) as refused:
        scheme_of("signing")

    assert (refused.value.status, refused.value.reason) == (404, "unknown_source")


def test_shopify_names_its_topic_and_delivery_in_headers() -> None:
    """The headers say what the body does not."""
    named = with_headers(SHOPIFY, x_shopify_topic="orders/create", x_shopify_webhook_id="w-1")

    assert scheme_of("shopify").describe(named) == ("orders/create", "w-1")


def test_an_own_system_names_its_delivery_and_keeps_its_topic_in_the_body() -> None:
    """A CloudEvent's type is read with the body, later."""
    assert scheme_of("own").describe(OWN) == ("", "evt_0001")


def test_hubspot_names_no_delivery() -> None:
    """One body holds many events; each has an id of its own."""
    assert scheme_of("hubspot").describe(HUBSPOT) == ("events", "")


@SOURCES
def test_a_topic_in_the_path_names_the_delivery(genuine: Delivery) -> None:
    """Where the sender names no topic, its URL does."""
    assert scheme_of(genuine.source).describe(replace(genuine, path_topic="orders"))[0] == "orders"
