"""Every event that a reference body of WooCommerce proves, whole: times, amounts, lines, people, states, properties.

Written down from the bodies and WooCommerce's documentation, each amount with the sum that it has to come to.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.intake import translate

from tests.unit.intake.bodies import RECEIVED, Body, encoded
from tests.unit.intake.reference import (
    amounts,
    event_of,
    line,
    needs_reference_data,
    payload,
    person,
    refund,
    state,
    told,
)
from tests.unit.intake.store_bodies import UK
from tests.unit.intake.test_reference_payloads_of_woocommerce import EXPECTED

pytestmark = needs_reference_data

DERIVED = {"occurred_trust": "derived"}


def said(subject: str, at: str, **facts: Any) -> Body:
    """An event of the shop."""
    return event_of("woocommerce:uk", subject, at, **facts)


def order(  # noqa: PLR0917 - an order has as many parts as it has
    order_id: str, at: str, whole: Body, lines: list[tuple[Body, str]], told_of: Body, how: Body
) -> list[Body]:
    """placed_order and an ordered_product for each line, worth the line's total."""
    shared = {"order_id": order_id, "currency": whole["currency"], "person": whole["person"]}
    bought = tuple(one for one, _ in lines)
    placed = said(f"{order_id}:placed_order", at, **shared | whole, line_items=bought, order=told_of, properties=how)
    return [
        placed,
        *(
            said(
                f"{order_id}:ordered_product:{one['line_id']}",
                at,
                **shared,
                value=Decimal(total),
                line_items=(one,),
            )
            for one, total in lines
        ),
    ]


def fulfilled(placed: Body, at: str) -> Body:
    """A completed order went out whole."""
    kept = {name: placed[name] for name in ("order_id", "currency", "person", "value", "line_items", "properties")}
    return said(f"{placed['order_id']}:fulfilled_order", at, **kept)


JOHN = person("john.doe@example.com", phone="(555) 555-5555", first_name="John", last_name="Doe", country="US")
LUKASZ_NAMED = {"customer_id": "26", "first_name": "\u0141ukasz", "last_name": "Oakley", "country": "BR"}
LUKASZ = person("joao.silva@example.com", phone="(11) 1111-1111", **LUKASZ_NAMED)
NOEL = {"customer_id": "1", "first_name": "Noel", "last_name": "Tatum", "country": "AU"}

DOCUMENTED_AT = "2017-03-22T19:28:02"
DOCUMENTED_LINES = [
    (line("315", 2, "3.00", "Woo Single #1", product_id="93"), "6.00"),
    (
        line(
            "316",
            *(1, "12.00", "Ship Your Idea \u2013 Color: Black, Size: M Test"),
            product_id="22",
            variant_id="23",
            sku="Bar3",
        ),
        "12.00",
    ),
]


def documented(changed_at: str, **status: str) -> list[Body]:
    """18.00 - 0.00 + 1.35 + 10.00 = 29.35, bought by a guest."""
    return order(
        "727",
        DOCUMENTED_AT,
        {**amounts("29.35", "USD", "0", "1.35", "10.00"), "person": JOHN},
        DOCUMENTED_LINES,
        state(changed_at, "727", "29.35", **status),
        {"order_name": "727", "source_name": "rest-api"},
    )


def completed() -> list[Body]:
    """The same, two minutes later."""
    events = documented("2017-03-22T19:30:35", financial_status="completed", fulfillment_status="fulfilled")
    return [*events, fulfilled(events[0], "2017-03-22T19:30:35")]


def refunded() -> list[Body]:
    """29.00 + 10.00 of shipping = 39.00, of which 10.00 and 9.00 went back: when is not in the body."""
    at, changed_at = "2017-03-21T19:16:00", "2017-03-21T19:54:51"
    events = order(
        "723",
        at,
        {**amounts("39.00", "USD", "0", "0", "10.00"), "person": LUKASZ},
        [
            (line("311", 1, "9.00", "Woo Album #2", product_id="87"), "9.00"),
            (line("313", 1, "20.00", "Woo Ninja", product_id="34"), "20.00"),
        ],
        # the shop's total stays as placed; refunds stand beside it
        state(changed_at, "723", "39.00", financial_status="completed", fulfillment_status="fulfilled"),
        {"order_name": "723", "source_name": "checkout"},
    )
    back = [
        said(
            f"723:refunded_order:{refund_id}",
            changed_at,
            order_id="723",
            currency="USD",
            person=LUKASZ,
            value=Decimal(amount),
            refund=refund(refund_id, amount),
            properties=DERIVED,
        )
        for refund_id, amount in (("726", "10.00"), ("724", "9.00"))
    ]
    return [*events, fulfilled(events[0], changed_at), *back]


def weeklies() -> list[Body]:
    """23.72 + 2.37 = 26.09, in a shop whose prices hold their tax. Three cost 23.72: one is no number of cents."""
    at = "2021-04-19T07:20:56"
    bought = line("1605", 3, "1", "Weekly", product_id="1027") | {"unit_price": Decimal("23.72") / 3}
    return order(
        "1274",
        at,
        {
            **amounts("26.09", "USD", "0", "2.37", "0"),
            "person": person("james@example.com", phone="0000000000", **NOEL),
        },
        [(bought, "23.72")],
        state("2021-04-19T07:21:00", "1274", "26.09", financial_status="processing"),
        {"order_name": "1274", "source_name": "checkout"},
    )


def started(  # noqa: PLR0917 - so has a subscription
    subscription: str, at: str, sums: Body, only: Body, buyer: Any, terms: Body
) -> Body:
    """A subscription costs what one period costs."""
    told_of = {"subscription_id": subscription, **terms}
    return said(
        f"{subscription}:subscription_started", at, **sums, line_items=(only,), person=buyer, properties=told_of
    )


def daily() -> list[Body]:
    """7.91 + 0.79 + 20.00 = 28.70."""
    return [
        started(
            *("1347", "2021-04-29T04:48:33", amounts("28.70", "USD", "0", "0.79", "20.00")),
            line("1758", 2, "3.955", "Daily", product_id="1026"),
            {**JOHN, "customer_id": "3"},
            {
                "source_name": "rest-api",
                "subscription_status": "active",
                "billing_period": "day",
                "billing_interval": "1",
                "next_payment_at": "2021-04-30T04:25:56+00:00",
            },
        )
    ]


def with_a_fee() -> list[Body]:
    """7.91 + 4.74 + 10.00 of shipping + 10.00 of a fee = 32.65."""
    return [
        started(
            *("1300", "2021-04-22T10:44:41", amounts("32.65", "USD", "0", "4.74", "10.00")),
            line("1648", 1, "7.91", "Weekly", product_id="1027"),
            person("jaskr.fvvsx@example.com", phone="0000000000", **NOEL),
            {
                "source_name": "checkout",
                "fees": "10.00",
                "parent_order_id": "1299",
                "billing_period": "week",
                "subscription_status": "active",
                "billing_interval": "1",
                "next_payment_at": "2021-04-29T10:44:41+00:00",
            },
        )
    ]


def on_hold() -> list[Body]:
    """24.27 - 3.24 + 2.10 = 23.13. Somebody paused it: the next payment is three weeks away."""
    began = started(
        *("1246", "2021-04-23T07:49:23", amounts("23.13", "USD", "3.24", "2.10", "0")),
        line("1532", 2, "12.135", "Monthly", product_id="916", discount="3.24"),
        person(
            "john@example.com", phone="0000000000", customer_id="1", first_name="John", last_name="Doe", country="AU"
        ),
        {
            "source_name": "checkout",
            "coupon": "13%off",
            "parent_order_id": "1245",
            "billing_period": "month",
            "subscription_status": "on-hold",
            "billing_interval": "1",
            "next_payment_at": "2021-05-16T03:54:51+00:00",
        },
    )
    held = {"event_id": "woocommerce:uk:1246:subscription_paused:1618545291000", "name": "subscription_paused"}
    return [began, began | held | {"properties": began["properties"] | DERIVED}]


def profile(customer: str, at: str, milliseconds: int, named: Mapping[str, str]) -> list[Body]:
    """A customer at one moment."""
    return [said(f"{customer}:profile_updated:{milliseconds}", at, person={**named, "customer_id": customer})]


#: file -> each of its events, whole.
EVENTS: dict[str, list[Body]] = {
    "customer__woodocs-wp-api-v3": profile("25", "2017-03-21T19:09:30", 1490123370000, JOHN),
    "customer__woodocs-wp-api-v3-2": profile(
        *("26", "2017-03-21T19:11:16", 1490123476000), {**LUKASZ, "phone": "(55) 5555-5555"}
    ),
    "customer__woodocs-wp-api-v3-3": profile(
        *("25", "2017-03-21T19:12:28", 1490123548000), {**JOHN, "first_name": "Noel"}
    ),
    "order__woodocs-wp-api-v2": documented("2017-03-22T19:28:08", financial_status="processing"),
    "order__woodocs-wp-api-v2-4": completed(),
    "order__woodocs-wp-api-v3-3": refunded(),
    "order__woodocs-wp-api-v3-4": completed(),
    "subscription__woosubsdocs-11": daily(),
    "subscription__woosubsdocs-2": with_a_fee(),
    "subscription__woosubsdocs-6": on_hold(),
    "subscription_order__woosubsdocs": weeklies(),
}


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_of_a_reference_body_is_what_a_person_reads_in_it(name: str) -> None:
    """Nothing more and nothing less, and every time is in UTC."""
    body = encoded(payload("woocommerce", name))
    translation = translate("woocommerce", EXPECTED[name][0], UK, body, received_at=RECEIVED)
    assert [told(event) for event in translation.events] == EVENTS[name]
    assert all(event.occurred_at.utcoffset() == RECEIVED.utcoffset() for event in translation.events)


def test_every_reference_body_with_events_is_read_whole() -> None:
    """A new file, too."""
    assert sorted(EVENTS) == sorted(name for name, (_, events) in EXPECTED.items() if isinstance(events, list))
