"""What a row of a BigCommerce newsletter list says of consent when the list is read."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.consent.bigcommerce_facts import of_row
from commerce_sync.contracts import Store
from commerce_sync.intake import translate
from commerce_sync.vendors.bigcommerce.subscribers import subscriber_in

MADE, CHANGED = "2026-10-01T10:00:00+00:00", "2026-11-20T08:30:00+00:00"


def row(**changes: Any) -> dict[str, Any]:
    """A row as the API shows it: somebody who signed up in the shop."""
    plain = {"id": 7, "email": "ana@example.com", "source": "storefront", "consents": ["marketing_newsletter"]}
    return {**plain, "date_created": MADE, "date_modified": MADE, **changes}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ("grant", "strong_in", MADE, "bigcommerce:outlet:newsletter")),
        ({"source": "order"}, ("grant", "strong_in", MADE, "bigcommerce:outlet:checkout")),
        ({"source": "custom"}, ("grant", "weak_in", None, None)),
        ({"date_created": ""}, ("grant", "weak_in", None, None)),
        ({"consents": None}, ("grant", "strong_in", MADE, "bigcommerce:outlet:newsletter")),
        ({"consents": [], "date_modified": CHANGED}, ("withdraw", "pref_out", CHANGED, None)),
        ({"consents": [], "date_modified": ""}, ("withdraw", "pref_out", None, None)),
        ({"consents": [], "source": "order", "date_modified": CHANGED}, ("hold", "info", CHANGED, None)),
        (
            {"consents": ["abandoned_cart"], "source": "custom", "date_modified": CHANGED},
            ("hold", "info", CHANGED, None),
        ),
    ],
)
def test_a_row_says_what_it_says(changes: dict[str, Any], said: tuple[str, str, str | None, str | None]) -> None:
    """An opt-in as old as the row, never as its last change; what may be either waits for a person."""
    (one,) = of_row("outlet", subscriber_in(row(**changes)))
    at = one.occurred_at.isoformat() if one.occurred_at else None
    assert (one.action, one.strength, at, one.form) == said
    assert (one.channel, one.address) == ("email", "ana@example.com")


@pytest.mark.parametrize("source", ["order", "custom"])
@pytest.mark.parametrize("changed", [MADE, ""])
def test_a_box_left_empty_at_a_checkout_says_nothing(source: str, changed: str) -> None:
    """The row was never changed: nobody left."""
    assert of_row("outlet", subscriber_in(row(source=source, consents=[], date_modified=changed))) == []


@pytest.mark.parametrize("changes", [{}, {"source": "order"}, {"consents": [], "date_modified": CHANGED}])
def test_the_webhook_of_the_same_row_is_the_same_record(changes: dict[str, Any]) -> None:
    """By id, action and time: whichever comes first, the other adds nothing."""
    hydrated = {"subscriber": row(**changes)}
    body = json.dumps(
        {
            "scope": "store/subscriber/updated",
            "store_id": "1",
            "data": {"type": "subscriber", "id": 7},
            "hash": "a" * 40,
            "created_at": int(datetime(2026, 11, 20, 8, 30, 5, tzinfo=UTC).timestamp()),
            "producer": "stores/sandbox",
        }
    ).encode()
    store = Store(source="bigcommerce", id="outlet", currency="USD", country="US", time_zone="America/New_York")
    (heard,) = translate("bigcommerce", "store/subscriber/updated", store, body, hydrated=hydrated).consent
    (read,) = of_row("outlet", subscriber_in(row(**changes)))
    alike = ("statement_id", "action", "strength", "occurred_at", "channel", "address", "form", "method")
    assert {name: getattr(heard, name) for name in alike} == {name: getattr(read, name) for name in alike}
