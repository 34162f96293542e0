"""Recharge's signatures: the published vectors are believed, and whatever is wrong with one is a 401."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from commerce_sync.webhooks.refusals import UnverifiedError
from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes import scheme_of
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.webhooks.forgeries import BAD_TIMES
from tests.unit.webhooks.vectors import (
    RECHARGE,
    RECHARGE_BODY,
    RECHARGE_MAC,
    RECHARGE_OLD,
    RECHARGE_OLD_AS_HMAC,
    RECHARGE_OLD_HASH,
    RECHARGE_SECRET,
    RECHARGE_SIGNATURE,
    T,
    hashed_recharge,
    signed_recharge,
    verify,
    with_headers,
)

TWO_DAYS = 172_800
TEXT = st.text(st.characters(codec=None), max_size=120) | st.text("tv1=,0123456789abcdef", max_size=140)
BOTH = pytest.mark.parametrize("genuine", [RECHARGE, RECHARGE_OLD], ids=["new", "old"])


@BOTH
def test_the_published_vectors_are_believed(genuine: Delivery) -> None:
    """The bytes are the published ones."""
    assert len(RECHARGE_BODY) == 85
    verify(genuine, RECHARGE_SECRET)


@BOTH
@pytest.mark.parametrize("order", [1, -1], ids=["current first", "previous first"])
def test_two_secrets_are_valid_at_once(genuine: Delivery, order: int) -> None:
    """While a secret is changed."""
    verify(genuine, *["another-secret", RECHARGE_SECRET][::order])


@pytest.mark.parametrize(
    "value",
    [
        f"t={T},v1={'0' * 64},v1={RECHARGE_MAC}",
        f"v1={RECHARGE_MAC},t={T}",
        f"t={T},v0=x,v1={RECHARGE_MAC},v2=abc",
    ],
)
def test_the_header_may_hold_other_signatures_beside_the_right_one(value: str) -> None:
    """Of a former secret, or of a version that is not known."""
    verify(with_headers(RECHARGE, x_recharge_webhook_signature=value), RECHARGE_SECRET)


@pytest.mark.parametrize("seconds", [-TWO_DAYS, -301, 0, 301, TWO_DAYS])
def test_a_time_is_believed_for_the_two_days_that_recharge_tries(seconds: int) -> None:
    """The edges included."""
    verify(signed_recharge(str(T + seconds)), RECHARGE_SECRET)


@pytest.mark.parametrize("broken", [f"t={T},v1={'0' * 64}", "", " ", "t=,v1=", RECHARGE_OLD_HASH])
def test_a_new_header_that_fails_never_falls_back_to_the_old_one(broken: str) -> None:
    """Else the weaker proof could be chosen, and the stronger would prove nothing."""
    both = with_headers(RECHARGE_OLD, x_recharge_webhook_signature=broken)

    verify(with_headers(both, x_recharge_webhook_signature=None), RECHARGE_SECRET)
    with pytest.raises(UnverifiedError):
        verify(both, RECHARGE_SECRET)


def test_a_new_header_that_holds_is_enough_whatever_the_old_one_says() -> None:
    """It speaks alone."""
    verify(with_headers(RECHARGE, x_recharge_hmac_sha256="nonsense"), RECHARGE_SECRET)


def test_the_topic_is_named_by_the_address_alone() -> None:
    """Recharge sends no header for it, and no id of the delivery."""
    scheme = scheme_of("recharge")

    assert scheme.describe(RECHARGE) == ("", "")
    assert scheme.describe(replace(RECHARGE, path_topic="subscription/created")) == ("subscription/created", "")


def _forgeries() -> Iterator[tuple[str, Delivery]]:
    for label, value in _headers():
        yield f"new: {label}", with_headers(RECHARGE, x_recharge_webhook_signature=value)
    for label, value in _hashes(RECHARGE_OLD_HASH):
        yield f"old: {label}", with_headers(RECHARGE_OLD, x_recharge_hmac_sha256=value)
    yield "old: as an HMAC", with_headers(RECHARGE_OLD, x_recharge_hmac_sha256=RECHARGE_OLD_AS_HMAC)
    yield "old: the new header's", with_headers(RECHARGE_OLD, x_recharge_hmac_sha256=RECHARGE_MAC)
    for genuine in (RECHARGE, RECHARGE_OLD):
        for label, body in (("a space more", RECHARGE_BODY + b" "), ("no body", b""), ("another", b"{}")):
            yield f"{label}: {min(genuine.headers)}", replace(genuine, body=body)
    for seconds in (-(10**9), -TWO_DAYS - 1, TWO_DAYS + 1, 10**8):
        yield f"new: {seconds} s off", signed_recharge(str(T + seconds))
    for time in BAD_TIMES:
        yield f"new: time {time[:14]!r}", signed_recharge(time)
    yield "new: milliseconds", signed_recharge(str(T * 1000))
    yield "new: another secret", signed_recharge(str(T), secret="another")
    yield "old: another secret", hashed_recharge(secret="another")
    yield "no header", with_headers(RECHARGE, x_recharge_webhook_signature=None)
    yield "in Shopify's header", replace(RECHARGE, headers={"x-shopify-hmac-sha256": RECHARGE_SIGNATURE})


def _headers() -> Iterator[tuple[str, str]]:
    for label, mac in _hashes(RECHARGE_MAC):
        yield label, f"t={T},v1={mac}"
    yield from (
        ("no time", f"v1={RECHARGE_MAC}"),
        ("two times", f"t={T},t={T},v1={RECHARGE_MAC}"),
        ("another time", f"t={T + 1},v1={RECHARGE_MAC}"),
        ("no signature", f"t={T}"),
        ("an unknown version", f"t={T},v2={RECHARGE_MAC}"),
        ("the old hash", f"t={T},v1={RECHARGE_OLD_HASH}"),
        ("semicolons", f"t={T};v1={RECHARGE_MAC}"),
        ("a space", f"t={T}, v1={RECHARGE_MAC}"),
        ("capital names", f"T={T},V1={RECHARGE_MAC}"),
        ("one bad of two", f"t={T},v1=zz,v1={RECHARGE_MAC}"),
        ("a hundred", f"t={T}" + f",v1={RECHARGE_MAC}" * 100),
        ("NUL", "\0"),
        ("JSON", '{"t":1}'),
    )


def _hashes(good: str) -> Iterator[tuple[str, str]]:
    yield from ((f"cut to {length}", good[:length]) for length in range(64))
    for place in range(0, 64, 7):
        yield f"digit {place} changed", good[:place] + ("0" if good[place] != "0" else "1") + good[place + 1 :]
    yield from (
        ("capitals", good.upper()),
        ("twice", good * 2),
        ("a space before", " " + good),
        ("a newline after", good + "\n"),
        ("full width", "".join(chr(ord(char) + 0xFEE0) for char in good)),
        ("a lone surrogate", good[:-1] + "\ud800"),
        ("no hexadecimal", "g" * 64),
        ("huge", "a" * 200_000),
    )


FORGERIES = dict(_forgeries())


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=map(ascii, FORGERIES))
def test_a_forgery_is_unverified_and_nothing_else(forged: Delivery) -> None:
    """401, with a code that holds nothing of the delivery."""
    with pytest.raises(UnverifiedError) as refused:
        verify(forged, RECHARGE_SECRET)

    assert refused.value.reason in {
        "signature_missing",
        "signature_malformed",
        "signature_mismatch",
        "timestamp_malformed",
        "timestamp_outside_window",
    }


@pytest.mark.parametrize("sign", [lambda: signed_recharge(str(T), secret=""), lambda: hashed_recharge(secret="")])
def test_an_empty_secret_verifies_nothing(sign: Callable[[], Delivery]) -> None:
    """A secret left empty by mistake is a key that everybody knows."""
    with pytest.raises(UnverifiedError, match="signature_mismatch"):
        verify(sign(), "")


@given(name=st.sampled_from(["x-recharge-webhook-signature", "x-recharge-hmac-sha256"]), text=TEXT)
def test_no_text_in_either_header_does_more_than_not_verify(name: str, text: str) -> None:
    """Lone surrogates included."""
    with pytest.raises(UnverifiedError):
        verify(replace(RECHARGE, headers={name: text}), RECHARGE_SECRET)
