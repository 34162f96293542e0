"""What docs/schemas says of the own order system's events is what is read of them."""

import json
import re
from typing import Any

import jsonschema
import pytest
from commerce_sync.contracts import Envelope
from commerce_sync.intake import translate
from commerce_sync.intake.own.shapes import Buyer, CloudEvent, Data, Product

from local.places import ROOT
from local.schemas import SCHEMAS
from tests.unit.intake.bodies import OWN, RECEIVED, encoded

SCHEMA: dict[str, Any] = json.loads((SCHEMAS / "own_events.json").read_text())
PARTS: dict[str, Any] = SCHEMA["$defs"]
SAMPLES = sorted((ROOT / "events" / "identity_normalization").glob("own_*.json"))
QUOTED = re.findall(
    r"```json\n(\{\"specversion\".*?)```",
    "".join((ROOT / "docs" / name).read_text() for name in ("connecting.md", "consent.md")),
    flags=re.DOTALL,
)
Body = dict[str, Any]

BUYER: Body = {
    "email": "ada@example.com",
    "phone": "+12025550123",
    "first_name": "Ada",
    "last_name": "L",
    "country": "US",
    "customer_id": "17",
    "customer": {"id": 17, "email": "ada@example.com"},
}
PRODUCT: Body = {
    "line_id": "1",
    "product_id": "P1",
    "variant_id": "V1",
    "sku": "MUG",
    "name": "Mug",
    "quantity": 2,
    "price": "14.95",
    "discount": "1.00",
}
PRICED: Body = BUYER | {
    "total": "35.00",
    "currency": "USD",
    "discount": "1.00",
    "tax": "2.15",
    "shipping": "4.95",
    "taxes_included": False,
    "landing_site": "/?utm_source=x",
    "products": [PRODUCT],
    "accepts_marketing": True,
    "accepts_sms": True,
}
ORDER: Body = PRICED | {
    "order_id": "A-1",
    "order_name": "#1",
    "current_total": "30.00",
    "coupon": "SPRING",
    "payment_status": "paid",
    "fulfillment_status": "shipped",
    "cancelled_at": "2026-11-05T00:00:00Z",
    "placed_at": "2026-11-01T00:00:00Z",
    "updated_at": "2026-11-04T00:00:00Z",
}
CONSENT: Body = {
    "channel": "email",
    "email": "ada@example.com",
    "phone": "+12025550123",
    "purpose": "offers",
    "sender": "shop",
    "method": "form",
    "form": "newsletter",
    "notice_sha256": "a" * 64,
    "language": "de",
    "reason": "asked",
    "verification": "double_opt_in",
    "occurred_at": "2026-11-01T00:00:00Z",
    "actor": "subject",
    "country": "AT",
}
FULL: dict[str, tuple[str, list[Body]]] = {
    "OrderData": ("order.completed", [ORDER]),
    "UpdatedOrderData": ("order.updated", [ORDER]),
    "CancelledData": (
        "order.cancelled",
        [
            BUYER
            | {"order_id": "A-1", "order_name": "#1", "coupon": "SPRING", "landing_site": "/?utm_source=x"}
            | {"cancelled_at": "2026-11-05T00:00:00Z", "total": "35.00", "currency": "USD", "reason": "fraud"}
        ],
    ),
    "RefundData": (
        "order.refunded",
        [BUYER | {"order_id": "A-1", "refund_id": "R1", "amount": "5.00", "currency": "USD", "reason": "late"}],
    ),
    "ParcelData": (
        "order.fulfilled",
        [
            BUYER
            | {"order_id": "A-1", "fulfillment_id": "F1", "tracking_number": "T1", "products": [PRODUCT]}
            | {"currency": "USD"}
        ],
    ),
    "CheckoutData": ("checkout.started", [PRICED | {"checkout_id": "C1"}]),
    "SubscriptionData": (
        "subscription.cancelled",
        [
            BUYER
            | {"subscription_id": "S1", "order_id": "A-1", "total": "28.90", "currency": "USD"}
            | {"products": [PRODUCT], "reason": "moved"}
        ],
    ),
    "CustomerData": ("customer.updated", [BUYER | {"updated_at": "2026-11-04T00:00:00Z"}]),
    "ConsentData": (
        "consent.updated",
        [
            CONSENT | {"state": "granted"},
            {"address": "ada@example.com", "state": "withdrawn"},
            CONSENT | {"channel": "sms", "state": "granted"},
        ],
    ),
}


def event(kind: str, data: object, **attributes: object) -> Body:
    """One CloudEvent."""
    head = {"specversion": "1.0", "id": "e-1", "source": "https://shop.example.com", "time": "2026-11-03T00:00:00Z"}
    return {**head, "type": f"com.example.{kind}", "data": data, **attributes}


def said(body: Body) -> str:
    """What a body becomes."""
    return repr(translate("own", "", OWN, encoded(body), received_at=RECEIVED))


@pytest.mark.parametrize("part", FULL)
def test_a_body_that_fits_the_schema_is_understood(part: str) -> None:
    """Nothing of it is set aside."""
    kind, bodies = FULL[part]
    for data in bodies:
        jsonschema.validate(event(kind, data), SCHEMA)
        translation = translate("own", "", OWN, encoded(event(kind, data)), received_at=RECEIVED)
        assert translation.events or translation.consent
        assert translation.rejections == ()


@pytest.mark.parametrize("part", FULL)
def test_every_published_field_is_read(part: str) -> None:
    """With another value or none it is another event: a field that nobody reads would be a promise not kept."""
    kind, bodies = FULL[part]
    read = set()
    for data in bodies:
        for name in data:
            others = ("changed", None, True, "staff")
            read |= {name for other in others if said(event(kind, {**data, name: other})) != said(event(kind, data))}
        if said(event(kind, data | {"test": True})) != said(event(kind, data)):
            read.add("test")
    assert read == set(PARTS[part]["properties"])


def test_every_field_that_is_read_is_published() -> None:
    """Of an event, its data, its lines and its buyer."""
    of_data = [set(PARTS[part]["properties"]) for part in FULL if part != "ConsentData"]
    assert set().union(*of_data) == set(Data.__struct_fields__) - {"id"}
    assert set(PARTS["OwnProduct"]["properties"]) == set(Product.__struct_fields__)
    assert set(PARTS["OwnCustomer"]["properties"]) == set(Buyer.__struct_fields__) - {"customer_id"}
    assert set(PARTS["OrderCompleted"]["properties"]) == {*CloudEvent.__struct_fields__, "specversion", "source"}


@pytest.mark.parametrize("name", sorted(Product.__struct_fields__))
def test_every_field_of_a_line_is_read(name: str) -> None:
    """Likewise."""
    changed = event("order.completed", ORDER | {"products": [PRODUCT | {name: 3}]})
    assert said(changed) != said(event("order.completed", ORDER))


@pytest.mark.parametrize(
    "body",
    [
        event("order.exploded", ORDER),
        event("order.completed", {**ORDER, "order_id": None}),
        event("order.completed", {**ORDER, "order_id": ""}),
        event("order.completed", {**ORDER, "order_id": "A" * 256}),
        event("order.completed", {**ORDER, "total": "1,000.00"}),
        event("order.completed", {**ORDER, "total": "+35."}),
        event("order.completed", {**ORDER, "currency": "usd"}),
        event("order.completed", {**ORDER, "products": [{"price": "1"}]}),
        event("order.refunded", {"order_id": "A-1", "currency": "USD", "amount": "5"}, time=None),
        event("order.updated", {**ORDER, "placed_at": None}),
        event("order.refunded", {"order_id": "A-1", "currency": "USD"}),
        event("checkout.started", PRICED),
    ],
)
def test_a_body_that_does_not_fit_is_set_aside(body: Body) -> None:
    """With a reason, and no event."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body, SCHEMA)
    translation = translate("own", "", OWN, encoded(body), received_at=RECEIVED)
    assert (translation.events, translation.consent) == ((), ())
    assert translation.rejections


@pytest.mark.parametrize("body", QUOTED)
def test_what_the_documentation_shows_fits(body: str) -> None:
    """To be copied."""
    jsonschema.validate(json.loads(body), SCHEMA)


def test_the_documentation_shows_an_order_and_a_statement() -> None:
    """Both pages."""
    assert len(QUOTED) == 2


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: str(path.stem))
def test_the_samples_fit(path: Any) -> None:
    """Those that run through the handlers."""
    envelope = Envelope.parse(json.loads(path.read_text())["Records"][0]["body"])
    jsonschema.validate(json.loads(envelope.body_bytes() or b""), SCHEMA)
