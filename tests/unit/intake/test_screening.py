"""What a verified body may not be before anything in it is believed."""

import pytest
from commerce_sync.intake import screen, translate

from tests.unit.intake.bodies import SHOP, encoded, order


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"{} x", "not_json"),
        (b"webhook_id=5", "not_json"),
        (b"\xef\xbb\xbf{}", "not_json"),
        (b'{"a":"\x00"}', "not_json"),
        (b'{"a":"\\ud800"}', "not_json"),
        (b'{"a":01}', "not_json"),
        (b"\xff", "not_utf8"),
        (b'{"a":"\xff"}', "not_utf8"),
        (b'{"a":"\xed\xa0\x80"}', "not_utf8"),
        ("{}".encode("utf-16"), "not_utf8"),
        (b'{"a":NaN}', "not_a_number"),
        (b'[1,{"a":[-Infinity]}]', "not_a_number"),
        (b"Infinity", "not_a_number"),
        (b'{"a":1,"a":1}', "duplicate_key"),
        (b'{"x":[{"a":1,"b":2,"a":3}]}', "duplicate_key"),
        (b'{"a":1,"\\u0061":2}', "duplicate_key"),
        (b"[" * 5000, "too_deep"),
        (b"[" * 300 + b"]" * 300, "too_deep"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "too_deep"),
    ],
)
def test_a_body_that_cannot_be_believed_is_refused_with_its_reason(body: bytes, code: str) -> None:
    """Two parsers could read it differently, so a signature over it vouches for nothing."""
    rejection = screen(body)
    assert rejection is not None
    assert (rejection.code, rejection.path) == (code, "")


@pytest.mark.parametrize(
    "body",
    [b"{}", b"null", b"[]", b'{"a":{"a":1},"b":1e999}', '{"a":"\u00fc\u0000"}'.encode().replace(b"\0", b"\\u0000")],
)
def test_any_other_json_passes(body: bytes) -> None:
    """Whether it is an order is for the translation to say."""
    assert screen(body) is None


def test_an_orders_body_passes() -> None:
    """As it travels."""
    assert screen(encoded(order())) is None


@pytest.mark.parametrize("source", ["shopify", "own", "hubspot"])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"\xff\xfe{\x00}\x00", "not_utf8"),
        (b"NaN", "not_a_number"),
        (b"null", "missing_field"),
        (b"5", "wrong_type"),
        (b'"text"', "wrong_type"),
    ],
)
def test_translation_without_screening_answers_the_same(source: str, body: bytes, code: str) -> None:
    """Screening comes first, but translation must not depend on it."""
    (rejection,) = translate(source, "orders/create", SHOP, body).rejections
    assert rejection.code == code


def test_a_body_that_nests_beyond_the_stack_is_too_deep() -> None:
    """In a field that is skipped as in one that is read."""
    for field in (b"note_attributes", b"total_price"):
        body = b'{"' + field + b'":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
        (rejection,) = translate("shopify", "orders/create", SHOP, body).rejections
        assert rejection.code == "too_deep"
