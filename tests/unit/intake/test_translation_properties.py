"""What holds for every body there could be."""

import json
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

from commerce_sync.contracts import Store
from commerce_sync.contracts.currencies import MINOR_UNITS
from commerce_sync.intake import Translation, screen, translate
from commerce_sync.intake.recharge.topics import TRANSLATORS as RECHARGES
from commerce_sync.intake.shopify.topics import TRANSLATORS
from commerce_sync.intake.woocommerce.topics import TRANSLATORS as WOOCOMMERCE
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.intake.bodies import (
    RECEIVED,
    SHOP,
    assert_holds_contracts,
    cart,
    checkout,
    customer,
    data_request,
    encoded,
    fulfillment,
    line,
    merge,
    order,
    redact,
    refund,
    shopify,
)
from tests.unit.intake.recharge_bodies import old_subscription, recharge_customer, subscription
from tests.unit.intake.store_bodies import (
    EMAIL_KEY,
    woocommerce_customer,
    woocommerce_order,
    woocommerce_subscription,
)
from tests.unit.intake.test_hubspot import CHANGE
from tests.unit.intake.test_hubspot_identity import EVERY_CHANGE
from tests.unit.intake.test_own import DATA
from tests.unit.intake.test_set_aside import email_consent, phone_consent
from tests.unit.intake.test_shopify_subscriptions import contract, cycle
from tests.unit.intake.test_shopify_traps import EDIT

SOURCES = st.sampled_from(
    [
        *("shopify", "woocommerce", "recharge", "own", "hubspot", "klaviyo"),
        *("preferences", "staff", "sms", "support", "web", "nobody"),
    ]
)
TOPICS = st.sampled_from([*TRANSLATORS, *WOOCOMMERCE, *RECHARGES, "customers/redact", ""]) | st.text(max_size=20)

ODD_NUMBERS = [0, -1, 2**53 + 1, 2**64, 10**400, 10**4000, 0.1, 1e308, -0.0]
ODD_TEXTS = [
    "",
    " ",
    "0",
    "-5",
    "1e999",
    "NaN",
    "\x00",
    "\u202e",
    "XXX",
    "JPY",
    "2026-11-01",
    "9999-12-31T23:59:59-23:59",
]
LEAVES = st.none() | st.booleans() | st.sampled_from(ODD_NUMBERS) | st.sampled_from(ODD_TEXTS) | st.text(max_size=8)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


def full_order() -> dict[str, Any]:
    """An order to which everything happened."""
    return order(
        cancelled_at="2026-11-04T10:00:00Z",
        refunds=[refund()],
        fulfillments=[fulfillment(shipment_status="delivered")],
        shipping_lines=[{"price": "1.00"}],
        original_total_duties_set={"shop_money": {"amount": "1.00", "currency_code": "EUR"}},
    )


def cloud_event() -> dict[str, Any]:
    """An event of the own system."""
    kind = {"specversion": "1.0", "id": "e", "source": "s", "type": "order.completed", "time": "2026-11-01T00:00:00Z"}
    return kind | {"data": deepcopy(DATA)}


def full_woocommerce_order() -> dict[str, Any]:
    """An order of a WooCommerce shop to which everything happened."""
    fields = [(EMAIL_KEY, "1"), ("_wc_order_attribution_utm_source", "x"), ("_subscription_renewal", "7")]
    lists = {"fee_lines": [{"total": "1.00"}], "gift_cards": [{"amount": 1}], "refunds": [{"id": 5, "total": "-1"}]}
    return woocommerce_order(*fields, status="completed", date_completed_gmt="2026-11-02T09:00:00", **lists)


Shape = tuple[str, str, Callable[[], Any]]
SHAPES: list[Shape] = [
    ("shopify", "orders/updated", full_order),
    ("shopify", "refunds/create", refund),
    ("shopify", "fulfillments/update", fulfillment),
    ("shopify", "checkouts/update", checkout),
    ("shopify", "carts/update", cart),
    ("shopify", "customers/update", customer),
    ("own", "", cloud_event),
    ("hubspot", "", lambda: [dict(CHANGE), dict(CHANGE)]),
    ("hubspot", "", lambda: deepcopy(EVERY_CHANGE)),
    ("shopify", "customers/merge", merge),
    ("shopify", "customers/redact", redact),
    ("shopify", "customers/data_request", data_request),
    ("shopify", "customers/delete", lambda: {"id": 77}),
    ("shopify", "customers_email_marketing_consent/update", email_consent),
    ("shopify", "customers_marketing_consent/update", phone_consent),
    ("shopify", "subscription_contracts/cancel", lambda: contract(status="cancelled")),
    ("shopify", "subscription_billing_cycles/skip", cycle),
    ("shopify", "orders/edited", lambda: deepcopy(EDIT)),
    ("recharge", "subscription/created", lambda: {"subscription": subscription()}),
    ("recharge", "subscription/deleted", lambda: {"subscription": old_subscription()}),
    ("recharge", "customer/updated", lambda: {"customer": recharge_customer()}),
    ("woocommerce", "order.updated", full_woocommerce_order),
    ("woocommerce", "subscription.updated", woocommerce_subscription),
    ("woocommerce", "customer.updated", woocommerce_customer),
]


def places(body: Any, trail: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where a body has values, its own included."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    return [trail, *(place for key, value in inner for place in places(value, (*trail, key)))]


def put(body: Any, trail: tuple[Any, ...], value: object) -> Any:
    """The body with another value at one place."""
    if not trail:
        return value
    body[trail[0]] = put(body[trail[0]], trail[1:], value)
    return body


def told(source: str, topic: str, body: bytes, store: Store = SHOP) -> Translation:
    """A translation that holds its contract, whatever the body."""
    translation = translate(source, topic, store, body, received_at=RECEIVED)
    assert_holds_contracts(translation)
    return translation


FETCHED = st.sampled_from(["customer", "contract", "subscriber", "order", "subscription"])


@settings(deadline=None)
@given(
    SOURCES, st.sampled_from(["subscription/created", "subscription_billing_cycles/skip", "orders/edited"]), st.data()
)
def test_nothing_that_was_fetched_makes_translation_raise(source: str, topic: str, data: st.DataObject) -> None:
    """A store's answer is as little to be trusted as a body."""
    bodies = {"subscription": subscription(), **cycle(), **deepcopy(EDIT)}
    hydrated = data.draw(st.dictionaries(FETCHED, VALUES, max_size=3))
    store = SHOP.model_copy(update={"shop": "shopify:us"})
    assert_holds_contracts(translate(source, topic, store, encoded(bodies), {}, hydrated, RECEIVED))


@settings(deadline=None)
@given(SOURCES, TOPICS, st.binary(max_size=300))
def test_no_bytes_make_translation_or_screening_raise(source: str, topic: str, body: bytes) -> None:
    """A body that raises would come back from the queue until it is lost."""
    told(source, topic, body)
    screen(body)


@settings(deadline=None)
@given(SOURCES, TOPICS, VALUES)
def test_no_json_makes_translation_raise(source: str, topic: str, value: object) -> None:
    """Of whatever kind."""
    told(source, topic, json.dumps(value).encode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=600)
@given(st.data())
def test_no_mutation_of_a_real_body_makes_translation_raise(data: st.DataObject) -> None:
    """Any value of any body replaced by any other, for its own topic and for every other."""
    source, topic, build = data.draw(st.sampled_from(SHAPES))
    body = build()
    for _ in range(data.draw(st.integers(1, 3))):
        body = put(body, data.draw(st.sampled_from(places(body))), data.draw(VALUES))
    told(source, topic, json.dumps(body).encode())
    told(data.draw(SOURCES), data.draw(TOPICS), json.dumps(body).encode())


@settings(deadline=None)
@given(st.data())
def test_no_damage_to_the_bytes_of_a_real_body_makes_translation_raise(data: st.DataObject) -> None:
    """Cut off, with bytes replaced, with raw odd tokens in place of numbers."""
    source, topic, build = data.draw(st.sampled_from(SHAPES))
    raw = bytearray(encoded(build()))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        odd = st.sampled_from([b"\xff", b"\x00", b"NaN", b"1e99999999999999999999", b"\xef\xbb\xbf", b"[" * 999])
        raw[at : at + data.draw(st.integers(0, 9))] = data.draw(odd | st.binary(max_size=4))
    told(source, topic, bytes(raw))
    told(source, topic, bytes(raw[: data.draw(st.integers(0, len(raw)))]))


def shuffled(value: Any, order_of: Callable[[list[Any]], list[Any]]) -> Any:
    """The same value with the keys of its objects in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], order_of) for key in order_of(list(value))}
    return [shuffled(item, order_of) for item in value] if isinstance(value, list) else value


@settings(deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([None, 2]), st.dictionaries(st.text(), st.text(), max_size=3))
def test_a_translation_depends_on_what_a_body_says_alone(rng: Any, indent: int | None, headers: dict[str, str]) -> None:
    """Not on the order of keys, white space or the delivery's headers; the digest included."""
    body = shuffled(full_order(), lambda keys: rng.sample(keys, len(keys)))
    again = translate("shopify", "orders/updated", SHOP, json.dumps(body, indent=indent).encode(), headers)
    assert again == shopify("orders/updated", full_order())


@settings(deadline=None)
@given(st.permutations(["orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/fulfilled"]))
def test_repeats_and_topics_add_no_events(topics: list[str]) -> None:
    """Everything that any order topic tells of one body has one set of ids."""
    ids = [{event.event_id for event in shopify(topic, full_order()).events} for topic in topics]
    assert ids[0] == set.union(*ids)
    assert len(ids[0]) == len(shopify("orders/create", full_order()).events)


@st.composite
def priced_orders(draw: st.DrawFn) -> tuple[dict[str, Any], Decimal]:
    """An order whose total is the sum of its parts, and one minor unit of its currency."""
    code = draw(st.sampled_from(sorted(MINOR_UNITS)))
    unit = MINOR_UNITS[code]
    amounts = st.integers(0, 10**6).map(lambda units: units * unit)
    lines = [
        line(id=number, price=f"{draw(amounts):f}", quantity=draw(st.integers(1, 9)), discount_allocations=[])
        for number in range(draw(st.integers(1, 5)))
    ]
    discount, tax, shipping = draw(amounts), draw(amounts), draw(amounts)
    gross = sum((Decimal(item["price"]) * item["quantity"] for item in lines), Decimal(0))
    included = draw(st.booleans())
    changes = {
        "currency": code,
        "line_items": lines,
        "total_price": f"{gross - discount + shipping + (0 if included else tax):f}",
        "total_discounts": f"{discount:f}",
        "total_tax": f"{tax:f}",
        "taxes_included": included,
        "total_shipping_price_set": {"shop_money": {"amount": f"{shipping:f}", "currency_code": code}},
    }
    return order(**changes), unit


@settings(deadline=None)
@given(priced_orders(), st.integers(-3, 3))
def test_money_sums_exactly_in_every_currency(priced: tuple[dict[str, Any], Decimal], off: int) -> None:
    """An order balances within one minor unit and not beyond it."""
    body, unit = priced
    body["total_price"] = f"{Decimal(body['total_price']) + off * unit:f}"
    placed, *products = shopify("orders/create", body).events
    assert (placed.imbalance is None) is (abs(off) <= 1)
    assert placed.value == Decimal(body["total_price"])
    gross = sum((Decimal(item["price"]) * item["quantity"] for item in body["line_items"]), Decimal(0))
    assert sum((event.value or Decimal(0) for event in products), Decimal(0)) == gross
