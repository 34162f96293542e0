"""What is behind a public token: the token itself, and a body that no later reader stumbles over."""

import json
from typing import Any

import pytest
from commerce_sync.contracts.envelope import Envelope
from commerce_sync.intake import screen
from commerce_sync.webhooks.envelope import wrap
from commerce_sync.webhooks.plain_json import DEEPEST, MOST_EVENTS, require_events
from commerce_sync.webhooks.refusals import RefusedError
from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.routing import goes_ahead
from commerce_sync.webhooks.schemes import scheme_of
from hypothesis import given, settings
from hypothesis import strategies as st

NOW, BEFORE = "token-of-us-now-0001", "token-of-us-before-1"
BODY = b'{"id":"1"}'


def delivery(query: str, body: bytes = BODY) -> Delivery:
    """A request with a query."""
    return Delivery("web", "us", "", "POST", f"https://x.example/web/us{query}", {}, body, 1793491200.0)


def refusal(query: str, *tokens: str, body: bytes = BODY) -> tuple[int, str]:
    """How it is refused."""
    with pytest.raises(RefusedError) as refused:
        scheme_of("web").verify(delivery(query, body), list(tokens), now=0.0, tolerance=0.0)
    return refused.value.status, refused.value.reason


@pytest.mark.parametrize("token", [NOW, BEFORE])
def test_two_tokens_are_good_while_one_replaces_the_other(token: str) -> None:
    """Pages in browsers are older than the newest token."""
    scheme_of("web").verify(delivery(f"?token={token}"), [NOW, BEFORE], now=0.0, tolerance=0.0)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "token_missing"),
        ("?token=", "token_missing"),
        ("?Token=token-of-us-now-0001", "token_missing"),
        ("?token=token-of-us-now-0002", "token_mismatch"),
        ("?token=token-of-us-now-000", "token_mismatch"),
        ("?token=%C3%BC%00", "token_mismatch"),
        ("?token=%ff%fe", "token_mismatch"),
        ("?" + "a=1&" * 20 + "token=token-of-us-now-0001", "token_malformed"),
    ],
)
def test_any_other_token_is_unverified(query: str, reason: str) -> None:
    """401, whatever it is."""
    assert refusal(query, NOW) == (401, reason)


@pytest.mark.parametrize("tokens", [(), ("",), ("short",)])
def test_no_token_or_one_that_can_be_guessed_opens_nothing(tokens: tuple[str, ...]) -> None:
    """A store without a secret takes nothing."""
    for token in (*tokens, "short"):
        assert refusal(f"?token={token}", *tokens)[0] == 401


HOSTILE: list[tuple[str, bytes, str]] = [
    ("no JSON", b"hello", "not_json"),
    ("nothing", b"", "not_json"),
    ("NaN", b'{"value":NaN}', "not_json"),
    ("Infinity", b'{"value":-Infinity}', "not_json"),
    ("beyond all numbers", b'{"value":1e999}', "not_json"),
    ("a number of 5,000 digits", b'{"value":' + b"9" * 5000 + b"}", "not_json"),
    ("a field twice", b'{"id":"1","id":"2"}', "not_json"),
    ("a field twice, written otherwise", b'{"id":"1","\\u0069d":"2"}', "not_json"),
    ("a byte order mark", b'\xef\xbb\xbf{"id":"1"}', "not_json"),
    ("UTF-16", '{"id":"1"}'.encode("utf-16"), "not_json"),
    ("not UTF-8", b'{"id":"\xff"}', "not_json"),
    ("half a surrogate pair", b'{"id":"\\ud800"}', "not_json"),
    ("a control character", b'{"id":"\x00"}', "not_json"),
    ("17 levels", b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1), "too_deep"),
    ("8,000 levels", b"[" * 8000 + b"]" * 8000, "too_deep"),
    ("a text", b'"event"', "not_events"),
    ("an empty list", b"[]", "not_events"),
    ("a list of numbers", b"[1,2]", "not_events"),
    ("21 events", json.dumps([{"id": "1"}] * (MOST_EVENTS + 1)).encode(), "too_many_events"),
]


@pytest.mark.parametrize(("body", "reason"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_hostile_body_costs_nothing_behind_the_door(body: bytes, reason: str) -> None:
    """It is refused with a reason before it is kept anywhere; without a token, nobody reads it."""
    assert refusal(f"?token={NOW}", NOW, body=body) == (400, reason)
    assert refusal("?token=another", NOW, body=body) == (401, "token_mismatch")


TEXTS = st.text(st.characters(codec=None), max_size=6)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4))


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=60) | VALUES.map(lambda value: json.dumps([{"value": value}]).encode()))
def test_what_passes_the_door_is_never_set_aside_as_unreadable(body: bytes) -> None:
    """Such a delivery would wait for a person, and anybody could make thousands."""
    try:
        require_events(body)
    except RefusedError:
        return
    assert screen(body) is None


def test_web_events_never_go_on_the_consent_queue() -> None:
    """Whatever they say of consent."""
    body: dict[str, Any] = {"name": "consent.withdrawn", "hs_email_optout": True, "subscribed": "unsubscribed"}
    sent = delivery(f"?token={NOW}", json.dumps(body).encode())
    envelope = wrap(sent, *scheme_of("web").describe(sent))
    assert not goes_ahead(envelope)
    assert NOW not in json.dumps(envelope)
    assert Envelope.model_validate(envelope).topic == "events"
