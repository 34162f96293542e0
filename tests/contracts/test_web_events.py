"""What docs/schemas says of web events is what is read of them."""

import json
from typing import Any

import jsonschema
import pytest

from local.schemas import SCHEMAS
from tests.unit.intake.web_bodies import PAGES, Body, browser, snippet

SCHEMA: dict[str, Any] = json.loads((SCHEMAS / "web_events.json").read_text())
FULL: Body = snippet(
    "started_checkout",
    customer={"id": "7700", "email": "ada@example.com"},
    currency="USD",
    products=[{"product_id": "MUG", "variant_id": "12", "sku": "MUG-B", "price": "14.95", "quantity": 2}],
    checkout_id="c-1",
    total="35.00",
    discount="1.00",
    tax="3.00",
    shipping="5.00",
)


def said(body: object) -> str:
    """What a body becomes."""
    return repr(browser(body, PAGES))


@pytest.mark.parametrize("body", [FULL, [FULL, snippet()], snippet("added_to_cart"), snippet(customer={"id": 7})])
def test_a_body_that_fits_the_schema_is_understood(body: Any) -> None:
    """Nothing of it is set aside."""
    jsonschema.validate(body, SCHEMA)
    translation = browser(body, PAGES)
    assert len(translation.events) == (len(body) if isinstance(body, list) else 1)
    assert translation.rejections == ()


@pytest.mark.parametrize(
    "body",
    [
        [],
        [snippet()] * 21,
        snippet(products=[]),
        snippet(name="placed_order"),
        snippet(products=[{"price": -1}]),
        snippet(currency="usd"),
        snippet(id=""),
    ],
)
def test_a_body_that_does_not_fit_is_not_understood(body: Any) -> None:
    """By the door or by its translation."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body, SCHEMA)
    if not isinstance(body, list):
        assert browser(body, PAGES).events == ()


@pytest.mark.parametrize("name", sorted(SCHEMA["$defs"]["WebEvent"]["properties"]))
def test_every_published_field_is_read(name: str) -> None:
    """With another value it is another event: a field that nobody reads would be a promise not kept."""
    assert name in FULL
    body = FULL | {"checkout_id": None} if name == "id" else FULL  # a checkout's token takes its place
    assert said({**body, name: "changed"}) != said(body)


@pytest.mark.parametrize("name", sorted(SCHEMA["$defs"]["WebProduct"]["properties"]))
def test_every_field_of_a_product_is_read(name: str) -> None:
    """Likewise."""
    changed = {**FULL, "products": [{**FULL["products"][0], name: 3}]}
    assert said(changed) != said(FULL)
