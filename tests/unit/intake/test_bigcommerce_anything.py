"""Whatever BigCommerce answers, it is an event, a statement or a reason, and never an error."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.intake.bigcommerce_bodies import bigcommerce_order, cart, customer, parts, refund, shipment
from tests.unit.intake.bodies import assert_holds_contracts
from tests.unit.intake.store_bodies import bigcommerce
from tests.unit.intake.test_translation_properties import VALUES, places, put

DATA = {"id": 250, "orderId": 250, "cartId": "c-1", "refund": {"refund_id": 501}}
ANSWERS: list[tuple[str, Callable[[], Any]]] = [
    ("store/order/updated", lambda: parts(bigcommerce_order(status_id=5), refunds=[refund()], shipments=[shipment()])),
    ("store/order/refund/created", lambda: parts(bigcommerce_order(status_id=10), refunds=[refund()])),
    ("store/shipment/created", lambda: parts(bigcommerce_order(), shipments=[shipment()])),
    ("store/cart/updated", lambda: {"cart": cart(), "customer": customer()}),
    ("store/customer/updated", lambda: {"customer": customer()}),
]


@settings(max_examples=400)
@given(st.data())
def test_no_answer_makes_translation_raise_or_say_nothing(data: st.DataObject) -> None:
    """Any value of any answer replaced by any other."""
    scope, build = data.draw(st.sampled_from(ANSWERS))
    hydrated = build()
    for _ in range(data.draw(st.integers(1, 3))):
        inner = [trail for trail in places(hydrated) if trail]
        hydrated = put(hydrated, data.draw(st.sampled_from(inner)), data.draw(VALUES))
    translation = bigcommerce(scope, hydrated, data=DATA)

    assert_holds_contracts(translation)
    assert translation.events or translation.rejections


@given(st.sampled_from(["name", "sku"]), st.sampled_from(["\ud800", "a\udfff"]))
def test_text_that_no_message_could_carry_is_refused(field: str, text: str) -> None:
    """JSON can write half of a character, and UTF-8 cannot."""
    hydrated = parts(bigcommerce_order(is_email_opt_in=False))
    hydrated = put(hydrated, ("products", 0, field), text)

    assert [one.code for one in bigcommerce("store/order/updated", hydrated).rejections] == ["not_utf8"]
