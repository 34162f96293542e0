"""A subscription app's word that its customer is the shop's."""

from datetime import UTC, datetime

import pytest
from commerce_sync.contracts import SamePerson, Store
from commerce_sync.identity.persons import stated

CLUB = Store(source="recharge", id="us")
SAID = SamePerson(
    source="recharge",
    store="us",
    records=("333",),
    elsewhere=(("shopify:us", "77"),),
    said_by="subscription_app",
    stated_at=datetime(2026, 11, 1, tzinfo=UTC),
)


def test_a_record_of_another_system_is_joined_by_its_own_kind() -> None:
    """It is the record that the shop's own bodies name."""
    (fact,) = stated(SAID, CLUB)
    assert (fact.center, fact.others, fact.basis) == (("recharge:us", "333"), (("shopify:us", "77"),), "stated")


@pytest.mark.parametrize("apart", ["shopify:us", "recharge:us"])
def test_customers_of_a_store_that_is_kept_apart_are_nobody_elses(apart: str) -> None:
    """Whatever another system says: apart is the deployer's own word."""
    (fact,) = stated(SAID, CLUB, frozenset({apart}))
    assert fact.others == ()
