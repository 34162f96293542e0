"""The envelope that intake writes without models is the one that the contract reads."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from commerce_sync.contracts import Envelope
from commerce_sync.webhooks.envelope import SCHEMA_VERSION, by_reference, is_about_consent, serialize, wrap
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.webhooks.vectors import OWN, SHOPIFY

GOLDEN = Path(__file__).parents[2] / "contracts" / "golden" / "envelope.json"
TOPIC, DELIVERY_ID = "orders/create", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"
DELIVERY = replace(
    SHOPIFY,
    store="us",
    headers={
        **SHOPIFY.headers,
        "x-shopify-topic": TOPIC,
        "x-shopify-api-version": "2026-04",
        "x-shopify-event-id": "98880550-7158-44d4-b7cd-2c97c8a091b5",
        "x-shopify-triggered-at": "2026-10-31T23:59:59.5Z",
        "x-shopify-shop-domain": "us-shop.myshopify.com",
        "cookie": "not ours to keep",
    },
    received_at=1793491200.25,
)


def _wrapped(**changes: Any) -> dict[str, Any]:
    return wrap(replace(DELIVERY, **changes), TOPIC, DELIVERY_ID)


def test_the_wrapped_delivery_is_the_golden_message() -> None:
    """Intake writes exactly this, and only a decision changes it."""
    assert json.loads(serialize(_wrapped())) == json.loads(GOLDEN.read_text())


def test_the_contract_reads_every_field_that_intake_wrote() -> None:
    """Field by field: nothing is renamed, dropped or defaulted between the two."""
    wrapped = _wrapped()

    parsed = Envelope.parse(serialize(wrapped))

    assert parsed.model_fields_set == set(wrapped)
    assert {name: getattr(parsed, name) for name in wrapped} == wrapped | {"received_at": parsed.received_at}
    assert parsed.received_at.isoformat() == wrapped["received_at"]
    assert parsed.received_at.timestamp() == DELIVERY.received_at
    assert parsed.body_bytes() == DELIVERY.body


def test_intake_writes_the_contracts_current_version() -> None:
    """Two constants, one truth."""
    assert SCHEMA_VERSION == Envelope.VERSION


def test_signatures_and_cookies_are_not_kept() -> None:
    """Only the headers that translation needs travel on."""
    assert _wrapped()["headers"].keys() == {
        "x-shopify-api-version",
        "x-shopify-event-id",
        "x-shopify-triggered-at",
        "x-shopify-shop-domain",
    }


@given(body=st.binary() | st.text().map(str.encode))
def test_any_body_survives_the_queue_to_the_byte(body: bytes) -> None:
    """The bytes that were signed are the bytes that are translated, text or not."""
    message = serialize(_wrapped(body=body))

    assert Envelope.parse(message).body_bytes() == body
    assert message.isascii()


def test_a_delivery_by_reference_is_read_without_its_body() -> None:
    """The body stands in the archive; the message says where."""
    parsed = Envelope.parse(serialize(by_reference(_wrapped())))

    assert (parsed.archived, parsed.body, parsed.body_bytes()) == (True, None, None)
    assert parsed.archive_key == _wrapped()["archive_key"]


def test_the_same_body_again_is_the_same_envelope() -> None:
    """Another time, another delivery id and other headers: still the same fact."""
    again = wrap(replace(DELIVERY, received_at=1793491999.0, headers={}), TOPIC, "another")

    assert again["envelope_id"] == _wrapped()["envelope_id"]


def test_another_source_store_topic_or_body_is_another_envelope() -> None:
    """Each of the four tells deliveries apart."""
    ids = {
        _wrapped()["envelope_id"],
        _wrapped(source="own")["envelope_id"],
        _wrapped(store="eu")["envelope_id"],
        _wrapped(body=DELIVERY.body + b" ")["envelope_id"],
        wrap(DELIVERY, "orders/updated", DELIVERY_ID)["envelope_id"],
    }

    assert len(ids) == 5


PARTS = st.tuples(*[st.text("ab/:.", max_size=4)] * 3, st.binary(max_size=4))


@given(one=PARTS, other=PARTS)
def test_no_two_deliveries_run_together(one: tuple[str, str, str, bytes], other: tuple[str, str, str, bytes]) -> None:
    """However the parts are cut, different parts are different envelopes."""
    assert (_id_of(*one) == _id_of(*other)) == (one == other)


def test_parts_that_join_to_one_text_stay_apart() -> None:
    """The plainest way to run together."""
    ids = {_id_of("a", "bc", "d", b"e"), _id_of("ab", "c", "d", b"e"), _id_of("a", "b", "cd", b"e")}

    assert len(ids | {_id_of("a", "bc", "", b"de"), _id_of("abcd", "", "", b"e")}) == 5


def test_the_archive_key_orders_a_stores_deliveries_by_arrival() -> None:
    """A day can be replayed by listing a prefix."""
    keys = [_wrapped(received_at=time)["archive_key"] for time in (1793491199.0, 1793491200.25, 1793491200.5)]

    assert keys == sorted(keys)
    assert all(key.startswith("archive/shopify/us/2026/1") for key in keys)


@pytest.mark.parametrize(
    "topic",
    [
        "customers_email_marketing_consent/update",
        "customers_marketing_consent/update",
        "customers/redact",
        "consent",
        "consent.given",
        "consent.withdrawn",
        "store/subscriber/created",
        "store/subscriber/updated",
        "customer.created",
        "customer.updated",
    ],
)
def test_a_topic_about_consent_goes_its_own_way(topic: str) -> None:
    """An opt-out never waits behind orders."""
    assert is_about_consent(topic)


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "events",
        "orders/create",
        "order.created",
        "store/order/created",
        "customer.tags_added",
        "customers/update",
        "customers/data_request",
        "com.example.order.completed",
    ],
)
def test_any_other_topic_goes_with_the_rest(topic: str) -> None:
    """A backfill of orders must not fill the consent queue."""
    assert not is_about_consent(topic)


def test_an_own_delivery_is_wrapped_with_its_own_id() -> None:
    """What the sender called it, an operator can search for."""
    assert wrap(OWN, "", OWN.headers["webhook-id"])["delivery_id"] == "evt_0001"


def _id_of(source: str, store: str, topic: str, body: bytes) -> Any:
    return wrap(replace(DELIVERY, source=source, store=store, body=body), topic, "")["envelope_id"]
