"""Real and documentation bodies of BigCommerce and WooCommerce, with what each says of consent as read from it by hand.

The bodies are reference data that stands beside this project; where it is absent these tests are skipped. BigCommerce's
hold ids alone (its sample of a shipment does not name the order, without which it has no address). WooCommerce's orders
and customers are not translated yet, so what is expected of them is why not, and whom they are about.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from commerce_sync.contracts.store import OptInMeta
from commerce_sync.intake import Translation, hydrate, translate

from tests.unit.intake.bodies import RECEIVED
from tests.unit.intake.store_bodies import OUTLET, UK

ROOT = Path(__file__).parents[3]
FOLDER = (ROOT / os.environ.get("REFERENCE_DATA", "../shared") / "payloads").resolve()
SHOP = UK.model_copy(update={"opt_in_meta": OptInMeta(email=("_download_permissions_granted",))})

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

#: file -> the topic whose webhook carries such an object, why it is not translated, and whom it names.
WOOCOMMERCE: dict[str, tuple[str, str]] = {
    "customer__woodocs-wp-api-v3": ("customer.created", "not_yet_translated"),
    "customer__woodocs-wp-api-v3-2": ("customer.updated", "not_yet_translated"),
    "customer__woodocs-wp-api-v3-3": ("customer.updated", "not_yet_translated"),
    "order__woodocs-wp-api-v2": ("order.created", "not_yet_translated"),
    "order__woodocs-wp-api-v2-4": ("order.updated", "not_yet_translated"),
    "order__woodocs-wp-api-v3-3": ("order.updated", "not_yet_translated"),
    "order__woodocs-wp-api-v3-4": ("order.updated", "not_yet_translated"),
    "order_refund__woodocs-wp-api-v2-2": ("action.woocommerce_refund", "topic_not_used"),
    "order_refund__woodocs-wp-api-v2-3": ("action.woocommerce_refund", "topic_not_used"),
    "subscription__woosubsdocs-2": ("subscription.created", "not_yet_translated"),
    "subscription__woosubsdocs-4": ("subscription.updated", "not_yet_translated"),
    "subscription__woosubsdocs-6": ("subscription.updated", "not_yet_translated"),
    "subscription__woosubsdocs-7": ("subscription.updated", "not_yet_translated"),
    "subscription__woosubsdocs-11": ("subscription.updated", "not_yet_translated"),
    "subscription_order__woosubsdocs": ("order.created", "not_yet_translated"),
    "webhook_object__woodocs-wp-api-v2-5": ("action.webhook", "topic_not_used"),
    "webhook_object__woodocs-wp-api-v2-6": ("action.webhook", "topic_not_used"),
    "webhook_object__woodocs-wp-api-v3-2": ("action.webhook", "topic_not_used"),
    "webhook_object__woodocs-wp-api-v3-4": ("action.webhook", "topic_not_used"),
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


@pytest.mark.parametrize("name", sorted(WOOCOMMERCE))
def test_a_reference_body_of_woocommerce_says_nothing_of_consent(name: str) -> None:
    """Core has no such field, and none of these shops' plugins does."""
    topic, code = WOOCOMMERCE[name]
    translation = translate("woocommerce", topic, UK, json.dumps(payload("woocommerce", name)).encode())

    assert (translation.consent, codes(translation)) == ((), [code])


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("order__woodocs-wp-api-v3-3", [("joao.silva@example.com", "(11) 1111-1111", "26")]),
        ("customer__woodocs-wp-api-v3", [("john.doe@example.com", "(555) 555-5555", "25")]),
    ],
)
def test_a_reference_body_names_its_people(name: str, people: list[tuple[str, str, str]]) -> None:
    """So that an erasure finds it in the archive."""
    translation = translate("woocommerce", WOOCOMMERCE[name][0], UK, json.dumps(payload("woocommerce", name)).encode())

    assert [(one.email, one.phone, one.customer_id) for one in translation.people] == people


def test_a_field_of_a_reference_order_counts_once_it_is_configured() -> None:
    """As documented it holds ``_download_permissions_granted: yes``, placed at 19:16 UTC."""
    body = json.dumps(payload("woocommerce", "order__woodocs-wp-api-v3-3")).encode()
    (said,) = translate("woocommerce", "order.created", SHOP, body).consent

    assert (said.statement_id, said.address, said.country) == ("order:723:email", "joao.silva@example.com", "BR")
    assert said.occurred_at is not None
    assert said.occurred_at.isoformat() == "2017-03-21T19:16:00+00:00"


def test_every_reference_body_is_in_a_table() -> None:
    """A new file is read by a person too."""
    bigcommerce = sorted(path.stem.removesuffix("__activepieces") for path in (FOLDER / "bigcommerce").glob("*.json"))
    assert bigcommerce == sorted(BIGCOMMERCE)
    assert sorted(path.stem for path in (FOLDER / "woocommerce").glob("*.json")) == sorted(WOOCOMMERCE)
