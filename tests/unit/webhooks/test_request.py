"""A delivery taken out of an API Gateway event: what is kept, and what is refused before it is copied."""

from base64 import b64encode
from typing import Any, NoReturn

import pytest
from commerce_sync.webhooks.refusals import RefusedError
from commerce_sync.webhooks.request import Delivery, read_delivery

LIMIT = 1024


class Uncopied(str):
    """Text that must not be copied: turning it into bytes fails the test."""

    __slots__ = ()

    def encode(self, *_arguments: object, **_named: object) -> NoReturn:
        """Say so."""
        pytest.fail("the body was copied before its size was checked")


def _event(**changes: Any) -> dict[str, Any]:
    return {
        "requestContext": {
            "domainName": "abc.execute-api.us-east-1.amazonaws.com",
            "http": {"method": "POST"},
            "timeEpoch": 1793491200123,
        },
        "pathParameters": {"source": "shopify", "store": "us"},
        "headers": {"X-Shopify-Topic": "orders/create"},
        "body": "{}",
        "isBase64Encoded": False,
        **changes,
    }


def _read(base_url: str = "", **changes: Any) -> Delivery:
    return read_delivery(_event(**changes), public_base_url=base_url, max_body_bytes=LIMIT)


def _refusal(**changes: Any) -> tuple[int, str]:
    with pytest.raises(RefusedError) as refused:
        _read(**changes)
    return refused.value.status, refused.value.reason


def test_a_delivery_is_read_field_by_field() -> None:
    """Lower-case header names, raw bytes, seconds, and the URL that the sender used."""
    assert _read() == Delivery(
        source="shopify",
        store="us",
        path_topic="",
        method="POST",
        url="https://abc.execute-api.us-east-1.amazonaws.com/webhooks/shopify/us",
        headers={"x-shopify-topic": "orders/create"},
        body=b"{}",
        received_at=1793491200.123,
    )


def test_the_public_url_takes_the_place_of_the_gateways() -> None:
    """HubSpot signs the URL under which it was told to send, query included."""
    parameters = {"source": "hubspot", "store": "main", "topic": "events"}

    read = _read("https://sync.example.com", pathParameters=parameters, rawQueryString="src=hs%3Aapp")

    assert read.url == "https://sync.example.com/webhooks/hubspot/main/events?src=hs%3Aapp"
    assert read.path_topic == "events"


def test_a_topic_in_the_address_may_have_several_words() -> None:
    """Recharge's do, and no header names them."""
    parameters = {"source": "recharge", "store": "us", "topic": "subscription/created"}

    read = _read("https://sync.example.com", pathParameters=parameters)

    assert (read.path_topic, read.url) == (
        "subscription/created",
        "https://sync.example.com/webhooks/recharge/us/subscription/created",
    )


@pytest.mark.parametrize("encoded", [False, True], ids=["text", "base64"])
@pytest.mark.parametrize("size", [0, 1, 2, 3, LIMIT - 1, LIMIT])
def test_a_body_up_to_the_limit_is_read_whole(size: int, encoded: bool) -> None:  # noqa: FBT001 # a parameter of the test
    """The limit itself is allowed, however it travels."""
    body = b"x" * size
    text = b64encode(body).decode() if encoded else body.decode()

    assert _read(body=text, isBase64Encoded=encoded).body == body


@pytest.mark.parametrize("encoded", [False, True], ids=["text", "base64"])
def test_a_body_past_the_limit_is_refused_before_it_is_copied(encoded: bool) -> None:  # noqa: FBT001 # a parameter of the test
    """Memory stays bounded whatever is sent."""
    huge = Uncopied("A" * (LIMIT * 2))

    assert _refusal(body=huge, isBase64Encoded=encoded) == (413, "body_too_large")


@pytest.mark.parametrize("size", [LIMIT + 1, LIMIT + 2, LIMIT + 3])
def test_an_encoded_body_just_past_the_limit_is_refused(size: int) -> None:
    """Where the text's length alone cannot tell, the bytes do."""
    assert _refusal(body=b64encode(b"x" * size).decode(), isBase64Encoded=True) == (413, "body_too_large")


def test_characters_of_several_bytes_count_as_bytes() -> None:
    """A text of allowed length may be too many bytes."""
    assert _refusal(body="é" * LIMIT) == (413, "body_too_large")


@pytest.mark.parametrize("body", ["!!!!", "AAA", "AA=A", "AA==AA==A", "A\nAA", "éééé", "AAAA AAAA"])
def test_a_body_that_is_not_base64_is_refused(body: str) -> None:
    """The gateway said it encoded it; what is not strictly base64 came from elsewhere."""
    assert _refusal(body=body, isBase64Encoded=True) == (400, "body_not_base64")


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br", "deflate", "gzip, identity", "x-unknown"])
def test_a_compressed_body_is_refused(encoding: str) -> None:
    """A bomb is not unpacked, and no sender of ours compresses."""
    assert _refusal(headers={"Content-Encoding": encoding}) == (415, "compressed_body")


@pytest.mark.parametrize("encoding", ["identity", "Identity"])
def test_an_uncompressed_body_may_say_so(encoding: str) -> None:
    """``identity`` means nothing was done."""
    assert _read(headers={"content-encoding": encoding}).body == b"{}"


@pytest.mark.parametrize("body", ["\ud800", '{"name":"\udfff"}'])
def test_a_lone_surrogate_is_refused(body: str) -> None:
    """It has no bytes, so nobody can have signed them."""
    assert _refusal(body=body) == (400, "body_not_text")


def test_an_event_without_body_headers_or_query_is_read() -> None:
    """The gateway leaves out, or sets to null, what a request has not."""
    read = _read(body=None, headers=None, rawQueryString=None, pathParameters=None)

    assert (read.body, read.headers, read.source, read.store) == (b"", {}, "", "")
