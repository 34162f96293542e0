"""Every event of a reference cart or checkout of Shopify, whole. Written down from the bodies, with their sums."""

from decimal import Decimal

import pytest
from commerce_sync.intake import translate

from tests.unit.intake.bodies import RECEIVED, Body, encoded
from tests.unit.intake.reference import amounts, line, needs_reference_data, payload, person, told
from tests.unit.intake.test_reference_events_of_shopify import BOB, NEW_YEAR, said
from tests.unit.intake.test_reference_payloads import EXPECTED, SHOP

pytestmark = needs_reference_data


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

#: file -> each of its events, whole.
VISITS: dict[str, list[Body]] = {
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
}


@pytest.mark.parametrize("name", sorted(VISITS))
def test_every_event_of_a_reference_visit_is_what_a_person_reads_in_it(name: str) -> None:
    """Nothing more and nothing less."""
    body = encoded(payload("shopify", name))
    translation = translate("shopify", EXPECTED[name][0], SHOP, body, received_at=RECEIVED)
    assert [told(event) for event in translation.events] == VISITS[name]


def test_every_reference_cart_and_checkout_with_events_is_read_whole() -> None:
    """A new file, too."""
    visits = {name for name, (_, events) in EXPECTED.items() if isinstance(events, list) and events and is_visit(name)}
    assert sorted(VISITS) == sorted(visits)


def is_visit(name: str) -> bool:
    """Whether a file is about a cart or a checkout."""
    return name.startswith(("cart", "checkout"))
