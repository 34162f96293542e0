"""Real and documentation bodies of BigCommerce, with what each says of consent as read from it by hand.

The bodies are reference data that stands beside this project; where it is absent these tests are skipped. They hold ids
alone (the sample of a shipment does not name the order, without which it has no address).
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from commerce_sync.intake import Translation, hydrate, translate

from tests.unit.intake.bodies import RECEIVED
from tests.unit.intake.store_bodies import OUTLET

ROOT = Path(__file__).parents[3]
FOLDER = (ROOT / os.environ.get("REFERENCE_DATA", "../shared") / "payloads").resolve()

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="reference data is absent: set REFERENCE_DATA to its folder"
)

#: file -> the scope it has, the record behind it, and why it is not translated without it.
BIGCOMMERCE: dict[str, tuple[str, tuple[str, str] | None, str]] = {
    "store_cart_abandoned": ("store/cart/abandoned", None, "topic_not_used"),
    "store_cart_created": ("store/cart/created", ("cart", "ss-598f-4c95-813b-0ess950562770d"), "not_asked"),
    "store_customer_address_created": ("store/customer/address/created", None, "topic_not_used"),
    "store_customer_address_updated": ("store/customer/address/updated", None, "topic_not_used"),
    "store_customer_created": ("store/customer/created", ("customer", "2"), "not_asked"),
    "store_customer_updated": ("store/customer/updated", ("customer", "2"), "not_asked"),
    "store_order_created": ("store/order/created", ("order", "2"), "not_asked"),
    "store_order_statusUpdated": ("store/order/statusUpdated", ("order", "2"), "not_asked"),
    "store_order_updated": ("store/order/updated", ("order", "2"), "not_asked"),
    "store_shipment_created": ("store/shipment/created", None, "missing_field"),
}


def payload(platform: str, name: str) -> Any:
    """What the store sends: the file without its provenance."""
    return json.loads((FOLDER / platform / f"{name}.json").read_text())["payload"]


def codes(translation: Translation) -> list[str]:
    """Why it gave nothing."""
    return [rejection.code for rejection in translation.rejections]


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
    assert codes(settled) == (["record_unknown"] if record else [code])


def test_every_reference_body_is_in_a_table() -> None:
    """A new file is read by a person too."""
    bigcommerce = sorted(path.stem.removesuffix("__activepieces") for path in (FOLDER / "bigcommerce").glob("*.json"))
    assert bigcommerce == sorted(BIGCOMMERCE)
