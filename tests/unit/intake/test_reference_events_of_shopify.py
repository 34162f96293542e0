"""Every event that a reference body of Shopify proves, whole: times, amounts, lines, people, states, properties.

Written down from the bodies and Shopify's documentation, each amount with the sum that it has to come to.
"""

from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.intake import translate

from tests.unit.intake.bodies import RECEIVED, Body, encoded
from tests.unit.intake.reference import (
    FOLDER,
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


def cart(token: str, at: str, value: str, only: Body) -> list[Body]:
    """A cart of one line names nobody."""
    facts = {"value": Decimal(value), "currency": "USD", "line_items": (only,), "properties": {"cart_token": token}}
    return [said(f"{token}:added_to_cart", at, **facts)]


SHIRT = {
    "title": "Example T-Shirt - Small",
    "sku": "example-shirt-s",
    "product_id": "788032119674292900",
    "variant_id": "704912205188288500",
}
LIQUID = line(
    "44901482856738:d958b33556da58fe0b295f0988f86eeb",
    *(3, "749.95", "The Collection Snowboard: Liquid"),
    product_id="8213868347682",
    variant_id="44901482856738",
    sku="test-sku",
)
HYDROGEN = line(
    "44901482430754:c98420a72fc5a754df84645d0b67889e",
    *(1, "600.00", "The Collection Snowboard: Hydrogen"),
    product_id="8213868020002",
    variant_id="44901482430754",
)


def ipod(key: str, colour: str, variant: str, discount: str = "0") -> Body:
    """A line of the documented checkouts."""
    known = {"sku": f"IPOD2008{colour}", "product_id": "632910392", "variant_id": variant}
    return line(key, 1, "199.00", "IPod Nano - 8GB", discount=discount, **known)


def documented_checkout() -> list[Body]:
    """398.00 + 23.88 of tax = 421.88. The address typed in the checkout comes before the customer's own, and the
    only phone is the payer's, whose country it is read in.
    """
    pink = ipod("4c95fff1f570abe06e9b6db04c632d22", "PINK", "808950810")
    john = {"customer_id": "603851970716743400", "first_name": "John", "last_name": "Smith"}
    came = {
        "checkout_token": "123123123",
        "cart_token": "af16814c6ba497db8c9ba53012c52ee9",
        "source_name": "web",
        "abandoned_checkout_url": "https://checkout.local/548380009/checkouts/123123123/recover"
        "?key=example-secret-token",
    }
    return [
        said(
            "123123123:started_checkout",
            NEW_YEAR,
            **amounts("421.88", "USD", "0", "23.88", "0"),
            line_items=(pink, pink),
            person=person("sbncign@example.com", phone="555-555-BILL", country="US", **john),
            properties=came,
        )
    ]


BOB = person(
    "bob.norman@mail.example.com",
    phone="+16135550142",
    customer_id="207119551",
    first_name="Bob",
    last_name="Norman",
    country="US",
)
ABANDONED = said(
    "424633d2960f4559826a882621d0d803:started_checkout",
    "2012-10-12T11:05:27",
    # 398.00 - 39.80 + 21.49 + 0.00 = 379.69
    **amounts("379.69", "USD", "39.80", "21.49", "0"),
    line_items=(
        ipod("f32827a8d00b0a8d", "RED", "49148385", "19.90"),
        ipod("7e8c529027b9a00e", "PINK", "808950810", "19.90"),
    ),
    person=BOB,
    properties={
        "checkout_token": "424633d2960f4559826a882621d0d803",
        "cart_token": "1443388f1a7cf7c0b73c066ac506feb8",
        "source_name": "web",
        "abandoned_checkout_url": "https://checkout.local/548380009/checkouts/424633d2960f4559826a882621d0d803/recover",
    },
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
    return [
        said(subject, ARRIVED, order_id="1", currency="CAD", person=person(customer_id="1"), properties=told_of)
    ]


#: file -> each of its events, whole.
EVENTS: dict[str, list[Body]] = {
    "carts__shopify_python_api-2": cart(
        "47446d65ad5a5c30194da24790fc482e", "2012-02-13T19:39:12", "1.00", line("1", 1, "1.00", "test", variant_id="1")
    ),
    "carts_create__shopifydocs-2026-04": cart(
        "exampleCartId",
        NEW_YEAR,
        "59.97",  # 3 at 19.99; the line's total_discount of 39.98 contradicts all its prices
        line("704912205188288575:12f409e5b969bd50d6798cdb67e341ef", 3, "19.99", **SHIRT),
    ),
    "carts_update__shopifydocs-2024-10": cart(
        "af16814c6ba497db8c9ba53012c52ee9",
        NEW_YEAR,
        "59.97",
        line("704912205188288575:401f914e79744c5da4a7102ca39b470e", 3, "19.99", **SHIRT),
    ),
    "carts_update__ShopifySharp-cart": cart(
        "c1-7b40d6e90ec9c3b55ecd78cac3ec9d8c", "2023-12-11T04:40:09.792", "2249.85", LIQUID
    ),
    "carts_update__ShopifySharp-cart_with_properties": cart(
        "c1-c0dc5cbdfdba140337444e2bf3c175bb", "2023-12-11T17:14:07.906", "600.00", HYDROGEN
    ),
    "checkouts__shopify-api-ruby-2026_07": [ABANDONED],
    "checkouts_create__shopifydocs-2026-04": documented_checkout(),
    "checkouts_update__shopifydocs-2025-10": [
        one | {"line_items": (ipod("cdbc06dbbd03cbaad80df1f7f249df80", "PINK", "808950810"),) * 2}
        for one in documented_checkout()
    ],
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
    """A new file, too."""
    assert sorted(EVENTS) == sorted(name for name, (_, events) in EXPECTED.items() if isinstance(events, list) and events)
    assert FOLDER.is_dir()
