"""Real and documentation bodies of BigCommerce, with what each says of consent as read from it by hand.

The bodies are reference data that stands beside this project; where it is absent these tests are skipped. They hold ids
alone (the sample of a shipment does not name the order, without which it has no address).
"""

import csv
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from commerce_sync.intake import Translation, hydrate, translate

from tests.unit.intake.bigcommerce_bodies import bigcommerce_order, cart, customer, parts
from tests.unit.intake.bodies import RECEIVED
from tests.unit.intake.store_bodies import OUTLET
from tests.unit.intake.test_reference_payloads import EXPECTED as SHOPIFY
from tests.unit.intake.test_reference_payloads_of_recharge import EXPECTED as RECHARGE
from tests.unit.intake.test_reference_payloads_of_woocommerce import EXPECTED as WOOCOMMERCE

ROOT = Path(__file__).parents[3]
FOLDER = (ROOT / os.environ.get("REFERENCE_DATA", "../shared") / "payloads").resolve()

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="reference data is absent: set REFERENCE_DATA to its folder"
)

UNUSED, NOT_ASKED = ("topic_not_used", ""), ("not_asked", "data.id")

#: file -> the scope it has, the record behind it, and why it is not translated without it.
BIGCOMMERCE: dict[str, tuple[str, tuple[str, str] | None, tuple[str, str]]] = {
    "store_cart_abandoned": ("store/cart/abandoned", None, UNUSED),
    "store_cart_created": ("store/cart/created", ("cart", "ss-598f-4c95-813b-0ess950562770d"), NOT_ASKED),
    "store_customer_address_created": ("store/customer/address/created", None, UNUSED),
    "store_customer_address_updated": ("store/customer/address/updated", None, UNUSED),
    "store_customer_created": ("store/customer/created", ("customer", "2"), NOT_ASKED),
    "store_customer_updated": ("store/customer/updated", ("customer", "2"), NOT_ASKED),
    "store_order_created": ("store/order/created", ("order", "2"), NOT_ASKED),
    "store_order_statusUpdated": ("store/order/statusUpdated", ("order", "2"), NOT_ASKED),
    "store_order_updated": ("store/order/updated", ("order", "2"), NOT_ASKED),
    "store_shipment_created": ("store/shipment/created", None, ("missing_field", "data.orderId")),
}


def payload(platform: str, name: str) -> Any:
    """What the store sends: the file without its provenance."""
    return json.loads((FOLDER / platform / f"{name}.json").read_text())["payload"]


def codes(translation: Translation) -> list[tuple[str, str]]:
    """Why it gave nothing, and where that stands."""
    return [(rejection.code, rejection.path) for rejection in translation.rejections]


class Nobody:
    """A store that knows of nothing, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def read(self, kind: str, record_id: str) -> None:
        """Nothing."""
        self.asked.append((kind, record_id))


@pytest.mark.parametrize("name", sorted(BIGCOMMERCE))
def test_a_thin_reference_body_leads_to_its_record_or_says_why_not(name: str) -> None:
    """Without the record it waits; of a record that is gone nothing is left to be done."""
    scope, record, code = BIGCOMMERCE[name]
    given = payload("bigcommerce", f"{name}__activepieces")
    body, store = json.dumps(given).encode(), Nobody()

    assert given["scope"] == scope
    hydrated = hydrate("bigcommerce", scope, body, lambda: store)
    assert store.asked == ([record] if record else [])
    assert codes(translate("bigcommerce", scope, OUTLET, body, received_at=RECEIVED)) == [code]
    settled = translate("bigcommerce", scope, OUTLET, body, {}, hydrated, RECEIVED)
    assert codes(settled) == ([("record_unknown", "data.id")] if record else [code])


Worth = tuple[str, Decimal | None]
"""An event's id after the store, and its value."""
LIGHTS: list[Worth] = [
    ("2:placed_order", Decimal("361.95")),
    ("2:ordered_product:31", Decimal("325.00")),
    ("2:ordered_product:32", Decimal("20.00")),
]
CART = "ss-598f-4c95-813b-0ess950562770d"
PROFILE: list[Worth] = [("2:profile_updated:1793613600000", None)]
ORDER = parts(bigcommerce_order(id=2))

#: file -> what the store shows under its id (a record of the documented shape, invented here), and the events.
THIN: dict[str, tuple[dict[str, Any], list[Worth]]] = {
    "store_order_created": (ORDER, LIGHTS),
    "store_order_updated": (ORDER, LIGHTS),
    "store_order_statusUpdated": (ORDER, LIGHTS),
    "store_customer_created": ({"customer": customer(id=2)}, PROFILE),
    "store_customer_updated": ({"customer": customer(id=2)}, PROFILE),
    "store_cart_created": (
        {"cart": cart(id=CART), "customer": customer()},
        [(f"{CART}:added_to_cart", Decimal("475.00"))],
    ),
}


@pytest.mark.parametrize("name", sorted(THIN))
def test_a_thin_reference_body_tells_what_the_store_shows_under_its_id(name: str) -> None:
    """361.95 = 325.00 + 20.00 + 12.95 + 3.00 + 1.00; 475.00 = 3 at 150.00 and a gift certificate over 25.00."""
    hydrated, expected = THIN[name]
    body = payload("bigcommerce", f"{name}__activepieces")
    translation = translate("bigcommerce", body["scope"], OUTLET, json.dumps(body).encode(), {}, hydrated, RECEIVED)
    assert [(one.event_id.removeprefix("bigcommerce:outlet:"), one.value) for one in translation.events] == expected
    assert {one.imbalance for one in translation.events} == {None}
    assert translation.rejections == ()


@pytest.mark.parametrize("name", ["store_order_created", "store_order_updated", "store_order_statusUpdated"])
def test_a_thin_reference_body_of_a_checkout_that_was_begun_is_no_order(name: str) -> None:
    """Status 0: the shopper only reached the payment."""
    body = payload("bigcommerce", f"{name}__activepieces")
    hydrated = {"order": bigcommerce_order(id=2, status_id=0)}
    translation = translate("bigcommerce", body["scope"], OUTLET, json.dumps(body).encode(), {}, hydrated, RECEIVED)
    assert (translation.events, translation.consent) == ((), ())
    assert [(one.code, one.path, one.waits) for one in translation.rejections] == [
        ("incomplete_order", "order.status_id", False)
    ]


def test_every_reference_body_is_in_a_table() -> None:
    """A new file is read by a person too, whichever source it is of; and nothing stands there but these files."""
    tables = {
        "bigcommerce": [f"{name}__activepieces" for name in BIGCOMMERCE],
        "recharge": list(RECHARGE),
        "shopify": list(SHOPIFY),
        "woocommerce": list(WOOCOMMERCE),
    }
    known = {f"{source}/{name}.json" for source, names in tables.items() for name in names}
    with (FOLDER / "index.tsv").open(newline="") as index:
        listed = {row["file"] for row in csv.DictReader(index, delimiter="\t")}
    found = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert found - {"README.md", "index.tsv"} == known
    assert listed == known
