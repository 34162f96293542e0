"""What a store says about a person."""

from datetime import UTC, datetime

import pytest
from commerce_sync.contracts import Person

from tests.unit.intake.bodies import assert_holds_contract, customer, only, refused, shopify


@pytest.mark.parametrize("topic", ["customers/create", "customers/update"])
def test_a_customer_body_updates_a_profile_at_its_own_moment(topic: str) -> None:
    """Its id holds the moment, so that a later body is another event and a repeat is not."""
    event = only(shopify(topic, customer()))
    assert event.event_id == "shopify:shop-1:77:profile_updated:1793523600000"
    assert event.occurred_at == datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert event.person == Person(
        email="ada@example.com", customer_id="77", first_name="Ada", last_name="L.", country="DE"
    )
    assert_holds_contract(event)


@pytest.mark.parametrize("field", ["id", "updated_at"])
def test_a_customer_cannot_do_without_these_fields(field: str) -> None:
    """Who, and when."""
    body = customer()
    del body[field]
    rejection = refused(shopify("customers/update", body))
    assert (rejection.code, rejection.path) == ("missing_field", field)


def test_consent_in_a_customer_body_is_not_read() -> None:
    """Consent has topics of its own, and a customer's body is no evidence."""
    event = only(shopify("customers/update", customer(email_marketing_consent={"state": "subscribed"})))
    assert event.properties == {}
