"""Deliveries that must not be believed, each with a word on what is wrong with it."""

from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace

from commerce_sync.webhooks.request import Delivery

from tests.unit.webhooks.vectors import (
    BIGCOMMERCE,
    BIGCOMMERCE_SECRET,
    BIGCOMMERCE_SIGNATURE,
    GENUINE,
    HUBSPOT,
    HUBSPOT_TIMESTAMP,
    HUBSPOT_V1,
    HUBSPOT_V2,
    HUBSPOT_V3,
    OWN,
    OWN_SECRET_B,
    OWN_SIGNATURE_A,
    SIGNATURE_HEADERS,
    STANDARD,
    WOOCOMMERCE,
    WOOCOMMERCE_UNDECODED_SIGNATURE,
    T,
    signed_bigcommerce,
    signed_hubspot,
    signed_own,
    with_headers,
)

Forgery = tuple[str, Delivery]
HUGE = 200_000
BAD_TIMES = ["abc", "-1", "1e9", "0x6ae5", "nan", "inf", " ", "9" * 14, "9" * 5000, "1793491200.0", "+1793491200"]
BAD_TIMES += [
    " 1793491200",
    "1793491200 ",
    "1793491200\n",
    "1_793_491_200",
    "٠١٢٣٤٥٦٧٨٩",
    "".join(map(chr, range(0xFF10, 0xFF1A))),
    "²",
]


def forgeries() -> Iterator[Forgery]:
    """Every forgery of every source."""
    for genuine in GENUINE:
        yield from _of_signature(genuine)
        yield from _of_content(genuine)
    yield from _of_times()
    yield from _of_versions()
    yield from _of_stores()


def _of_signature(genuine: Delivery) -> Iterator[Forgery]:
    name = SIGNATURE_HEADERS[genuine.source]
    prefix = "v1," if genuine.source in STANDARD else ""
    good = genuine.headers[name].removeprefix(prefix)
    for label, signature in _spoilt(good):
        yield f"{genuine.source}: {label}", with_headers(genuine, **{name: prefix + signature})
    for label, whole in (
        ("no header", None),
        ("empty", ""),
        ("a space", " "),
        ("a comma", ","),
        ("é", "é"),
        ("NUL", "\0"),
    ):
        yield f"{genuine.source}: {label}", with_headers(genuine, **{name: whole})


def _spoilt(good: str) -> Iterator[tuple[str, str]]:
    raw = b64decode(good)
    yield from ((f"cut to {length}", good[:length]) for length in range(len(good)))
    yield from ((f"byte {place} flipped", _flipped(raw, place)) for place in range(len(raw)))
    yield from ((f"{count} bytes", b64encode(raw[:count]).decode()) for count in (0, 1, 16, 31))
    yield from (
        ("a byte more", b64encode(raw + b"\0").decode()),
        ("twice", good + good),
        ("padded again", good + "="),
        ("hexadecimal", raw.hex()),
        ("the other alphabet", urlsafe_b64encode(b"\xfb" * 32).decode()),
        ("capitals", good.upper()),
        ("backwards", good[::-1]),
        ("a newline after", good + "\n"),
        ("a newline before", "\n" + good),
        ("a newline inside", f"{good[:20]}\r\n{good[20:]}"),
        ("NUL after", good + "\0"),
        ("zero width space", good + "\u200b"),
        ("full width", "".join(chr(ord(char) + 0xFEE0) for char in good)),
        ("an emoji", "🔑" * 11),
        ("a lone surrogate", good[:-1] + "\ud800"),
        ("Latin-1", good[:-2] + "é="),
        ("not base64", "!!!notb64"),
        ("JSON", '{"signature":true}'),
        ("null", "null"),
        ("huge", "A" * HUGE),
        ("huge and beyond ASCII", "é" * HUGE),
        ("all zero", b64encode(bytes(32)).decode()),
    )


def _of_content(genuine: Delivery) -> Iterator[Forgery]:
    source = genuine.source
    yield f"{source}: a space more", replace(genuine, body=genuine.body + b" ")
    yield f"{source}: a byte order mark", replace(genuine, body=b"\xef\xbb\xbf" + genuine.body)
    yield f"{source}: no body", replace(genuine, body=b"")
    yield f"{source}: not text", replace(genuine, body=b"\xff\xfe" + genuine.body)
    yield f"{source}: another body", replace(genuine, body=b"{}")


def _of_times() -> Iterator[Forgery]:
    for seconds in (-(10**9), -86_400, -301, 301, 86_400):
        yield f"own: {seconds} s off", signed_own(str(T + seconds))
        yield f"hubspot: {seconds} s off", signed_hubspot(str(int(HUBSPOT_TIMESTAMP) + seconds * 1000))
    for time in BAD_TIMES:
        yield f"own: time {time[:14]!r}", signed_own(time)
        yield f"hubspot: time {time[:14]!r}", signed_hubspot(time)
    for missing in (None, ""):
        yield f"own: time {missing!r}", with_headers(OWN, webhook_timestamp=missing)
        yield f"own: id {missing!r}", with_headers(OWN, webhook_id=missing)
        yield f"hubspot: time {missing!r}", with_headers(HUBSPOT, x_hubspot_request_timestamp=missing)
    yield "own: milliseconds", signed_own(str(T * 1000))
    yield "hubspot: seconds", signed_hubspot(HUBSPOT_TIMESTAMP[:10])
    yield "own: another time", with_headers(OWN, webhook_timestamp=str(T + 1))
    yield "own: another id", with_headers(OWN, webhook_id="evt_0002")
    yield "own: an id beyond ASCII", signed_own(str(T), webhook_id="évt")
    yield "own: the id takes the time along", with_headers(OWN, webhook_id=f"evt_0001.{T}", webhook_timestamp=str(T))
    yield "hubspot: another time", with_headers(HUBSPOT, x_hubspot_request_timestamp="1790000000124")


def _of_versions() -> Iterator[Forgery]:
    good = OWN_SIGNATURE_A.removeprefix("v1,")
    for whole in ("v1", "v1,", "v1:" + good, "v1;" + good, "v1=" + good, "V1," + good, "v1a," + good, "v2," + good):
        yield f"own: {whole[:6]}", with_headers(OWN, webhook_signature=whole)
    for whole in (good, f"v1,a,{good}", f"v1, {good}", f"v1,\t{good}", f"v1,{good},v1", f"v0,{good} v2,{good}"):
        yield f"own: {whole[:8]!r}", with_headers(OWN, webhook_signature=whole)
    yield "own: a thousand signatures", with_headers(OWN, webhook_signature=" ".join([OWN_SIGNATURE_A] * 1000))
    yield "own: the other secret", signed_own(str(T), secret=OWN_SECRET_B)
    yield "hubspot: the other secret", signed_hubspot(HUBSPOT_TIMESTAMP, secret="another")
    for label, old in (("v1", HUBSPOT_V1), ("v2", HUBSPOT_V2)):
        plain = with_headers(HUBSPOT, x_hubspot_signature_v3=None)
        named = {"x_hubspot_signature": old, "x_hubspot_signature_version": label}
        yield f"hubspot: {label} alone", with_headers(plain, **named)
        yield f"hubspot: {label} as v3", with_headers(HUBSPOT, x_hubspot_signature_v3=old)
        yield (
            f"hubspot: {label} as v3 in base64",
            with_headers(HUBSPOT, x_hubspot_signature_v3=b64encode(bytes.fromhex(old)).decode()),
        )
    yield "hubspot: another method", replace(HUBSPOT, method="GET")
    yield "hubspot: another scheme", replace(HUBSPOT, url=HUBSPOT.url.replace("https", "http"))
    yield "hubspot: another host", replace(HUBSPOT, url=HUBSPOT.url.replace("sync.", "evil."))
    yield "hubspot: a query", replace(HUBSPOT, url=HUBSPOT.url + "?x=1")
    yield "hubspot: in Shopify's header", replace(HUBSPOT, headers={"x-shopify-hmac-sha256": HUBSPOT_V3})


def _of_stores() -> Iterator[Forgery]:
    for seconds in (-(10**9), -172_800, -301, 301, 172_800):
        yield f"bigcommerce: {seconds} s off", signed_bigcommerce(str(T + seconds))
    for time in BAD_TIMES:
        yield f"bigcommerce: time {time[:14]!r}", signed_bigcommerce(time)
    in_base64 = b64encode(BIGCOMMERCE_SECRET.encode()).decode()
    yield "bigcommerce: the secret in base64 as the key", signed_bigcommerce(str(T), secret=in_base64)
    yield "bigcommerce: a whsec_ before the secret", signed_bigcommerce(str(T), secret=f"whsec_{in_base64}")
    yield (
        "bigcommerce: in Shopify's header",
        replace(BIGCOMMERCE, headers={"x-shopify-hmac-sha256": BIGCOMMERCE_SIGNATURE.removeprefix("v1,")}),
    )
    for missing in (None, ""):
        yield f"bigcommerce: id {missing!r}", with_headers(BIGCOMMERCE, webhook_id=missing)
        yield f"bigcommerce: time {missing!r}", with_headers(BIGCOMMERCE, webhook_timestamp=missing)
    yield "bigcommerce: another id", with_headers(BIGCOMMERCE, webhook_id="msg_test_2")
    yield (
        "woocommerce: with a secret that was not decoded",
        with_headers(WOOCOMMERCE, x_wc_webhook_signature=WOOCOMMERCE_UNDECODED_SIGNATURE),
    )
    for label, body in (
        ("a ping with a signature", b"webhook_id=727"),
        ("a ping with more", b"webhook_id=727&order=1"),
        ("a ping of letters", b"webhook_id=abc"),
        ("a ping with a newline", b"webhook_id=727\n"),
        ("a ping of nothing", b"webhook_id="),
    ):
        unsigned = None if "with a signature" not in label else WOOCOMMERCE.headers["x-wc-webhook-signature"]
        yield f"woocommerce: {label}", replace(with_headers(WOOCOMMERCE, x_wc_webhook_signature=unsigned), body=body)


def _flipped(raw: bytes, place: int) -> str:
    return b64encode(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]).decode()
