"""Every event that a reference body of Shopify proves, whole: times, amounts, lines, people, states, properties.

Written down from the bodies and Shopify's documentation, each amount with the sum that it has to come to.
"""

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
from tests.unit.intake.test_reference_payloads import EXPECTED, SHOP

pytestmark = needs_reference_data

NEW_YEAR = "2022-01-01T00:00:00"
ARRIVED = RECEIVED.replace(tzinfo=None).isoformat()


def said(subject: str, at: str, **facts: Any) -> Body:
    """An event of the shop."""
    return event_of("shopify:shop", subject, at, **facts)


BOB = person(
    "bob.norman@mail.example.com",
    phone="+16135550142",
    customer_id="207119551",
    first_name="Bob",
    last_name="Norman",
    country="US",
)
BILLER = person("vbe@example.com", customer_id="706405506930370000", first_name="Bob", last_name="Biller")

RUSSEL = person(
    "russel.winfield@example.com",
    phone="+16115550154",
    customer_id="6972527083830",
    first_name="Testname",
    last_name="Testname",
    country="CA",
)
SNOWBOARD = {"title": "The Complete Snowboard", "product_id": "8222223302966"}
POWDER = line("13924936679734", 1, "699.95", discount="113.50", variant_id="44872881537334", **SNOWBOARD)
ELECTRIC = line("13924936712502", 2, "699.95", discount="209.97", variant_id="44872881570102", **SNOWBOARD)
SNOWBOARDS_CAME = {
    "order_name": "#1009",
    "source_name": "16818700289",
    "checkout_token": "6b6a5fa094bb330a6211056829b0aee5",
}


def snowboards() -> list[Body]:
    """2099.85 - 323.47 + 30.00 = 1806.38, of which the lines are 586.45 and 1189.93; all of it was paid back."""
    order, placed_at, ended_at = "5324790137142", "2023-03-24T15:28:18", "2023-03-24T22:08:18"
    shared = {"order_id": order, "currency": "USD", "person": RUSSEL}
    end = {"financial_status": "refunded", "cancelled": ended_at}
    whole = shared | {"value": Decimal("1806.38"), "line_items": (POWDER, ELECTRIC)}
    return [
        said(
            f"{order}:placed_order",
            placed_at,
            **(whole | amounts("1806.38", "USD", "323.47", "0", "30.00")),
            order=state(ended_at, "#1009", "0.00", **end),
            properties=SNOWBOARDS_CAME,
        ),
        said(
            f"{order}:ordered_product:13924936679734",
            placed_at,
            **(shared | {"value": Decimal("586.45"), "line_items": (POWDER,)}),
        ),
        said(
            f"{order}:ordered_product:13924936712502",
            placed_at,
            **(shared | {"value": Decimal("1189.93"), "line_items": (ELECTRIC,)}),
        ),
        said(f"{order}:cancelled_order", ended_at, **whole, properties=SNOWBOARDS_CAME | {"cancel_reason": "other"}),
        said(
            f"{order}:refunded_order:945108681014",
            ended_at,
            **(shared | {"value": Decimal("1806.38"), "refund": refund("945108681014", "1806.38")}),
        ),
    ]


def ipod_touch(order: str, line_id: str, at: str, buyer: Any, **status: str) -> list[Body]:
    """One iPod for 199.00, without tax and shipping."""
    known = {"product_id": "921728736", "variant_id": "447654529", "sku": "IPOD2009BLACK"}
    lines = (line(line_id, 1, "199.00", "IPod Touch 8GB", **known),)
    shared = {"order_id": order, "currency": "USD", "person": buyer, "value": Decimal("199.00"), "line_items": lines}
    return [
        said(
            f"{order}:placed_order",
            at,
            **(shared | amounts("199.00", "USD", "0", "0", "0")),
            order=state(at, "#1002", "199.00", **status),
            properties={"order_name": "#1002", "source_name": "755357713"},
        ),
        said(f"{order}:ordered_product:{line_id}", at, **shared),
    ]


JANE = person(
    "jane@example.com",  # as the order has it; the customer's own is another
    phone="555-555-5555",  # the payer's: the order and the customer have none, the parcel's is the recipient's
    customer_id="1073339474",
    first_name="John",
    last_name="Smith",
    country="CA",
)
FOO = person("foo@example.com", customer_id="1073339470")
SHIPPED_AT = "2025-07-02T16:31:05"
TOUCH = ipod_touch(
    *("1073459972", "1071823184", SHIPPED_AT, FOO), financial_status="paid", fulfillment_status="fulfilled"
)
PARCEL = said(
    "1073459972:fulfilled_order:1069019863",
    SHIPPED_AT,
    order_id="1073459972",
    currency="USD",
    person=FOO,
    line_items=TOUCH[0]["line_items"],
)


def returned(order: str, refund_id: str, at: str, amount: str, reason: str) -> list[Body]:
    """A refund's own body names nobody: its order does."""
    money = {"value": Decimal(amount), "currency": "USD", "refund": refund(refund_id, amount, reason)}
    return [said(f"{order}:refunded_order:{refund_id}", at, order_id=order, **money)]


def contract(contract_id: str, name: str, revision: str | None = None, reason: str | None = None) -> list[Body]:
    """A contract's body tells no time, no lines and no price: when it came, whose it is and what it began with."""
    subject = f"{contract_id}:{name}" + (f":{revision}" if revision else "")
    told_of = {"subscription_id": contract_id} | ({"cancel_reason": reason} if reason else {})
    return [said(subject, ARRIVED, order_id="1", currency="CAD", person=person(customer_id="1"), properties=told_of)]


#: file -> each of its events, whole.
EVENTS: dict[str, list[Body]] = {
    "customers__shopify-api-ruby-2026_07-10": [
        said("207119551:profile_updated:1751473621000", "2025-07-02T16:27:01", person=BOB)
    ],
    "customers__shopify-api-ruby-2026_07-11": [
        said("207119551:profile_updated:1751473403000", "2025-07-02T16:23:23", person=BOB)
    ],
    "customers_create__shopifydocs-2026-04": [
        said(
            "706405506930370000:profile_updated:1640995200000",
            NEW_YEAR,
            person={**BILLER, "country": "CA"},  # the default address's phone is not the customer's
        )
    ],
    "customers_update__shopifydocs-2023-10": [
        said("706405506930370000:profile_updated:1640995200000", NEW_YEAR, person=BILLER)
    ],
    "orders_cancelled__activepieces": snowboards(),
    "orders__shopify-api-ruby-2026_07-10": ipod_touch(
        *("1073459980", "1071823192", "2025-07-02T16:31:36", JANE), financial_status="partially_paid"
    ),
    "orders__shopify-api-ruby-2026_07-12": [*TOUCH, PARCEL],
    "refunds__shopify-api-ruby-2026_07": returned(
        *("450789469", "509562969", "2025-07-02T16:38:15", "209.00", "it broke during shipping")
    ),
    "refunds__shopify_python_api": returned(
        *("450789469", "509562969", "2016-06-20T17:35:06", "209.00", "it broke during shipping")
    ),
    "refunds_create__shopifydocs-2026-04": returned(
        # 75.00 + 10.00 came back, whatever the lines (414.95) say
        *("820982911946154500", "890088186047892400", NEW_YEAR, "85.00", "Things were damaged")
    ),
    "subscription_contracts_create__shopifydocs-2026-04": contract("7103183873", "subscription_started"),
    "subscription_contracts_activate__shopifydocs-2026-04": contract(
        "4367739981", "subscription_reactivated", "9180612443"
    ),
    "subscription_contracts_pause__shopifydocs-2026-04": contract("8581128542", "subscription_paused", "5978940915"),
    "subscription_contracts_cancel__shopifydocs-2026-04": contract(
        "1634929605", "subscription_cancelled", "6957441202", "cancelled"
    ),
    "subscription_contracts_expire__shopifydocs-2026-04": contract(
        "2619308913", "subscription_cancelled", "5923740564", "expired"
    ),
    "subscription_contracts_fail__shopifydocs-2026-04": contract(
        "6174371109", "subscription_cancelled", "8415628824", "failed"
    ),
}


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_of_a_reference_body_is_what_a_person_reads_in_it(name: str) -> None:
    """Nothing more and nothing less, and every time is in UTC."""
    body = encoded(payload("shopify", name))
    translation = translate("shopify", EXPECTED[name][0], SHOP, body, received_at=RECEIVED)
    assert [told(event) for event in translation.events] == EVENTS[name]
    assert all(event.occurred_at.utcoffset() == RECEIVED.utcoffset() for event in translation.events)


def test_every_reference_body_with_events_is_read_whole() -> None:
    """A new file, too. Carts and checkouts are read beside."""
    with_events = {name for name, (_, events) in EXPECTED.items() if isinstance(events, list) and events}
    assert sorted(EVENTS) == sorted(name for name in with_events if not name.startswith(("cart", "checkout")))


JON = person(
    "jon@example.com",  # as the order has it; the customer's own is another
    phone="555-555-SHIP",
    customer_id="115310627314723950",
    first_name="John",
    last_name="Smith",
    country="US",
)
BY_HAND = [("789012345678901200", "19.99", "Lens Protection Plan (2 Year)", "LENS-PROTECT-2YR")]
BY_HAND += [("890123456789012400", "24.99", "Premium Leather Case", "CASE-LEATHER-PREM")]
OF_THE_SHOP = [("976318377106520300", "159.99", "Mid-century lounger", "SKU2006-020")]
OF_THE_SHOP += [("315789986012684400", "119.99", "Coffee table", "SKU2006-035")]


def documented_order() -> list[Body]:
    """414.95 - 20.00 + 0.00 + 10.00 = 404.95, for goods of 89.99 + 19.99 + 24.99 + 159.99 + 119.99."""
    order, product = "820982911946154500", {"product_id": "788032119674292900"}
    lines = (
        line("487817672276298560", 1, "89.99", "Aviator sunglasses", sku="SKU2006-001", **product),
        *(line(one, 1, price, title, sku=sku) for one, price, title, sku in BY_HAND),
        *(line(one, 1, price, title, sku=sku, **product) for one, price, title, sku in OF_THE_SHOP),
    )
    shared = {"order_id": order, "currency": "USD", "person": JON}
    whole = shared | {"value": Decimal("404.95"), "line_items": lines}
    came = {"order_name": "#9999", "source_name": "web"}
    end = {"financial_status": "voided", "cancelled": NEW_YEAR}
    return [
        said(
            f"{order}:placed_order",
            NEW_YEAR,
            **(whole | amounts("404.95", "USD", "20.00", "0", "10.00")),
            order=state(NEW_YEAR, "#9999", "414.95", **end),
            properties=came,
        ),
        *(
            said(
                f"{order}:ordered_product:{one['line_id']}",
                NEW_YEAR,
                **shared,
                value=one["unit_price"],
                line_items=(one,),
            )
            for one in lines
        ),
        said(f"{order}:cancelled_order", NEW_YEAR, **whole, properties=came | {"cancel_reason": "customer"}),
    ]


def test_the_documented_order_is_what_a_person_reads_in_it_once_it_is_no_test() -> None:
    """Whole, from its own body, and where an edit's thin body led to it."""
    body = payload("shopify", "orders_create__shopifydocs-2026-04") | {"test": False}
    edit = encoded(payload("shopify", "orders_edited__shopifydocs-2026-04"))
    for given in (
        translate("shopify", "orders/create", SHOP, encoded(body)),
        translate("shopify", "orders/edited", SHOP, edit, hydrated={"order": body}),
    ):
        assert [told(event) for event in given.events] == documented_order()
        assert given.rejections == ()


def test_a_reference_skip_tells_which_delivery_of_whose_subscription() -> None:
    """The first cycle, due on the first of November by the shop's clock."""
    body = encoded(payload("shopify", "subscription_billing_cycles_skip__shopifydocs-2026-04"))
    known = {"contract": {"origin_order_id": "1", "customer": {"id": "1", "email": "vbe@example.com"}}}
    given = translate("shopify", "subscription_billing_cycles/skip", SHOP, body, {}, known, RECEIVED)
    assert [told(event) for event in given.events] == [
        said(
            "9322892687:subscription_skipped:1",
            ARRIVED,
            order_id="1",
            person=person("vbe@example.com", customer_id="1"),
            properties={"subscription_id": "9322892687", "skipped_on": "2022-11-01"},
        )
    ]
