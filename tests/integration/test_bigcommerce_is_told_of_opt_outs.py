"""BigCommerce's newsletter list as a destination, by our client against the sandbox, over the ledger in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from commerce_sync.consent.at_list import ListDestination
from commerce_sync.contracts.consent import Standing
from commerce_sync.contracts.consent_shown import Asked, Place, Shown, Wanted
from commerce_sync.vendors.bigcommerce import BigCommerce
from commerce_sync.vendors.bigcommerce.consent import BigCommerceConsent

from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from tests.fakes.consent_world import START

pytestmark = pytest.mark.network
ANA = "ana@example.com"
PLACE = Place("bigcommerce:outlet", channels=("email",), purposes=("marketing",))
Rows = Callable[[], dict[str, list[str]]]


@pytest.fixture
def there(sandboxes: Sandboxes) -> ListDestination:
    """The destination of a store where Ana signed up."""
    sandboxes.bigcommerce.state.configure({"sign_up": [{"email": ANA}]})
    store = BigCommerce(f"{sandboxes.urls['bigcommerce']}/stores/sandbox", "bc_local", 5.0)
    return ListDestination(BigCommerceConsent(store), "marketing", PLACE)


@pytest.fixture
def rows(sandboxes: Sandboxes) -> Rows:
    """Who is on the list, with what."""
    return lambda: {row["email"]: row["consents"] for row in sandboxes.bigcommerce.state.snapshot()["subscribers"]}


def wanted(standing: Standing) -> Wanted:
    """What the ledger says."""
    return Wanted(standings={"marketing": standing}, fingerprint=standing, granted_at=START)


def asked(standing: Standing, address: str = ANA) -> Asked:
    """One address."""
    return Asked(address, wanted(standing))


def shown(there: ListDestination, address: str = ANA) -> Shown:
    """What is shown of one address."""
    return there.shown("email", [address])[address]


def test_an_opt_out_takes_somebody_off_the_list_and_is_met_by_their_absence(there: ListDestination, rows: Rows) -> None:
    """Read back it is confirmed, and told again it is nobody: nothing is retried and nothing alarms."""
    assert shown(there).purposes == {"marketing": "in"}
    assert there.close("email", [asked("out")])[ANA].told

    assert rows() == {}
    assert shown(there).lacks(wanted("out")) == []
    assert there.close("email", [asked("out")])[ANA].nobody


def test_an_opt_out_that_was_taken_and_lost_is_seen(sandboxes: Sandboxes, there: ListDestination) -> None:
    """Accepted is not done."""
    sandboxes.bigcommerce.faults.append(Fault("DELETE", status=204))
    assert there.close("email", [asked("out")])[ANA].told

    assert shown(there).lacks(wanted("out")) == ["marketing"]


def test_a_hold_takes_nobody_off(there: ListDestination, rows: Rows) -> None:
    """It may end, and then they would be gone."""
    assert there.close("email", [asked("hold")])[ANA].told

    assert list(rows()) == [ANA]
    assert shown(there).lacks(wanted("hold")) == []


def test_nobody_is_put_on_the_list_for_what_they_did_elsewhere(there: ListDestination, rows: Rows) -> None:
    """Who wants the store's newsletter joins there."""
    assert there.open("email", [asked("in", "ben@example.com")])["ben@example.com"].nobody

    assert list(rows()) == [ANA]
    assert shown(there, "ben@example.com").purposes == {}


def test_whom_a_mistake_took_off_is_put_back_once_it_is_corrected(there: ListDestination, rows: Rows) -> None:
    """A correction voids a bad import; what it did to the list is undone too."""
    there.close("email", [asked("out")])
    corrected = Asked(ANA, replace(wanted("in"), corrected_at=START))

    assert there.open("email", [corrected])[ANA].told
    assert rows() == {ANA: ["marketing_newsletter"]}
    assert there.open("email", [corrected])[ANA].told
    assert list(rows()) == [ANA]


def test_who_left_there_shows_an_opt_out_with_its_time(sandboxes: Sandboxes, there: ListDestination) -> None:
    """Whoever opens reads it first and gives it to the ledger."""
    sandboxes.bigcommerce.state.configure({"leave": [ANA]})
    found = shown(there)

    assert found.purposes == {"marketing": "out"}
    assert abs(found.out_at["marketing"].timestamp() - sandboxes.bigcommerce.clock.now()) < timedelta(minutes=1).seconds
    assert there.close("email", [asked("out")])[ANA].told


def test_who_left_and_opted_in_later_is_renewed(sandboxes: Sandboxes, there: ListDestination, rows: Rows) -> None:
    """What else they consent to stays."""
    sandboxes.bigcommerce.state.configure({"leave": [ANA]})
    row = sandboxes.bigcommerce.state.row_of(ANA)  # type: ignore[attr-defined] # the store's
    row.consents = ("abandoned_cart",)

    assert there.open("email", [asked("in")])[ANA].told
    assert rows() == {ANA: ["abandoned_cart", "marketing_newsletter"]}


def test_a_row_that_never_held_the_newsletter_is_left_alone(
    sandboxes: Sandboxes, there: ListDestination, rows: Rows
) -> None:
    """It may be an opt-out that nobody heard of; and nobody is written to by it."""
    sandboxes.bigcommerce.state.configure(
        {"sign_up": [{"email": "ben@example.com", "source": "order", "consents": []}]}
    )

    assert shown(there, "ben@example.com").lacks(wanted("out")) == []
    assert there.open("email", [asked("in", "ben@example.com")])["ben@example.com"].nobody
    assert there.close("email", [asked("out", "ben@example.com")])["ben@example.com"].told
    assert rows()["ben@example.com"] == []


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_store_that_is_away_is_tried_again_and_keeps_the_others(
    sandboxes: Sandboxes, there: ListDestination, rows: Rows, method: str
) -> None:
    """One address's failure is its own."""
    sandboxes.bigcommerce.state.configure({"sign_up": [{"email": "ben@example.com"}]})
    sandboxes.bigcommerce.faults.append(Fault(method, status=503))
    outcomes = there.close("email", [asked("out"), asked("out", "ben@example.com")])

    assert outcomes[ANA].retriable is not None
    assert outcomes["ben@example.com"].told
    assert list(rows()) == [ANA]
