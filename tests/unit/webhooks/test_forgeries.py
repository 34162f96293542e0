"""Whatever is wrong with a signature is one 401, and nothing an attacker writes makes anything else of it."""

import hmac
from base64 import b64encode
from dataclasses import replace

import pytest
from commerce_sync.webhooks.refusals import UnverifiedError
from commerce_sync.webhooks.request import Delivery
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.webhooks.forgeries import forgeries
from tests.unit.webhooks.vectors import (
    GENUINE,
    HUBSPOT_TIMESTAMP,
    OWN,
    OWN_SECRET_B,
    SECRETS,
    SHOPIFY,
    SIGNATURE_HEADERS,
    WOOCOMMERCE,
    T,
    signed_bigcommerce,
    signed_hubspot,
    signed_own,
    verify,
    with_headers,
)

FORGERIES = dict(forgeries())
SOURCES = pytest.mark.parametrize("genuine", GENUINE, ids=[one.source for one in GENUINE])
TEXT = st.text(st.characters(codec=None), max_size=120) | st.text("v12, =A/+\n", max_size=60)


def test_there_are_at_least_200_forgeries() -> None:
    """The number that was asked for, whatever becomes of the lists."""
    assert len(FORGERIES) >= 200


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=map(ascii, FORGERIES))
def test_a_forgery_is_unverified_and_nothing_else(forged: Delivery) -> None:
    """No ValueError, no binascii.Error, no UnicodeError: 401, and a code that holds nothing of the delivery."""
    with pytest.raises(UnverifiedError) as refused:
        verify(forged, SECRETS[forged.source])

    assert refused.value.status == 401
    assert refused.value.reason in {
        "signature_missing",
        "signature_malformed",
        "signature_mismatch",
        "timestamp_malformed",
        "timestamp_outside_window",
    }


@SOURCES
def test_another_stores_secret_verifies_nothing(genuine: Delivery) -> None:
    """A store's secret speaks for that store alone."""
    other = OWN_SECRET_B if genuine.source == "own" else "another-stores-secret"

    with pytest.raises(UnverifiedError, match="signature_mismatch"):
        verify(genuine, other)


@SOURCES
def test_a_store_without_a_secret_verifies_nothing(genuine: Delivery) -> None:
    """What was never configured cannot be believed."""
    with pytest.raises(UnverifiedError, match="signature_mismatch"):
        verify(genuine)


def _sign_shopify(key: bytes) -> Delivery:
    signature = b64encode(hmac.digest(key, SHOPIFY.body, "sha256")).decode()
    return with_headers(SHOPIFY, x_shopify_hmac_sha256=signature)


def _sign_woocommerce(key: bytes) -> Delivery:
    signature = b64encode(hmac.digest(key, WOOCOMMERCE.body, "sha256")).decode()
    return with_headers(WOOCOMMERCE, x_wc_webhook_signature=signature)


@pytest.mark.parametrize(
    ("forged", "secret"),
    [
        (_sign_shopify(b""), ""),
        (signed_own(str(T), secret="whsec_"), "whsec_"),
        (signed_own(str(T), secret="whsec_"), ""),
        (signed_hubspot(HUBSPOT_TIMESTAMP, secret=""), ""),
        (signed_bigcommerce(str(T), secret=""), ""),
        (_sign_woocommerce(b""), ""),
    ],
    ids=["shopify", "own", "own without prefix", "hubspot", "bigcommerce", "woocommerce"],
)
def test_an_empty_secret_verifies_nothing(forged: Delivery, secret: str) -> None:
    """A secret left empty by mistake is a key that everybody knows: closed, not open."""
    with pytest.raises(UnverifiedError):
        verify(forged, secret)


@pytest.mark.parametrize("secret", ["whsec_!!!", "whsec_é", "not base64 at all"])
def test_a_malformed_secret_verifies_nothing(secret: str) -> None:
    """What an operator mistypes is refused like any forgery: the sender retries until it is mended."""
    with pytest.raises(UnverifiedError):
        verify(OWN, secret)


@SOURCES
@given(text=TEXT)
@settings(max_examples=300)
def test_no_signature_text_does_more_than_not_verify(genuine: Delivery, text: str) -> None:
    """Arbitrary text in the signature's header, lone surrogates included."""
    _is_unverified(with_headers(genuine, **{SIGNATURE_HEADERS[genuine.source]: text}))


@given(signatures=st.lists(st.tuples(st.sampled_from(["v1,", "v1", "v2,", "v1a,", ""]), TEXT), max_size=5))
def test_no_list_of_signatures_does_more_than_not_verify(signatures: list[tuple[str, str]]) -> None:
    """The one header that holds several."""
    _is_unverified(with_headers(OWN, webhook_signature=" ".join(map("".join, signatures))))


@SOURCES
@given(values=st.lists(TEXT, min_size=3, max_size=3), body=st.binary(max_size=50))
def test_no_headers_and_no_body_do_more_than_not_verify(genuine: Delivery, values: list[str], body: bytes) -> None:
    """All that a stranger chooses, at once."""
    headers = dict(zip(genuine.headers, values, strict=False))

    _is_unverified(replace(genuine, headers=headers, body=body))


def _is_unverified(forged: Delivery) -> None:
    with pytest.raises(UnverifiedError):
        verify(forged, SECRETS[forged.source])
