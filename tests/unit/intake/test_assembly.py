"""Contracts that are assembled without validation behave like contracts that were validated."""

import copy
import pickle
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from commerce_sync.contracts import CanonicalEvent, LineItem
from commerce_sync.intake.assembly import EMPTY_EVENT, event_of, line_of
from pydantic import ValidationError

FIELDS = {
    "event_id": "shopify:s:1:placed_order",
    "name": "placed_order",
    "source": "shopify",
    "store": "s",
    "occurred_at": datetime(2026, 11, 1, tzinfo=UTC),
    "value": Decimal("1.00"),
    "properties": {"a": "b"},
}


def test_an_assembled_event_equals_a_validated_one() -> None:
    """In value, in JSON, as a copy and after pickling."""
    made, validated = event_of(EMPTY_EVENT | FIELDS), CanonicalEvent.model_validate(FIELDS)
    assert made == validated
    assert made.model_dump_json(exclude_none=True) == validated.model_dump_json(exclude_none=True)
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == validated  # noqa: S301 - our own bytes


def test_an_assembled_event_can_be_completed_and_stays_frozen() -> None:
    """identity_normalization adds the profile by copying; nobody changes an event in place."""
    made = event_of(EMPTY_EVENT | FIELDS)
    assert made.model_copy(update={"profile_id": "p1"}).profile_id == "p1"
    assert made.profile_id is None
    with pytest.raises(ValidationError):
        made.profile_id = "p2"  # type: ignore[misc]


def test_assembled_lines_are_hashable_like_validated_ones() -> None:
    """Frozen contracts are."""
    values = {"line_id": "1", "product_id": None, "variant_id": None, "sku": None, "title": None}
    numbers = {"quantity": 1, "unit_price": Decimal(1), "discount": Decimal(0)}
    assert hash(line_of(values | numbers)) == hash(LineItem.model_validate(values | numbers))


def test_an_empty_event_has_every_field_of_the_contract_in_its_order() -> None:
    """So that an assembled event lacks none."""
    assert list(EMPTY_EVENT) == list(CanonicalEvent.model_fields)
