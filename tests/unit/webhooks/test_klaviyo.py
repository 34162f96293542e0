"""Klaviyo's signatures: the published vectors are believed, and whatever is wrong with one is a 401."""

import hmac
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email.utils import formatdate

import pytest
from commerce_sync.webhooks.refusals import UnverifiedError
from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes import scheme_of
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.webhooks.vectors import with_headers

SECRET = "kl-webhook-secret-for-tests-01"
BODY = (
    b'{"data":[{"external_id":"ev-0001","topic":"event:klaviyo.clicked_email","payload":{"data":{"type":"event",'
    b'"id":"4vRpBT","attributes":{"timestamp":1790000000}}}}],"meta":{"klaviyo_account_id":"AbC123",'
    b'"klaviyo_webhook_id":"01HWEBHOOK","timestamp":"2026-09-21T14:13:20+00:00","version":"2026-10-15"}}'
)
HTTP_DATE, ISO = "Mon, 21 Sep 2026 14:13:20 GMT", "2026-09-21T14:13:20+00:00"
NOW = 1790000000.0
VECTORS = {
    HTTP_DATE: "b123ff5f2823479746597564ae7aedd075bf55c05ee1c3d30a047e6af79daf03",
    ISO: "0d58321fe023b4acb2d7d665903b952c1c621aa1230e7b1dc3d1148e5adddd7d",
}
GENUINE = Delivery(
    "klaviyo",
    "main",
    "",
    "POST",
    "https://sync.example.com/webhooks/klaviyo/main",
    {
        "klaviyo-signature": VECTORS[HTTP_DATE],
        "klaviyo-timestamp": HTTP_DATE,
        "klaviyo-webhook-id": "01HWEBHOOK",
    },
    BODY,
    NOW,
)


def verify(given: Delivery, *secrets: str, now: float = NOW) -> None:
    """Verify by the scheme, with the good secret unless told otherwise."""
    scheme_of("klaviyo").verify(given, list(secrets or (SECRET,)), now=now, tolerance=300.0)


def signed(timestamp: str, *, body: bytes = BODY, secret: str = SECRET) -> Delivery:
    """A delivery rightly signed over whatever timestamp, by a plain hash of the recipe."""
    mac = hmac.digest(secret.encode(), body + timestamp.encode(errors="replace"), "sha256").hex()
    return replace(with_headers(GENUINE, klaviyo_signature=mac, klaviyo_timestamp=timestamp), body=body)


@pytest.mark.parametrize("timestamp", VECTORS)
def test_the_published_vectors_are_believed(timestamp: str) -> None:
    """An HTTP date and ISO 8601; the bytes are the published ones."""
    assert len(BODY) == 298
    verify(with_headers(GENUINE, klaviyo_timestamp=timestamp, klaviyo_signature=VECTORS[timestamp]))


@pytest.mark.parametrize("seconds", [-300, -1, 0, 1, 300])
def test_a_time_inside_the_window_is_believed(seconds: int) -> None:
    """Five minutes either way."""
    verify(signed(formatdate(NOW + seconds, usegmt=True)))


@pytest.mark.parametrize(
    "timestamp", ["2026-09-21T14:13:20", "2026-09-21T14:13:20.101159+00:00", "2026-09-21T16:13:20+02:00"]
)
def test_a_time_in_any_offset_is_believed(timestamp: str) -> None:
    """Without one it is UTC."""
    verify(signed(timestamp))


@pytest.mark.parametrize("order", [1, -1])
def test_the_secret_can_be_rotated(order: int) -> None:
    """The current and the previous one are both valid."""
    verify(GENUINE, *["another-secret-of-sixteen", SECRET][::order])


def test_a_batch_has_no_topic_and_no_delivery_id() -> None:
    """The header names the webhook; translation compares it."""
    assert scheme_of("klaviyo").describe(GENUINE) == ("events", "")


def forgeries() -> Iterator[tuple[str, Delivery]]:
    """Deliveries that must not be believed."""
    good = VECTORS[HTTP_DATE]
    spoilt = [good[:length] for length in range(0, 64, 7)] + [good.upper(), good + "0", good[::-1], " " + good[1:]]
    spoilt += ["0" * 64, "g" * 64, "é" * 64, "0x" + good[2:], good[:-1] + "\n", "null", "A" * 200_000]
    spoilt += ["".join(chr(ord(char) + 0xFEE0) for char in good), good[:-1] + "\u0660"]
    spoilt += [good[:at] + ("0" if good[at] != "0" else "1") + good[at + 1 :] for at in range(64)]
    yield from ((f"signature {at}", with_headers(GENUINE, klaviyo_signature=one)) for at, one in enumerate(spoilt))
    for missing in (None, ""):
        yield f"signature {missing!r}", with_headers(GENUINE, klaviyo_signature=missing)
        yield f"time {missing!r}", with_headers(GENUINE, klaviyo_timestamp=missing)
    yield "another time", with_headers(GENUINE, klaviyo_timestamp=ISO)
    yield "the time moves into the body", replace(GENUINE, body=BODY + HTTP_DATE[:3].encode())
    for body in (b"", BODY + b" ", b"\xef\xbb\xbf" + BODY, b"{}"):
        yield f"body of {len(body)}", replace(GENUINE, body=body)
    for seconds in (-86_400, -301, 301, 86_400):
        yield f"{seconds} s off", signed(formatdate(NOW + seconds, usegmt=True))
    times = ["now", "-1", "1e9", "nan", "9" * 14, "Mon, 99 Sep 2026 14:13:20 GMT", "2026-13-01", " ", "2026-09-21é"]
    times += ["9" * 5000, "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "Mon, 21 Sep 0000 00:00:00 GMT"]
    yield from ((f"time {time[:12]!r}", signed(time)) for time in times)
    yield "the other secret", signed(HTTP_DATE, secret="another")


FORGERIES = dict(forgeries())


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=map(ascii, FORGERIES))
def test_a_forgery_is_unverified_and_nothing_else(forged: Delivery) -> None:
    """401, whatever it is."""
    with pytest.raises(UnverifiedError) as refused:
        verify(forged)
    assert refused.value.status == 401


@pytest.mark.parametrize("secret", ["", "another"])
def test_an_empty_secret_or_none_verifies_nothing(secret: str) -> None:
    """Closed, not open."""
    with pytest.raises(UnverifiedError):
        verify(signed(HTTP_DATE, secret=""), secret)
    with pytest.raises(UnverifiedError):
        scheme_of("klaviyo").verify(GENUINE, [], now=NOW, tolerance=300.0)


@settings(max_examples=300)
@given(signature=st.text(max_size=80), timestamp=st.text(max_size=80), body=st.binary(max_size=40))
def test_no_headers_and_no_body_do_more_than_not_verify(signature: str, timestamp: str, body: bytes) -> None:
    """All that a stranger chooses, at once."""
    with pytest.raises(UnverifiedError):
        verify(replace(with_headers(GENUINE, klaviyo_signature=signature, klaviyo_timestamp=timestamp), body=body))


@settings(max_examples=300)
@given(timestamp=st.text(st.characters(codec="ascii"), min_size=1, max_size=80))
def test_no_signed_time_does_more_than_not_verify(timestamp: str) -> None:
    """A time that is signed and is none."""
    with suppress(UnverifiedError):
        verify(signed(timestamp))
